"""What the bench's callers say: recorded people, or babble where the recordings are missing, two fifths of the time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from app.audio.mulaw import decode, encode
from app.audio.reading import LINE_RATE_HZ
from tests.audio import labelled
from tests.babble import babble

SPOKEN_S, PAUSE_S = 2.0, 3.0
ROOM_RMS = 30.0
"""A quiet room: never digital silence, of which a server could make short work."""


def recorded() -> bool:
    return labelled.SPEECH.is_dir()


@lru_cache(maxsize=1)
def _people() -> list[np.ndarray]:
    """Two seconds each, from where it is loudest."""
    count = int(SPOKEN_S * LINE_RATE_HZ)
    if not recorded():
        return [np.frombuffer(decode(babble(SPOKEN_S, seed)), dtype="<i2")[:count].astype(float) for seed in range(20)]
    return [_loudest(clip, count) for clip in labelled.clips() if len(clip) >= count]


def _loudest(clip: np.ndarray, count: int) -> np.ndarray:
    energy = np.concatenate(([0.0], np.cumsum(clip**2)))
    at = int(np.argmax(energy[count:] - energy[:-count]))
    return clip[at : at + count]


def track(seconds: float, number: int) -> bytes:
    """8 kHz μ-law: speech of 2 s every 5 s, in a room that is never quite silent; each `number` has its own."""
    rng = np.random.default_rng(number)
    people = _people()
    samples = rng.normal(0, ROOM_RMS, int(seconds * LINE_RATE_HZ))
    at = int((1.5 + rng.uniform(0, PAUSE_S)) * LINE_RATE_HZ)
    while at < len(samples):
        said = people[int(rng.integers(len(people)))][: len(samples) - at]
        samples[at : at + len(said)] += said
        at += int((SPOKEN_S + PAUSE_S) * LINE_RATE_HZ)
    return encode(samples.clip(-32768, 32767).astype("<i2").tobytes())
