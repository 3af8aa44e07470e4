"""The room behind the caller: how loud it is, and of what colour.

Both estimates are *minimum statistics*: speech pauses, a room does not, so the quietest moment of the last seconds is
the room. No decision about speech is needed, and so none can go wrong: a loud caller is never learnt as noise, and a
room that grows louder is known after one window.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FRAMES_PER_STEP = 15
STEPS = 7
"""The window: 7 steps of 15 frames of 20 ms, 2.1 s. Shorter, and a drawn-out word is taken for the room; longer, and a
fan that starts is taken for speech for longer."""

_SMOOTHING = 0.3
_MINIMUM_TO_MEAN = 1.2
"""The least of the smoothed levels lies below the room's mean: by 5 to 10 % in white noise, 30 % in a recorded room."""
_POWER_MINIMUM_TO_MEAN = 2.5
"""As `_MINIMUM_TO_MEAN`, for the powers of single bands, which vary far more."""


class RoomNoise:
    """The room's level, from frame levels. `rms` is on the 16-bit scale; 0 until the first window is full.

    Levels are smoothed as logarithms: so a pause of 150 ms between words is enough to come down to the room.
    """

    __slots__ = ("_age", "_least", "_smooth", "_steps", "rms")

    def __init__(self) -> None:
        self.rms = 0
        self._smooth = 0.0
        self._least = 0.0
        self._steps = [0.0] * STEPS
        self._age = 0

    def update(self, rms: float) -> int:
        """Take one frame's level and give the room's, both on the 16-bit scale."""
        smooth = self._smooth + _SMOOTHING * (math.log(rms + 1.0) - self._smooth)
        self._smooth = smooth
        if smooth < self._least:
            self._least = smooth
            self.rms = min(self.rms, _level(smooth))
        self._age += 1
        if self._age == FRAMES_PER_STEP:
            self._age = 0
            del self._steps[0]
            self._steps.append(self._least)
            self._least = smooth
            self.rms = _level(min(self._steps))
        return self.rms


def _level(smooth: float) -> int:
    return int(_MINIMUM_TO_MEAN * (math.exp(smooth) - 1.0))


class NoiseSpectrum:
    """The room's power in each of `bins` bands, learnt as `RoomNoise` learns its level. `power` has that shape."""

    def __init__(self, bins: int) -> None:
        self.power = np.full(bins, 1.0, dtype=np.float32)
        self._smooth = np.zeros(bins, dtype=np.float32)
        self._change = np.zeros(bins, dtype=np.float32)
        self._least = np.full(bins, np.inf, dtype=np.float32)
        self._steps = np.zeros((STEPS, bins), dtype=np.float32)
        self._age = 0
        self._step = 0

    def update(self, power: NDArray[np.float32]) -> None:
        """Take one frame's powers."""
        np.subtract(power, self._smooth, out=self._change)
        self._change *= np.float32(_SMOOTHING)
        self._smooth += self._change
        np.minimum(self._least, self._smooth, out=self._least)
        self._age += 1
        if self._age < FRAMES_PER_STEP:
            return
        self._age = 0
        self._steps[self._step] = self._least
        self._step = (self._step + 1) % STEPS
        self._least[:] = self._smooth
        np.min(self._steps, axis=0, out=self.power)
        self.power *= np.float32(_POWER_MINIMUM_TO_MEAN)
        np.maximum(self.power, np.float32(1.0), out=self.power)
