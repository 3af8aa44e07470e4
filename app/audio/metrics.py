"""How good the line was: signal to noise, spectral flatness, clipping. Sums only, so a long call costs no memory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOUDEST_CODES = bytes((0x80, 0x00, 0x81, 0x01))
"""μ-law's two greatest magnitudes, either sign: 32124 and 31100 of 32767. A loud voice seldom rests there."""

FLATNESS_EVERY = 8
"""Flatness is a matter of the voice's average: every eighth voiced frame tells it."""


def spectral_flatness(power: NDArray[np.float32]) -> float:
    """Geometric over arithmetic mean of band powers: 0 for a pure tone, 1 for white noise."""
    floored = np.maximum(power, np.float32(1e-3))
    return float(np.exp(np.log(floored).mean()) / floored.mean())


def clipped_bytes(mulaw: bytes) -> int:
    """How many samples of a μ-law frame are at the end of the scale."""
    return len(mulaw) - len(mulaw.translate(None, LOUDEST_CODES))


@dataclass(frozen=True, slots=True)
class LineQuality:
    """A call's line in a few numbers. `None` where there was nothing to measure.

    `snr_db`: mean power of voiced frames over that of the others. `spectral_flatness`: of voiced frames, 0 (tonal) to
    1 (noise). `clipped_share`: of all samples. `speech_rms`, `noise_rms`: 16-bit scale, before suppression.
    """

    frames: int
    voiced_share: float
    clipped_share: float
    snr_db: float | None
    spectral_flatness: float | None
    speech_rms: int | None
    noise_rms: int | None


class LineMeter:
    """Gathers a call's `LineQuality`, frame by frame."""

    __slots__ = ("_clipped", "_flat", "_flat_frames", "_frames", "_noise", "_voice", "_voiced")

    def __init__(self) -> None:
        self._frames = self._voiced = self._clipped = self._flat_frames = 0
        self._voice = self._noise = self._flat = 0.0

    def take(self, level: float, voiced: bool, clipped: int, power: NDArray[np.float32]) -> None:
        """`level`: RMS before suppression; `clipped`: samples at the scale's end; `power`: the frame's bands."""
        self._frames += 1
        self._clipped += clipped
        if not voiced:
            self._noise += level * level
            return
        self._voiced += 1
        self._voice += level * level
        if self._voiced % FLATNESS_EVERY == 1:
            self._flat += spectral_flatness(power)
            self._flat_frames += 1

    def quality(self, frame_samples: int = 160) -> LineQuality:
        """The call so far. `frame_samples`: how many samples a frame's `clipped` was out of."""
        quiet = self._frames - self._voiced
        voice = self._voice / self._voiced if self._voiced else None
        noise = self._noise / quiet if quiet else None
        return LineQuality(
            frames=self._frames,
            voiced_share=self._voiced / self._frames if self._frames else 0.0,
            clipped_share=self._clipped / (self._frames * frame_samples) if self._frames else 0.0,
            snr_db=10 * math.log10(voice / max(noise, 1.0)) if voice and noise is not None else None,
            spectral_flatness=self._flat / self._flat_frames if self._flat_frames else None,
            speech_rms=None if voice is None else round(math.sqrt(voice)),
            noise_rms=None if noise is None else round(math.sqrt(noise)),
        )
