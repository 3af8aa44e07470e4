"""Where a turn that is too long for one request is cut: in its pauses, so that no word is torn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from app.audio.resample import whole
from app.audio.sound import Sound

LONGEST_MS = 28_000
"""The vendor takes 30 s; some of that is left to spare."""
_SHORTEST_MS = 2_000
"""Of the rest behind a cut: recognisers make little of less."""
_STEP_MS = 20
_PAUSE_STEPS = 15
"""A pause is judged over 300 ms: between words, not in the closure of a consonant."""


def cut(sound: Sound) -> list[Sound]:
    """The sound in parts of at most 28 s, cut where 300 ms of it are quietest; nothing is lost or heard twice."""
    if sound.duration_ms <= LONGEST_MS:
        return [sound]
    step = sound.rate_hz * _STEP_MS // 1000
    places = [0, *(at * step for at in _cuts(_loudness(sound, step))), sound.samples]
    width = len(sound.data) // sound.samples
    return [
        Sound(sound.data[begin * width : end * width], sound.rate_hz, sound.encoding) for begin, end in pairwise(places)
    ]


def _loudness(sound: Sound, step: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Power around each 20 ms, over 300 ms."""
    samples = np.frombuffer(whole(sound, sound.rate_hz).data, dtype="<i2").astype(np.float64)
    steps = len(samples) // step
    power = (samples[: steps * step].reshape(steps, step) ** 2).mean(axis=1)
    return np.convolve(power, np.full(_PAUSE_STEPS, 1 / _PAUSE_STEPS), mode="same")


def _cuts(loudness: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    """Steps to cut before: each in the second half of what one part may hold."""
    cuts, begin = [], 0
    longest, shortest = LONGEST_MS // _STEP_MS, _SHORTEST_MS // _STEP_MS
    while len(loudness) - begin >= longest:
        first, last = begin + longest // 2, min(begin + longest, len(loudness) - shortest)
        begin = first + int(np.argmin(loudness[first:last]))
        cuts.append(begin)
    return cuts
