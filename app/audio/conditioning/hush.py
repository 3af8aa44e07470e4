"""What is plainly quiet on the line is not taken up to 48 kHz: it is gated there, and only learnt from.

A room goes on between words and while the agent speaks, so this is most of a call. Its level and its colour are found
at 8 kHz, a sixth of the samples, and told on the scale of the later steps.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.conditioning import transform
from app.audio.conditioning.filters import Cascade, dc_removal, high_pass, low_pass
from app.audio.conditioning.suppression import BANDS, OVERLAP_SAMPLES, sloped_window
from app.audio.reading import FRAME_LINE_SAMPLES, HOUSE_RATE_HZ, LINE_RATE_HZ
from app.audio.resample import WayIn

PLAINLY_QUIET_RMS = 100.0
"""On the line, rumble and all. No filter makes it louder: it stays under `chain.QUIET_RMS`."""
LEARNS_EVERY = 5
"""Frames: quiet ones are alike."""

SOFTENED_HZ = 2900.0
"""A second-order low-pass here takes from a room what resampling and the low-pass step take together (-3 dB)."""

_TIMES = HOUSE_RATE_HZ // LINE_RATE_HZ
_OVERLAP = OVERLAP_SAMPLES // _TIMES
_SPAN = FRAME_LINE_SAMPLES + _OVERLAP
_WINDOW = sloped_window(FRAME_LINE_SAMPLES, _OVERLAP)


def _steps() -> Cascade:
    softening = signal.butter(2, SOFTENED_HZ, "lowpass", fs=LINE_RATE_HZ, output="sos")
    return Cascade(dc_removal(LINE_RATE_HZ), high_pass(LINE_RATE_HZ), softening)


def _scale() -> NDArray[np.float32]:
    """How much more power a band has in the suppressor's transform than in this one, by an impulse on both ways: it
    has six times as many samples."""
    frames = np.zeros((4, FRAME_LINE_SAMPLES), dtype=np.float32)
    frames[1, 0] = 1e4
    way_in, house = WayIn(), Cascade(dc_removal(), high_pass(), low_pass())
    above = np.concatenate([house(way_in.push(frame)) for frame in frames])
    below = np.concatenate(list(map(_steps(), frames)))
    there = np.abs(np.fft.rfft(below)) ** 2
    ratio = np.abs(np.fft.rfft(above)[: len(there)]) ** 2 / np.maximum(there, 1e-3)
    at = (np.arange(BANDS) * len(below) / _SPAN).round().astype(int)
    scale: NDArray[np.float32] = np.clip(ratio[at], 0.0, 2 * _TIMES**2).astype(np.float32)
    return scale


_SCALE = _scale()


class Hush:
    """One caller's quiet frames, in their order; louder ones between them are not missed."""

    def __init__(self) -> None:
        self._filters = _steps()
        self._span = np.zeros(_SPAN, dtype=np.float32)
        self._frames = 0

    def level(self, line: NDArray[np.float32]) -> float:
        """RMS of 160 samples at 8 kHz after the filters, on the 16-bit scale."""
        span = self._span
        span[:_OVERLAP] = span[FRAME_LINE_SAMPLES:]
        span[_OVERLAP:] = filtered = self._filters(line)
        return math.sqrt(float(np.dot(filtered, filtered)) / FRAME_LINE_SAMPLES)

    def power(self) -> NDArray[np.float32] | None:
        """Of every fifth frame, its band powers as the suppressor would have found them; None of the others."""
        self._frames += 1
        if self._frames % LEARNS_EVERY:
            return None
        spectrum = transform.forwards(self._span * _WINDOW)[:BANDS]
        power: NDArray[np.float32] = spectrum.real**2 + spectrum.imag**2
        power *= _SCALE
        return power
