"""The corpus: scenes of a few seconds whose right outcome is known.

`pause`: someone speaks with a pause in the middle. `end`: someone speaks and is done. The others sound while the
agent speaks: an interruption, a backchannel, a cough, a noise, the agent's own echo, or two of these at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from app.audio.reading import LINE_RATE_HZ
from tests.audio import labelled
from tests.bench.turns import sounds
from tests.bench.turns.sounds import Said, Samples

Kind = Literal["pause", "end", "interruption", "backchannel", "cough", "noise", "echo", "double talk"]

BEGIN_S = 3.0
"""When the caller speaks first: the greeting has been heard."""
PAUSES_S = (0.3, 0.5, 0.8, 1.0, 1.2, 1.6, 2.0)

SPLIT = (
    ("at a clause", "I worked on the billing system for two years,", "and then I moved to the search team."),
    ("at a clause", "We had a very slow query,", "so I added an index to the table."),
    ("at a clause", "My strength is that I listen well,", "but I sometimes take on too much work."),
    ("at a clause", "First I talk to the people who use it,", "then I write down what they need."),
    ("in a clause", "I would start by looking at the", "logs of the last release."),
    ("in a clause", "The hardest part was to convince the", "other teams that it was worth it."),
    ("in a clause", "I learned it because", "nobody else in the team knew it."),
    ("in a clause", "We moved from um", "one big server to several small ones."),
    ("in a number", "My number is five five five,", "zero one four, two nine nine."),
    ("in a number", "You can write that down as four two seven", "one nine three."),
)
"""(where the pause is, before it, after it)."""

COMPLETE = (
    "Yes.",
    "No.",
    "Yes, please.",
    "I think that is all.",
    "When are you open on Saturday?",
    "I worked there for three years.",
    "I would like to book a table for two.",
    "I prefer small teams because people talk to each other.",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """`track`: what the caller's side sounds like. `said`: its words. `over`: mixed in this long after the agent's long
    reply began to sound, with `over_words` (none for a noise). `echo_db`: the agent's own sound comes back so loud."""

    kind: Kind
    name: str
    track: Samples
    said: tuple[Said, ...]
    seconds: float
    pause_s: float = 0.0
    over: Samples | None = None
    over_words: str = ""
    over_after_s: float = 1.5
    echo_db: float | None = None
    echo_s: float = 0.18


def answers(thorough: bool = False) -> Iterator[Scene]:
    """Every scene in which the agent listens, in an order that is always the same; `thorough` takes more voices."""
    voices = range(4 if thorough else 2)
    yield from pauses(voices)
    yield from ends(range(len(sounds.VOICES)) if thorough else voices)
    yield from recorded_people()


def pauses(voices: range) -> Iterator[Scene]:
    for (where, before, after), pause_s, voice in itertools.product(SPLIT, PAUSES_S, voices):
        seed = hash_of(before, pause_s, voice)
        yield _answer("pause", f"pause of {pause_s} s {where}", (before, after), pause_s, voice, seed)


def ends(voices: range) -> Iterator[Scene]:
    for text, voice in itertools.product(COMPLETE, voices):
        yield _answer("end", "a whole answer", (text,), 0.0, voice, hash_of(text, 0, voice))


def _answer(kind: Kind, name: str, parts: tuple[str, ...], pause_s: float, voice: int, seed: int) -> Scene:
    spoken = [sounds.spoken(part, voice) for part in parts]
    seconds = BEGIN_S + sum(map(len, spoken)) / LINE_RATE_HZ + pause_s + 8
    track, said, at_s = sounds.room(seconds, seed), [], BEGIN_S
    for part, sound in zip(parts, spoken, strict=True):
        sounds.add(track, sound, at_s)
        end_s = at_s + len(sound) / LINE_RATE_HZ
        said.append(Said(part, at_s, end_s))
        at_s = end_s + pause_s
    return Scene(kind, name, track, tuple(said), seconds, pause_s)


def recorded_people() -> Iterator[Scene]:
    """Recorded sentences, whole, and with a pause put in where they are quietest in the middle.

    Nobody paused there, unless they did: then the pause that counts is theirs and the one that was put in together.
    """
    if not labelled.SPEECH.is_dir():
        return
    listed = (labelled.SPEECH / "speech" / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    for seed, (name, words) in enumerate(line.split("\t") for line in listed if line):
        clip = labelled.read(labelled.SPEECH / "speech" / name)
        frames = np.flatnonzero(labelled.speech_flags(clip))
        clip = sounds.level(clip[frames[0] * 160 : (frames[-1] + 1) * 160], sounds.SPEECH_RMS)
        yield _recorded("end", "a recorded sentence", [clip], [words], 0.0, seed)
        if len(clip) > 2 * LINE_RATE_HZ:
            cut = _quietest(clip)
            before, own_s = _before(words, clip, cut)
            halves = [" ".join(words.split()[:before]), " ".join(words.split()[before:])]
            pause_s = PAUSES_S[seed % 5]
            scene = _recorded("pause", "in a recorded sentence", [clip[:cut], clip[cut:]], halves, pause_s, seed)
            whole_s = round(pause_s + own_s, 2)
            yield replace(scene, name=f"pause of {whole_s} s in a recorded sentence", pause_s=whole_s)


def _recorded(kind: Kind, name: str, clips: list[Samples], words: list[str], pause_s: float, seed: int) -> Scene:
    seconds = BEGIN_S + sum(map(len, clips)) / LINE_RATE_HZ + pause_s + 8
    track, said, at_s = sounds.room(seconds, seed), [], BEGIN_S
    for clip, text in zip(clips, words, strict=True):
        sounds.add(track, clip, at_s)
        end_s = at_s + len(clip) / LINE_RATE_HZ
        said.append(Said(text, at_s, end_s))
        at_s = end_s + pause_s
    return Scene(kind, name, track, tuple(said), seconds, pause_s)


def _quietest(clip: Samples) -> int:
    """The sample in the middle half where 60 ms are quietest."""
    power = np.convolve(clip**2, np.ones(480), "same")
    quarter = len(clip) // 4
    return quarter + int(np.argmin(power[quarter : 3 * quarter]))


def _before(words: str, clip: Samples, cut: int) -> tuple[int, float]:
    """How many of the words are spoken before the cut, by their letters and the voice there is; and how long the
    speaker is silent at it."""
    level = np.sqrt(np.convolve(clip**2, np.ones(160) / 160, "same"))
    voice = level > _SILENT * np.percentile(level, 95)
    share = voice[:cut].sum() / voice.sum()
    ends = np.cumsum([len(word) + 1 for word in words.split()])
    before = max(1, int(np.searchsorted(ends, share * ends[-1] + np.median(np.diff(ends, prepend=0)) / 2)))
    last = np.flatnonzero(voice[:cut])
    following = np.flatnonzero(voice[cut:])
    silent = (cut - last[-1] if len(last) else cut) + (following[0] if len(following) else len(clip) - cut)
    return min(before, len(ends) - 1), float(silent) / LINE_RATE_HZ


_SILENT = 0.04
"""Of a clip's loud parts: 28 dB below them nobody speaks."""


def hash_of(text: str, number: float, seed: int) -> int:
    """The same on every machine."""
    return sum(ord(sign) * (place + 1) for place, sign in enumerate(text)) + round(number * 1000) + seed * 7919
