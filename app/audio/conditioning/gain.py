"""Automatic gain: a near and a far caller come out alike."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

TARGET_RMS = 3300.0
"""−20 dBFS: room for 20 dB of peaks over the mean level of speech."""
MOST = 8.0
LEAST = 0.25
_LOUDER = 0.04
_SOFTER = 0.3
_TRUST_RMS = 250.0


class AutomaticGain:
    """Frames on the 16-bit scale, changed in place. The gain follows the level of loud frames: down within three
    frames, up by about 1 dB in six, and slides from sample to sample, so that it never steps."""

    def __init__(self) -> None:
        self.gain = 1.0
        self._level = TARGET_RMS
        self._ramp: NDArray[np.float32] | None = None

    def __call__(self, frame: NDArray[np.float32], rms: float) -> None:
        """`rms`: the frame's own level. Below 250 it is no speech to steer by, and the gain stays."""
        before = self.gain
        if rms > _TRUST_RMS:
            speed = _SOFTER if rms > self._level else _LOUDER
            self._level *= math.pow(rms / self._level, speed)
            self.gain = min(MOST, max(LEAST, TARGET_RMS / self._level))
        if self.gain == before:
            self.hold(frame)
            return
        if self._ramp is None or len(self._ramp) != len(frame):
            self._ramp = (np.arange(len(frame), dtype=np.float32) + 1) / np.float32(len(frame))
        slide = self._ramp * np.float32(self.gain - before)
        slide += np.float32(before)
        frame *= slide

    def hold(self, frame: NDArray[np.float32]) -> None:
        """The gain as it is: for frames without speech."""
        if self.gain != 1.0:
            frame *= np.float32(self.gain)
