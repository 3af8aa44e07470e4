"""How high a voice is, ten milliseconds at a time: normalised autocorrelation over the line's own 8 kHz.

The telephone takes the fundamental of most men away, but not the distance of its harmonics, and that is what repeats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from app.audio.reading import LINE_RATE_HZ

Floats = NDArray[np.float32]

STEP = LINE_RATE_HZ // 100
"""Samples from one window to the next: 10 ms."""
_LOWEST_HZ, _HIGHEST_HZ = 70, 400
"""Where speaking voices are; creak below is no pitch, and shows as none."""
_WINDOW = 320
"""40 ms: three periods of the lowest voice."""
_LONGEST, _SHORTEST = LINE_RATE_HZ // _LOWEST_HZ, LINE_RATE_HZ // _HIGHEST_HZ
REACH = _WINDOW + _LONGEST
"""Samples that a window needs: itself, and the longest period after it."""
_TRANSFORM = 512
"""At least `REACH`, so that nothing wraps around."""
_AS_GOOD = np.float32(0.87)
"""The shortest period nearly as good as the best is meant: twice the period fits just as well (the octave guard)."""
_FAINT = np.float32(100.0 * _WINDOW)
"""Power under which nothing repeats: 10 on the 16-bit scale."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """One entry a window. `semitones` above 1 Hz; `repeats`: 0 for noise to 1 for a pure tone; `level_db`: of its
    power on the 16-bit scale."""

    semitones: Floats
    repeats: Floats
    level_db: Floats


def pitch(samples: Floats) -> Pitch:
    """Of a sound at 8 kHz on the 16-bit scale; window n begins at sample n * STEP. Empty if shorter than `REACH`."""
    if len(samples) < REACH:
        nothing = np.zeros(0, dtype=np.float32)
        return Pitch(nothing, nothing, nothing)
    windows = np.lib.stride_tricks.sliding_window_view(samples, REACH)[::STEP]
    windows = windows - windows.mean(axis=1, keepdims=True)
    energy = np.zeros((len(windows), REACH + 1), dtype=np.float32)
    np.cumsum(windows**2, axis=1, out=energy[:, 1:])
    own = energy[:, _WINDOW : _WINDOW + 1]
    later = energy[:, _WINDOW + _SHORTEST :] - energy[:, _SHORTEST : _LONGEST + 1]
    spectrum = fft.rfft(windows, _TRANSFORM, axis=1)
    spectrum *= np.conj(fft.rfft(windows[:, :_WINDOW], _TRANSFORM, axis=1))
    alike = fft.irfft(spectrum, _TRANSFORM, axis=1)[:, _SHORTEST : _LONGEST + 1]
    alike = alike / np.sqrt(own * np.maximum(later, 0) + _FAINT**2)
    at = _first_good(alike)
    rows = np.arange(len(at))
    before, best, after = alike[rows, at - 1], alike[rows, at], alike[rows, at + 1]
    bend = np.minimum(before - 2 * best + after, np.float32(-1e-6))
    period = _SHORTEST + at + np.clip(0.5 * (before - after) / bend, -0.5, 0.5)
    level_db = 10 * np.log10(own[:, 0] / _WINDOW + 1)
    return Pitch((12 * np.log2(LINE_RATE_HZ / period)).astype(np.float32), best, level_db)


def _first_good(alike: Floats) -> NDArray[np.intp]:
    """Where each row has the first of its peaks that are as good as its best; never the first or last column."""
    middle = alike[:, 1:-1]
    best = middle.max(axis=1, keepdims=True)
    peaks = (middle >= alike[:, :-2]) & (middle > alike[:, 2:]) & (middle >= _AS_GOOD * best)
    found: NDArray[np.intp] = np.where(peaks.any(axis=1), peaks.argmax(axis=1), middle.argmax(axis=1)) + 1
    return found
