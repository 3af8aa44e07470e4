"""Recorded speech with known places of speech, in known noise, as a telephone would give it.

The recordings lie beside the repository (`../shared/speech`) and are never part of it.
"""

from __future__ import annotations

import audioop
import wave
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.reading import FRAME_LINE_SAMPLES, LINE_RATE_HZ

SPEECH = Path(__file__).resolve().parents[3] / "shared" / "speech"
Samples = NDArray[np.float64]

LEAD_S, GAP_S = 4.0, 1.6
_BAND = signal.butter(4, [300, 3400], "bandpass", fs=LINE_RATE_HZ, output="sos")


@dataclass(frozen=True, slots=True)
class Stream:
    """A call's inbound audio. `speech`: one flag a frame; `spans`: first and last+1 frame of each clip's speech."""

    mulaw: bytes
    speech: NDArray[np.bool_]
    spans: list[tuple[int, int]]

    def frames(self) -> list[bytes]:
        return [self.mulaw[i : i + FRAME_LINE_SAMPLES] for i in range(0, len(self.mulaw), FRAME_LINE_SAMPLES)]


def read(path: Path) -> Samples:
    """A recording's samples on the 16-bit scale; 8 kHz mono, or a `ValueError`."""
    with wave.open(str(path)) as file:
        if file.getframerate() != LINE_RATE_HZ or file.getnchannels() != 1:
            raise ValueError(f"{path.name} is not 8 kHz mono")
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)


def clips() -> list[Samples]:
    return [read(path) for path in sorted((SPEECH / "speech").glob("*.wav"))]


def noises(length: int) -> dict[str, Samples]:
    """Noises of `length` samples: the recorded ones, repeated, and white noise."""
    found = {path.stem: np.resize(read(path), length) for path in sorted((SPEECH / "noise").glob("*.wav"))}
    return {**found, "white": np.random.default_rng(7).normal(0, 1000, length)}


def speech_flags(clip: Samples) -> NDArray[np.bool_]:
    """Which 20 ms frames of a clean clip are speech: within 28 dB of its loud frames, gaps under 200 ms closed."""
    band = signal.sosfilt(_BAND, clip)
    rms = np.sqrt((band[: len(band) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1))
    flags = rms > max(np.percentile(rms, 95) * 10 ** (-28 / 20), 40)
    at = np.flatnonzero(flags)
    for one, other in pairwise(at):
        if other - one <= 10:
            flags[one:other] = True
    return flags


def stream(noise: str | None = None, snr_db: float = 0.0) -> Stream:
    """All clips one after another in one call; the noise, if any, runs through it at `snr_db` in the telephone band."""
    parts, flags, spans = [np.zeros(int(LEAD_S * LINE_RATE_HZ))], [np.zeros(int(LEAD_S * 50), dtype=bool)], []
    at = int(LEAD_S * 50)
    for clip in clips():
        own = speech_flags(clip)
        frames = np.flatnonzero(own)
        spans.append((at + int(frames[0]), at + int(frames[-1]) + 1))
        gap = np.zeros(int(GAP_S * 50), dtype=bool)
        parts += [clip[: len(own) * 160], np.zeros(len(gap) * 160)]
        flags += [own, gap]
        at += len(own) + len(gap)
    samples, speech = np.concatenate(parts), np.concatenate(flags)
    rng = np.random.default_rng(3)
    heard = samples + rng.normal(0, 4, len(samples))
    if noise is not None:
        sound = noises(len(samples))[noise]
        voice = _band_rms(samples[np.repeat(speech, 160)])
        heard += sound * (voice / _band_rms(sound) * 10 ** (-snr_db / 20))
    pcm = np.clip(heard, -32768, 32767).astype(np.int16).tobytes()
    return Stream(audioop.lin2ulaw(pcm, 2), speech, spans)


def _band_rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(signal.sosfilt(_BAND, samples) ** 2)))
