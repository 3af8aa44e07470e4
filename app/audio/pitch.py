"""How high a voice is, ten milliseconds at a time: normalised autocorrelation over the line's own 8 kHz.

The telephone takes the fundamental of most men away, but not the distance of its harmonics, and that is what repeats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from app.audio.reading import LINE_RATE_HZ

Floats = NDArray[np.float32]

STEP = LINE_RATE_HZ // 100
"""Samples on the line from one window to the next: 10 ms."""
_BAND = signal.butter(3, [200.0, 1000.0], "bandpass", fs=LINE_RATE_HZ, output="sos")
"""A room's rumble repeats as a voice does, and a telephone passes little of a voice below. Up to 1 kHz there are three
harmonics of most voices, peaks are wide, and half the samples do; up to 1.6 kHz ends were told worse."""
_HALF = 2
_RATE_HZ = LINE_RATE_HZ // _HALF
_LOWEST_HZ, _HIGHEST_HZ = 70, 400
"""Where speaking voices are; creak below is no pitch, and shows as none."""
_WINDOW = _RATE_HZ // 25
"""40 ms: three periods of the lowest voice."""
_LONGEST, _SHORTEST = _RATE_HZ // _LOWEST_HZ, _RATE_HZ // _HIGHEST_HZ - 1
_REACH = _WINDOW + _LONGEST
"""Samples that a window needs: itself, and the longest period after it."""
_TRANSFORM = 256
"""At least `_REACH`, so that nothing wraps around."""
_BLOCK = 64
"""Windows at a time, so that they stay in the processor's cache: half the time of all at once."""
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
    """Of a sound at 8 kHz on the 16-bit scale; window n begins at sample n * STEP. Empty if shorter than 54 ms."""
    voice = signal.sosfilt(_BAND, samples)[::_HALF].astype(np.float32)
    if len(voice) < _REACH:
        nothing = np.zeros(0, dtype=np.float32)
        return Pitch(nothing, nothing, nothing)
    energy = np.cumsum(np.concatenate(([0.0], voice.astype(np.float64) ** 2)))
    windows = np.lib.stride_tricks.sliding_window_view(voice, _REACH)[:: STEP // _HALF]
    energies = np.lib.stride_tricks.sliding_window_view(energy, _REACH + 1)[:: STEP // _HALF]
    parts = [_pitch(windows[at : at + _BLOCK], energies[at : at + _BLOCK]) for at in range(0, len(windows), _BLOCK)]
    return Pitch(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _pitch(windows: Floats, energies: NDArray[np.float64]) -> tuple[Floats, Floats, Floats]:
    """A `Pitch`'s three of these windows; `energies` rise by each sample's."""
    own = (energies[:, _WINDOW] - energies[:, 0]).astype(np.float32)[:, np.newaxis]
    later = (energies[:, _WINDOW + _SHORTEST :] - energies[:, _SHORTEST : _LONGEST + 1]).astype(np.float32)
    spectrum = fft.rfft(windows, _TRANSFORM, axis=1)
    spectrum *= np.conj(fft.rfft(windows[:, :_WINDOW], _TRANSFORM, axis=1))
    alike = fft.irfft(spectrum, _TRANSFORM, axis=1)[:, _SHORTEST : _LONGEST + 1]
    alike = alike / np.sqrt(own * later + _FAINT**2)
    at = _first_good(alike)
    rows = np.arange(len(at))
    before, best, after = alike[rows, at - 1], alike[rows, at], alike[rows, at + 1]
    bend = np.minimum(before - 2 * best + after, np.float32(-1e-6))
    period = _SHORTEST + at + np.clip(0.5 * (before - after) / bend, -0.5, 0.5)
    semitones = (12 * np.log2(_RATE_HZ / period)).astype(np.float32)
    return semitones, best, 10 * np.log10(own[:, 0] / _WINDOW + 1)


def _first_good(alike: Floats) -> NDArray[np.intp]:
    """Where each row has the first of its peaks that are as good as its best; never the first or last column.

    A peak is as high as the parabola through it: of a high voice the samples fall far beside the summit.
    """
    before, middle, after = alike[:, :-2], alike[:, 1:-1], alike[:, 2:]
    peaks = (middle >= before) & (middle > after)
    bend = np.maximum(2 * middle - before - after, np.float32(1e-6))
    height = np.where(peaks, middle + (before - after) ** 2 / (8 * bend), np.float32(-1))
    good = height >= _AS_GOOD * np.maximum(height.max(axis=1, keepdims=True), 0)
    found: NDArray[np.intp] = np.where(good.any(axis=1), good.argmax(axis=1), middle.argmax(axis=1)) + 1
    return found
