"""Makes synthesised speech fit for a telephone: it starts at once, ends with a breath, is neither faint nor
clipped."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 32_768.0
FLOOR_RMS = 150.0
"""10 ms of speech softer than this (-47 dBFS) is silence; espeak-ng's own pauses are digital zero."""

LEVEL_DB = (-23.0, -17.0)
"""Where the level of the speaking parts should lie, dBFS: the telephone's usual -20, and what voices differ by."""

PEAK_DB = -1.0
"""No sample comes out above this, dBFS."""

_LEAD_MS = 10
_STEP_MS = 10


@dataclass(frozen=True, slots=True)
class Shaped:
    """A piece as it will be heard. `begins_ms`: where it begins in what it was made of."""

    data: bytes
    begins_ms: int = 0
    _sounding: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))

    def heard_ms(self, made_ms: int) -> int:
        """Where in the piece the last sound ends that ended, within 10 ms, by `made_ms` of what it was made of."""
        before = int(np.searchsorted(self._sounding, made_ms // _STEP_MS))
        ends_ms = (int(self._sounding[before - 1]) + 1) * _STEP_MS if before else 0
        return max(0, ends_ms - self.begins_ms)


def shape(data: bytes, rate_hz: int, tail_ms: int) -> Shaped:
    """Trim and level one spoken piece.

    `data`: little-endian 16-bit mono at `rate_hz`. What comes back begins at most 10 ms before the first sound, ends
    `tail_ms` after the last one (silence is added where there is too little), and is within LEVEL_DB and PEAK_DB.
    Empty when nothing is heard in it.
    """
    samples = np.frombuffer(data, dtype="<i2").astype(np.float64)
    levels = step_levels(samples, rate_hz)
    sounding = np.flatnonzero(levels > FLOOR_RMS)
    if not sounding.size:
        return Shaped(b"")
    step = rate_hz * _STEP_MS // 1000
    first = max(0, int(sounding[0]) * step - rate_hz * _LEAD_MS // 1000)
    last = min(samples.size, (int(sounding[-1]) + 1) * step)
    kept = samples[first:last] * gain(levels, float(np.abs(samples).max()))
    behind = samples[last : last + rate_hz * tail_ms // 1000]
    silence = np.zeros(rate_hz * tail_ms // 1000 - behind.size)
    shaped = np.concatenate([kept, behind, silence]).round().astype("<i2").tobytes()
    return Shaped(shaped, first * 1000 // rate_hz, sounding)


def gain(levels: NDArray[np.float64], peak: float) -> float:
    """The factor that brings speech of these 10 ms `levels` into LEVEL_DB without its `peak` passing PEAK_DB."""
    level_db = active_level_db(levels)
    wanted_db = min(max(level_db, LEVEL_DB[0]), LEVEL_DB[1])
    room_db = PEAK_DB - 20 * np.log10(peak / FULL_SCALE)
    return float(10 ** (min(wanted_db - level_db, room_db) / 20))


def active_level_db(levels: NDArray[np.float64]) -> float:
    """RMS of the steps that sound, dBFS; pauses do not count (as ITU-T P.56 measures speech, more simply)."""
    active = levels[levels > max(FLOOR_RMS, 0.05 * float(levels.max()))]
    return float(10 * np.log10(np.mean(active**2) / FULL_SCALE**2))


def step_levels(samples: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """RMS of each whole 10 ms step, on the 16-bit scale."""
    step = rate_hz * _STEP_MS // 1000
    steps = samples[: samples.size // step * step].reshape(-1, step)
    return np.asarray(np.sqrt(np.mean(steps**2, axis=1)), dtype=np.float64) if steps.size else np.zeros(0)
