"""The linear steps: DC removal, high-pass and low-pass, each a few second-order sections.

A `Cascade` runs the sections of several steps over a frame in one pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.reading import HOUSE_RATE_HZ

DC_CORNER_HZ = 15.0
HIGH_PASS_HZ = 250.0
"""Just below what a telephone passes of a voice (300 Hz). Mains hum and its harmonics, engines and footsteps lie lower:
of the recorded rooms a cut at 120 Hz lets half as many false starts again through (docs/audio.md)."""
LOW_PASS_HZ = 3700.0
"""The telephone band ends at 3.4 kHz; above 4 kHz there are only the images left by upsampling."""

Sections = NDArray[np.float64]


def dc_removal(rate_hz: int = HOUSE_RATE_HZ) -> Sections:
    """One first-order section that takes away a constant offset (time constant 11 ms). Shape (1, 6)."""
    pole = float(np.exp(-2 * np.pi * DC_CORNER_HZ / rate_hz))
    gain = (1 + pole) / 2
    return np.array([[gain, -gain, 0.0, 1.0, -pole, 0.0]])


def high_pass(rate_hz: int = HOUSE_RATE_HZ) -> Sections:
    """Fourth-order Butterworth against hum and handling noise. Shape (2, 6)."""
    sections: Sections = signal.butter(4, HIGH_PASS_HZ, "highpass", fs=rate_hz, output="sos")
    return sections


def low_pass(rate_hz: int = HOUSE_RATE_HZ) -> Sections:
    """Fourth-order Butterworth against what lies above the telephone band. Shape (2, 6)."""
    sections: Sections = signal.butter(4, LOW_PASS_HZ, "lowpass", fs=rate_hz, output="sos")
    return sections


def _by_the_front_door(sections: Sections, samples: NDArray[np.float64], state: NDArray[np.float64]) -> None:
    """`samples` (1, n) and `state` (1, sections, 2), changed in place."""
    samples[0], state[0] = signal.sosfilt(sections, samples[0], zi=state[0])


try:
    # scipy's own loop, without the checks in front of it, which take 30 of 39 µs a frame; a test holds the two together
    from scipy.signal._sosfilt import _sosfilt as _filter_in_place
except ImportError:  # it is not part of scipy's promise
    _filter_in_place = _by_the_front_door


class Cascade:
    """Sections in series, remembering from frame to frame."""

    def __init__(self, *steps: Sections) -> None:
        self._sections = np.ascontiguousarray(np.concatenate(steps), dtype=np.float64)
        self._state = np.zeros((1, len(self._sections), 2))

    def __call__(self, frame: NDArray[np.float32]) -> NDArray[np.float64]:
        """A frame of any length in, as many samples out, in double precision; same scale."""
        filtered = frame.astype(np.float64)
        _filter_in_place(self._sections, filtered[np.newaxis], self._state)
        return filtered

    def settle(self) -> None:
        """Forget: for when nothing but zeros has come for longer than the filters ring."""
        self._state[:] = 0.0
