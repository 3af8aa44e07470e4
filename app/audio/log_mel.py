"""The picture of a sound that networks of Whisper's family look at: 80 bands on the mel scale, a column every 10 ms.

Numbers are Whisper's: windows of 25 ms, Slaney's mel scale and areas, eight decades below the loudest.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
BANDS = 80
_WINDOW, _STEP = 400, 160
_LINEAR_HZ, _HZ_A_MEL = 1000.0, 200.0 / 3
"""Slaney's scale is linear up to 1 kHz, and logarithmic above: 27 mel to a factor of 6.4."""
_MEL_A_NEPER = 27 / np.log(6.4)
_LEAST = 1e-10
_DECADES = 8.0


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shape (80, len(samples) // 160), for a sound at 16 kHz of any scale; mostly between -1.5 and 1.5.

    The sound is brought to mean 0 and variance 1 before.
    """
    sound = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    padded = np.pad(sound, _WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP][: len(samples) // _STEP]
    bell = np.hanning(_WINDOW + 1)[:-1]
    power = np.abs(np.fft.rfft(windows * bell, axis=1)) ** 2
    decades = np.log10(np.maximum(power @ _bands(), _LEAST)).T
    decades = np.maximum(decades, decades.max() - _DECADES)
    columns: NDArray[np.float32] = ((decades + 4.0) / 4.0).astype(np.float32)
    return columns


@lru_cache(maxsize=1)
def _bands() -> NDArray[np.float64]:
    """(201, 80): triangles over the frequencies of the transform, of equal area."""
    edges = _hz(np.linspace(0.0, _mel(RATE_HZ / 2), BANDS + 2))
    hz = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)[:, np.newaxis]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    triangles = np.minimum((hz - low) / (middle - low), (high - hz) / (high - middle)).clip(0.0)
    bands: NDArray[np.float64] = triangles * 2 / (high - low)
    return bands


def _mel(hz: float) -> float:
    if hz < _LINEAR_HZ:
        return hz / _HZ_A_MEL
    return float(_LINEAR_HZ / _HZ_A_MEL + np.log(hz / _LINEAR_HZ) * _MEL_A_NEPER)


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    border = _LINEAR_HZ / _HZ_A_MEL
    return np.where(mel < border, mel * _HZ_A_MEL, _LINEAR_HZ * np.exp((mel - border) / _MEL_A_NEPER))
