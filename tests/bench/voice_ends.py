"""How well the fall of a voice tells ends from pauses: `python -m tests.bench.voice_ends`; see docs/audio.md.

People: recordings whose sentence ends, whose speaker goes on after a clause, that are silent in the middle, or that are
cut where they are quietest. Synthesised callers: sentences, clauses with a comma, questions, cuts. A cut is no pause
that anyone made, but nothing fell before it either.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import signal

from app.audio.ear import Ear
from app.audio.reading import FRAME_LINE_SAMPLES, LINE_RATE_HZ
from tests.audio import labelled
from tests.bench.turns import scenes, sounds

GOES_ON = {"librivox-0880", "librivox-0890", "librivox-0920", "librivox-0930"}
"""The recording ends here, the sentence does not: the book has a comma, colon or semicolon."""
ENDS = ("end", "synthesised end")
WHOLE = (
    "We had a very slow query, so I added an index to the table.",
    "I would start by looking at the logs of the last release.",
    "I learned it because nobody else in the team knew it.",
    "First I talk to the people who use it, then I write down what they need.",
)
_LEAD_S, _AFTER_S, _EDGE_S = 1.0, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Pause:
    """`sound`: up to where the voice stops."""

    kind: str
    speaker: str
    sound: sounds.Samples


def people() -> Iterator[Pause]:
    """Recorded pauses; none where the recordings are missing."""
    for path in sorted((labelled.SPEECH / "speech").glob("*.wav")):
        clip = labelled.read(path)
        at = np.flatnonzero(labelled.speech_flags(clip))
        clip = sounds.level(clip[at[0] * 160 : (at[-1] + 1) * 160], sounds.SPEECH_RMS)
        speaker = path.stem.rsplit("-", 1)[0] if path.stem.startswith(("read", "librivox")) else path.stem
        yield Pause("clause end" if path.stem in GOES_ON else "end", speaker, clip)
        gaps = list(_gaps(clip))
        for begin, _ in gaps:
            yield Pause("silence in the middle", speaker, clip[:begin])
        for cut in _cuts(clip):
            if not any(begin - 1600 < cut < end + 1600 for begin, end in gaps):
                yield Pause("cut", speaker, clip[:cut])


def synthesised() -> Iterator[Pause]:
    for voice in range(len(sounds.VOICES)):
        speaker = f"voice {voice}"
        for where, before, _ in scenes.SPLIT:
            if where == "at a clause":
                yield Pause("synthesised clause end", speaker, sounds.spoken(before, voice))
        for text in (*scenes.COMPLETE, *WHOLE, "What about Sunday?", "Could you repeat the question?"):
            clip = sounds.spoken(text, voice)
            yield Pause("synthesised question" if text.endswith("?") else "synthesised end", speaker, clip)
            if text in WHOLE:
                yield from (Pause("synthesised cut", speaker, clip[:cut]) for cut in _cuts(clip))


def finality(pause: Pause, before: list[sounds.Samples], noise_rms: float = 0.0, seed: int = 1) -> int:
    """What the ear says after the pause has lasted 300 ms, in percent; `before`: what the same speaker said earlier."""
    parts = []
    for sound in (*before, pause.sound):
        faded = sound.copy()
        faded[-80:] *= np.linspace(1, 0, 80)
        parts += [np.zeros(int(_LEAD_S * LINE_RATE_HZ)), faded]
    track = np.concatenate([*parts, np.zeros(int(_AFTER_S * LINE_RATE_HZ))])
    track += sounds.room(len(track) / LINE_RATE_HZ + 0.01, seed)[: len(track)]
    track += np.random.default_rng(seed).normal(0, noise_rms, len(track))
    line, ear = sounds.telephone(track), Ear()
    until = len(track) - int((_AFTER_S - 0.3) * LINE_RATE_HZ)
    readings = [
        ear.hear(line[at : at + FRAME_LINE_SAMPLES], at)
        for at in range(0, until // FRAME_LINE_SAMPLES * FRAME_LINE_SAMPLES, FRAME_LINE_SAMPLES)
    ]
    return readings[-1].finality


def auc(ends: list[int], others: list[int]) -> float:
    """How often an end has the higher number of two drawn at random; 0.5 is chance."""
    one, other = np.array(ends)[:, None], np.array(others)[None]
    return float(np.mean(one > other) + np.mean(one == other) / 2)


def measure(earlier: bool = False, noise_rms: float = 0.0) -> dict[str, list[int]]:
    """By kind of pause, what was said of each."""
    pauses = [*people(), *synthesised()]
    ends = defaultdict(list)
    for pause in pauses:
        if pause.kind in (*ENDS, "clause end"):
            ends[pause.speaker].append(pause.sound)
    found = defaultdict(list)
    for seed, pause in enumerate(pauses):
        others = [sound for sound in ends[pause.speaker] if not np.array_equal(sound[:800], pause.sound[:800])]
        found[pause.kind].append(finality(pause, others[:2] if earlier else [], noise_rms, seed))
    return found


def _gaps(clip: sounds.Samples) -> Iterator[tuple[int, int]]:
    """Silences of 150 ms and more: within 28 dB of nothing, by the clip's own loud parts."""
    level = _level(clip, 160)
    low = np.concatenate(([False], level < 0.04 * np.percentile(level, 95), [False]))
    edges = np.flatnonzero(np.diff(low.astype(int)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if end - begin >= 0.15 * LINE_RATE_HZ and begin > _EDGE_S * LINE_RATE_HZ and begin < len(clip) - 2400:
            yield int(begin), int(end)


def _cuts(clip: sounds.Samples) -> list[int]:
    """Where 60 ms are quietest, and much quieter than the rest; 400 ms apart or more."""
    level, edge = _level(clip, 480), int(_EDGE_S * LINE_RATE_HZ)
    most = 0.3 * np.median(level[level > np.percentile(level, 30)])
    cuts: list[int] = []
    for at in map(int, signal.argrelmin(level, order=960)[0]):
        if edge <= at < len(clip) - edge and level[at] < most and (not cuts or at - cuts[-1] > 3200):
            cuts.append(at)
    return cuts


def _level(clip: sounds.Samples, count: int) -> sounds.Samples:
    return np.sqrt(np.convolve(clip**2, np.ones(count) / count, "same"))


def main() -> None:
    out = sys.stdout.write
    for name, earlier, noise_rms in (
        ("a caller's first words", False, 0.0),
        ("after two sentences", True, 0.0),
        ("after two, in white noise at 20 dB", True, 250.0),
    ):
        found = measure(earlier, noise_rms)
        out(f"{name}\n{'':26s} count unknown  p10 p50 p90   >=60  >=80  <=20   AUC\n")
        for kind, said in found.items():
            known = [x for x in said if x >= 0]
            ends = [x for x in found["synthesised end" if kind.startswith("synth") else "end"] if x >= 0]
            p10, p50, p90 = np.percentile(known, [10, 50, 90])
            over, sure, low = (100 * np.mean(test) for test in _shares(np.array(known)))
            out(f"{kind:26s} {len(said):5d} {len(said) - len(known):7d}  {p10:3.0f} {p50:3.0f} {p90:3.0f}")
            out(f"  {over:3.0f} %  {sure:3.0f} %  {low:3.0f} %  {'' if kind in ENDS else f'{auc(ends, known):.2f}'}\n")


def _shares(known: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return known >= 60, known >= 80, known <= 20


if __name__ == "__main__":
    main()
