"""The scenes in which something sounds while the agent speaks: an interruption, a backchannel, a cough, a noise, the
agent's own echo, or two of these at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from app.audio.reading import LINE_RATE_HZ
from tests.bench.turns import noises, sounds
from tests.bench.turns.scenes import BEGIN_S, Kind, Scene, hash_of
from tests.bench.turns.sounds import Said, Samples

INTERRUPTIONS = (
    "Wait.",
    "Stop, please.",
    "Hold on.",
    "Excuse me.",
    "Sorry, can I ask something?",
    "No, that is not what I meant.",
    "Could you repeat the question?",
    "Actually I have another question.",
    "What about Sunday?",
    "I would like to change my answer.",
    "Yeah, but what does it cost?",
)
BACKCHANNELS = (
    "Mm-hmm.", "Yeah.", "Right.", "Okay.", "Uh-huh.", "I see.", "Sure.", "Yes.",
    "Yeah, okay.", "Right, I see.", "Oh, okay, got it.", "Yes, yes, of course.",
)  # fmt: skip
ECHOES = ((-8.0, 0.18), (-12.0, 0.06), (-12.0, 0.5), (-18.0, 0.18), (-18.0, 0.6), (-25.0, 0.3))
"""(dB, seconds late)"""
QUIET = 0.3
"""A caller who speaks softly: 10 dB under the others."""


def talk_overs(thorough: bool = False) -> Iterator[Scene]:
    """Every scene, in an order that is always the same; `thorough` takes more voices and levels."""
    voices = range(6) if thorough else range(2)
    for (place, text), turn in itertools.product(enumerate(INTERRUPTIONS), voices):
        voice = turn if thorough else 3 * turn + place % 3
        yield _over("interruption", f"“{text}”", sounds.spoken(text, voice), text, voice)
        if thorough or turn == place % 2:
            quiet = sounds.spoken(text, voice) * QUIET
            yield _over("interruption", f"“{text}” said softly", quiet, text, voice)
    for (place, text), turn in itertools.product(enumerate(BACKCHANNELS), voices):
        voice = turn if thorough else 3 * turn + place % 3
        yield _over("backchannel", f"“{text}”", sounds.spoken(text, voice), text, voice)
    yield from _disturbances((1.0, 0.5, 0.25) if thorough else (1.0, 0.4))
    for (echo_db, echo_s), turn in itertools.product(ECHOES, voices):
        name = f"the agent's own sound at {echo_db:g} dB, {echo_s:g} s late"
        yield _over("echo", name, np.zeros(LINE_RATE_HZ), "", turn, echo_db, echo_s)
    for (place, text), turn in itertools.product(enumerate(INTERRUPTIONS[::2]), voices):
        echo_db, echo_s = ECHOES[1 + (place + turn) % 5]
        share = QUIET if (place + turn) % 3 == 2 else 1.0
        softly = " softly" if share < 1 else ""
        name = f"“{text}”{softly}, with an echo at {echo_db:g} dB, {echo_s:g} s late"
        yield _over("double talk", name, sounds.spoken(text, turn + 2) * share, text, turn, echo_db, echo_s)


def _disturbances(levels: tuple[float, ...]) -> Iterator[Scene]:
    for seed, share in itertools.product(range(6), levels):
        yield _over("cough", f"a cough at {share:g}", sounds.cough(seed) * share, "", seed)
        yield _over("noise", f"a knock at {share:g}", sounds.knock(seed) * share, "", seed)
        yield _over("noise", f"a hiss at {share:g}", sounds.hiss(seed, 0.4 + 0.3 * seed) * share, "", seed)
        if (street := sounds.street(seed, 2.0)) is not None:
            yield _over("noise", f"recorded noise at {share:g}", street * share, "", seed)
        for name, make in noises.MORE.items():
            if seed % 3 == hash_of(name, 0, 0) % 3:
                kind: Kind = "cough" if name in noises.FROM_A_THROAT else "noise"
                yield _over(kind, f"{name} at {share:g}", make(seed) * share, "", seed)


QUESTION = "Tell me a story."


def _over(
    kind: Kind,
    name: str,
    sound: Samples,
    words: str,
    seed: int,
    echo_db: float | None = None,
    echo_s: float = 0.0,
) -> Scene:
    asked = sounds.spoken(QUESTION, seed)
    seconds = 24.0
    track = sounds.room(seconds, seed)
    sounds.add(track, asked, BEGIN_S)
    said = (Said(QUESTION, BEGIN_S, BEGIN_S + len(asked) / LINE_RATE_HZ),)
    after_s = 1.2 + 0.37 * (hash_of(name, len(sound), seed) % 7)
    return Scene(kind, name, track, said, seconds, 0.0, sound, words, after_s, echo_db, echo_s)
