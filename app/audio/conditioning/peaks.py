"""Peak normalisation: the peaks of speech are brought to one height."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TARGET_PEAK = 23_200.0
"""−3 dBFS on the 16-bit scale."""
MOST = 2.0
"""Raised by 6 dB at most: what is fainter is the automatic gain's to judge, by its level and not by one peak."""
_DECAY = 0.98
"""The remembered peak falls by 0.18 dB a frame, 9 dB a second."""


class PeakNormaliser:
    """Frames on the 16-bit scale, changed in place. A higher peak is taken up at once, and forgotten slowly."""

    def __init__(self) -> None:
        self._peak = TARGET_PEAK
        self.gain = 1.0
        self._ramp: NDArray[np.float32] | None = None

    def __call__(self, frame: NDArray[np.float32]) -> float:
        """Gives the frame's peak after the step, on the 16-bit scale."""
        peak = float(max(frame.max(), -frame.min()))
        self._peak = max(peak, self._peak * _DECAY, TARGET_PEAK / MOST)
        gain, before = TARGET_PEAK / self._peak, self.gain
        self.gain = gain
        if gain <= before:
            frame *= np.float32(gain)
            return peak * gain
        if self._ramp is None or len(self._ramp) != len(frame):
            self._ramp = (np.arange(len(frame), dtype=np.float32) + 1) / np.float32(len(frame))
        slide = self._ramp * np.float32(gain - before)
        slide += np.float32(before)
        frame *= slide
        return peak * gain
