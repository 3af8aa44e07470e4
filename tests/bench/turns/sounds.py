"""What the corpus is made of: callers whose words are known, noises, and the telephone they all go through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Event

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.mulaw import encode
from app.audio.reading import LINE_RATE_HZ
from app.audio.resample import whole
from app.audio.sound import Sound
from app.personas.schema import OfflineVoice
from app.speech.espeak import OWNER, synthesize
from tests.audio import labelled

Samples = NDArray[np.float64]
SPEECH_RMS = 2500.0
"""A caller who speaks up: 22 dB under full scale."""
ROOM_RMS = 25.0

VOICES = tuple(
    OfflineVoice(voice=voice, variant=variant, words_per_minute=pace, pitch=pitch)
    for voice, variant, pace, pitch in (
        ("en-us", "m1", 150, 40),
        ("en-us", "f2", 160, 60),
        ("en-gb", "m7", 140, 35),
        ("en-gb", "f4", 170, 65),
        ("en-gb-scotland", "m3", 150, 50),
        ("en-us", "f5", 145, 55),
    )
)
"""None of them is a persona's own."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of speech: its words, and where it is in its track, in seconds."""

    words: str
    begin_s: float
    end_s: float


@lru_cache(maxsize=512)
def spoken(text: str, voice: int) -> Samples:
    """`text` by one of the callers at 8 kHz on the 16-bit scale, from its first sound to its last."""
    pcm, rate_hz = OWNER.submit(synthesize, text, VOICES[voice % len(VOICES)], Event()).result()
    line = np.frombuffer(whole(Sound(pcm, rate_hz), LINE_RATE_HZ).data, dtype="<i2").astype(float)
    loud = np.flatnonzero(np.abs(line) > 0.01 * np.abs(line).max())
    return level(line[loud[0] : loud[-1] + 1], SPEECH_RMS)


def level(samples: Samples, rms: float) -> Samples:
    """The same sound with its loud half at `rms`."""
    power = np.sort(samples**2)[len(samples) // 2 :]
    return samples * (rms / max(1e-9, float(np.sqrt(power.mean()))))


def cough(seed: int) -> Samples:
    """A burst of breath with a throat behind it, once or twice, 150 to 350 ms each."""
    rng = np.random.default_rng(seed)
    parts: list[Samples] = []
    for _ in range(int(rng.integers(1, 3))):
        count = int(rng.uniform(0.15, 0.35) * LINE_RATE_HZ)
        rise = np.minimum(1, np.arange(count) / (0.01 * LINE_RATE_HZ))
        fall = np.exp(-np.arange(count) / (rng.uniform(0.05, 0.12) * LINE_RATE_HZ))
        throat = signal.butter(2, [rng.uniform(250, 500), rng.uniform(1500, 2800)], "bandpass", fs=8000, output="sos")
        parts += [signal.sosfilt(throat, rng.normal(0, 1, count)) * rise * fall, np.zeros(int(0.12 * LINE_RATE_HZ))]
    return level(np.concatenate(parts[:-1]), SPEECH_RMS)


def knock(seed: int) -> Samples:
    """Something put down hard beside the telephone: a few damped blows."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(int(0.6 * LINE_RATE_HZ))
    for at in rng.uniform(0, 0.4, int(rng.integers(1, 4))):
        count = int(0.08 * LINE_RATE_HZ)
        time = np.arange(count) / LINE_RATE_HZ
        blow = np.sin(2 * np.pi * rng.uniform(150, 900) * time) * np.exp(-time * 60) + rng.normal(0, 0.3, count) * (
            np.exp(-time * 120)
        )
        start = int(at * LINE_RATE_HZ)
        sound[start : start + count] += blow
    return level(sound, SPEECH_RMS * 1.5)


def hiss(seed: int, seconds: float) -> Samples:
    """A kettle, a tap, a gust at the microphone: noise that swells and falls."""
    rng = np.random.default_rng(seed)
    count = int(seconds * LINE_RATE_HZ)
    colour = signal.butter(1, rng.uniform(500, 3000), "lowpass", fs=LINE_RATE_HZ, output="sos")
    return level(signal.sosfilt(colour, rng.normal(0, 1, count)) * np.hanning(count), SPEECH_RMS)


def street(seed: int, seconds: float) -> Samples | None:
    """A stretch of recorded background; None where the recordings are missing."""
    if not labelled.SPEECH.is_dir():
        return None
    found = list(labelled.noises(int(20 * LINE_RATE_HZ)).values())[:-1]
    rng = np.random.default_rng(seed)
    noise = found[seed % len(found)]
    start = int(rng.integers(0, len(noise) - int(seconds * LINE_RATE_HZ)))
    return level(noise[start : start + int(seconds * LINE_RATE_HZ)], SPEECH_RMS)


def room(seconds: float, seed: int) -> Samples:
    """A quiet room: never digital silence."""
    return np.random.default_rng(seed).normal(0, ROOM_RMS, int(seconds * LINE_RATE_HZ))


def add(track: Samples, sound: Samples, at_s: float) -> None:
    """Mix `sound` into `track` in place; what goes beyond its end is lost."""
    at = round(at_s * LINE_RATE_HZ)
    part = sound[: max(0, len(track) - at)]
    track[at : at + len(part)] += part


def telephone(track: Samples) -> bytes:
    """8 kHz μ-law."""
    return encode(track.clip(-32768, 32767).astype("<i2").tobytes())
