"""Noise suppression: each band is turned down by how much of it is the room.

A short-time Wiener filter on the frame and 2.5 ms of the one before. The window is flat with slopes of 2.5 ms, so the
step's whole delay is those 2.5 ms: half of what the way in may take (ARCHITECTURE §3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.audio.conditioning import transform
from app.audio.noise import NoiseSpectrum
from app.audio.resample import FRAME_HOUSE_SAMPLES

OVERLAP_SAMPLES = 120
"""2.5 ms at 48 kHz: the step's delay."""
BANDS = 90
"""Of 44.4 Hz each, up to 4 kHz; a telephone has nothing above."""
FLOOR = 0.178
"""−15 dB: no band is turned down further, so that the room sounds further away and not chopped."""

_SPAN = FRAME_HOUSE_SAMPLES + OVERLAP_SAMPLES
_MEMORY = np.float32(0.5)
_QUIET_LEARNS_EVERY = 5


def sloped_window(samples: int, slope: int) -> NDArray[np.float32]:
    """Flat, with sine slopes: squared, those of one frame and of the next add up to one. `samples + slope` long."""
    rise = np.sin(np.pi / 2 * (np.arange(slope) + 0.5) / slope)
    return np.concatenate((rise, np.ones(samples - slope), rise[::-1])).astype(np.float32)


_WINDOW = sloped_window(FRAME_HOUSE_SAMPLES, OVERLAP_SAMPLES)
_RISE = _WINDOW[:OVERLAP_SAMPLES] ** 2
_FALL = _WINDOW[FRAME_HOUSE_SAMPLES:] ** 2


class NoiseSuppressor:
    """Frames of 960 samples at 48 kHz in and out, same scale, 2.5 ms late.

    `power`: of the last frame taken apart, by band. What is given back is overwritten by the next frame.
    """

    def __init__(self) -> None:
        self.noise = NoiseSpectrum(BANDS)
        self.power = np.zeros(BANDS, dtype=np.float32)
        self._span = np.zeros(_SPAN, dtype=np.float32)
        self._shaped = np.zeros(_SPAN, dtype=np.float32)
        self._spectrum = np.zeros(_SPAN // 2 + 1, dtype=np.complex64)
        self._tail = np.zeros(OVERLAP_SAMPLES, dtype=np.float32)
        self._gain = np.full(BANDS, FLOOR, dtype=np.float32)
        self._clean = np.zeros(BANDS, dtype=np.float32)
        self._scratch = np.zeros(BANDS, dtype=np.float32)
        self._quiet = 0

    def __call__(self, frame: NDArray[np.float64]) -> NDArray[np.float32]:
        """A frame that may hold speech: every band by itself."""
        self._take(frame)
        spectrum = self._take_apart()
        self._spectrum[:BANDS] = spectrum
        self._spectrum[:BANDS] *= self._gains()
        shaped = transform.back(self._spectrum, _SPAN)
        shaped *= _WINDOW
        return self._join(shaped)

    def quiet(self, frame: NDArray[np.float64], gain: float) -> NDArray[np.float32]:
        """A frame too quiet to be speech: all bands alike by `gain` (1 or less), without a transform.

        Every fifth is still learnt from, so that the room is known when someone speaks.
        """
        self._take(frame)
        self._quiet += 1
        if self._quiet == _QUIET_LEARNS_EVERY:
            self._quiet = 0
            self._take_apart()
        return self._join(self._alike(max(gain, FLOOR)))

    def _alike(self, gain: float) -> NDArray[np.float32]:
        shaped = self._shaped
        np.multiply(self._span, np.float32(gain), out=shaped)
        shaped[:OVERLAP_SAMPLES] *= _RISE
        shaped[FRAME_HOUSE_SAMPLES:] *= _FALL
        return shaped

    def learn(self, power: NDArray[np.float32]) -> None:
        """The room as it was heard elsewhere: band powers of a quiet frame that does not come through here."""
        self.power = power
        self.noise.update(power)

    def lead_up(self, frame: NDArray[np.float64]) -> None:
        """A frame that is not given back, but that the next one overlaps with."""
        self._take(frame)
        self._join(self._alike(FLOOR))

    def _take(self, frame: NDArray[np.float64]) -> None:
        span = self._span
        span[:OVERLAP_SAMPLES] = span[FRAME_HOUSE_SAMPLES:]
        span[OVERLAP_SAMPLES:] = frame

    def _take_apart(self) -> NDArray[np.complex64]:
        np.multiply(self._span, _WINDOW, out=self._shaped)
        spectrum = transform.forwards(self._shaped)[:BANDS]
        np.multiply(spectrum.real, spectrum.real, out=self.power)
        np.multiply(spectrum.imag, spectrum.imag, out=self._scratch)
        self.power += self._scratch
        self.noise.update(self.power)
        return spectrum

    def _gains(self) -> NDArray[np.float32]:
        """Ephraim and Malah's decision-directed estimate of speech over noise, and Wiener's gain from it.

        Half of the estimate is the frame before: less, and the noise twinkles; more, and first sounds are lost.
        """
        ratio, noise = self._scratch, self.noise.power
        np.divide(self.power, noise, out=ratio)
        ratio -= np.float32(1.0)
        np.maximum(ratio, np.float32(0.0), out=ratio)
        self._clean /= noise
        ratio -= self._clean
        ratio *= _MEMORY
        ratio += self._clean
        gain = self._gain
        np.add(ratio, np.float32(1.0), out=gain)
        np.divide(ratio, gain, out=gain)
        np.maximum(gain, np.float32(FLOOR), out=gain)
        np.multiply(gain, gain, out=self._clean)
        self._clean *= self.power
        return gain

    def _join(self, shaped: NDArray[np.float32]) -> NDArray[np.float32]:
        shaped[:OVERLAP_SAMPLES] += self._tail
        self._tail[:] = shaped[FRAME_HOUSE_SAMPLES:]
        return shaped[:FRAME_HOUSE_SAMPLES]

    def settle(self) -> None:
        """Forget the sound, not the room: for when nothing but zeros has come."""
        self._span[:] = 0.0
        self._tail[:] = 0.0
