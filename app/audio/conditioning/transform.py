"""The two transforms of the suppressor, without what scipy puts in front of them: the greater half of their cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.fft
from numpy.typing import NDArray

Spectrum = NDArray[np.complex64]
Samples = NDArray[np.float32]

_ALONG = (0,)
_UNSCALED, _BY_LENGTH = 0, 2
"""How scipy's own loop is told of scaling: on the way there not, on the way back by 1/n."""


def _forwards_by_the_front_door(samples: Samples, *_: Any) -> Spectrum:
    spectrum: Spectrum = scipy.fft.rfft(samples)
    return spectrum


def _back_by_the_front_door(spectrum: Spectrum, _: tuple[int], count: int, *__: Any) -> Samples:
    samples: Samples = scipy.fft.irfft(spectrum, count)
    return samples


try:
    # a test holds these and the front door together
    from scipy.fft._pocketfft.pypocketfft import c2r as _back
    from scipy.fft._pocketfft.pypocketfft import r2c as _forwards
except ImportError:  # they are not part of scipy's promise
    _forwards, _back = _forwards_by_the_front_door, _back_by_the_front_door


def forwards(samples: Samples) -> Spectrum:
    """n real samples to n // 2 + 1 bands."""
    spectrum: Spectrum = _forwards(samples, _ALONG, True, _UNSCALED, None, 1)
    return spectrum


def back(spectrum: Spectrum, count: int) -> Samples:
    """And the `count` samples again."""
    samples: Samples = _back(spectrum, _ALONG, count, False, _BY_LENGTH, None, 1)
    return samples
