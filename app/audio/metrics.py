"""How good the line was: signal to noise, spectral flatness, clipping, and what else can be wrong with it.

Sums only, so a long call costs no memory.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.audio.line_sound import is_digital_silence, is_loud, is_sound_without_voice, is_surely_voice
from app.audio.reading import FRAME_LINE_SAMPLES, Reading

LOUDEST_CODES = bytes((0x80, 0x00, 0x81, 0x01))
"""μ-law's two greatest magnitudes, either sign: 32124 and 31100 of 32767. A loud voice seldom rests there."""

ENOUGH_VOICE = 50
"""Frames: a second of voice, before anything is said of how loud it is."""

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
    `loud_share`: of the frames that are surely a voice, those loud enough to begin an utterance. `sound_share`: of all
    frames, sound that is surely no voice. `silent_share`: of all frames, digital silence. `lost_share`: of the call, up
    to its last frame, audio that never came. `echo_rms`: how loud the agent's own voice comes back, where that was
    measured (the frames' 90th percentile); the call adds it.
    """

    frames: int
    voiced_share: float
    clipped_share: float
    snr_db: float | None
    spectral_flatness: float | None
    speech_rms: int | None
    noise_rms: int | None
    loud_share: float | None = None
    sound_share: float = 0.0
    silent_share: float = 0.0
    lost_share: float = 0.0
    echo_rms: int | None = None


class LineMeter:
    """Gathers a call's `LineQuality`, frame by frame."""

    __slots__ = (
        "_clipped", "_end", "_flat", "_flat_frames", "_frames", "_lost", "_loud", "_noise", "_silent", "_sound",
        "_sure", "_voice", "_voiced",
    )  # fmt: skip

    def __init__(self) -> None:
        self._frames = self._voiced = self._clipped = self._flat_frames = 0
        self._voice = self._noise = self._flat = 0.0
        self._sure = self._loud = self._sound = self._silent = self._lost = self._end = 0

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

    def read(self, reading: Reading) -> None:
        """What was made of the same frame."""
        self._lost += max(0, reading.position - self._end)
        self._end = reading.position + FRAME_LINE_SAMPLES
        if is_surely_voice(reading):
            self._sure += 1
            self._loud += is_loud(reading)
        elif is_digital_silence(reading):
            self._silent += 1
        elif is_sound_without_voice(reading):
            self._sound += 1

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
            loud_share=self._loud / self._sure if self._sure >= ENOUGH_VOICE else None,
            sound_share=self._sound / self._frames if self._frames else 0.0,
            silent_share=self._silent / self._frames if self._frames else 0.0,
            lost_share=self._lost / self._end if self._end else 0.0,
        )
