"""What may be on a line instead of a caller who can be understood: 8 kHz, 16-bit scale, the same every time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.mulaw import decode
from app.audio.reading import LINE_RATE_HZ
from tests.babble import babble

Samples = NDArray[np.float64]
FULL_SCALE = 32767.0
CALLER_RMS = 2500.0


def _times(seconds: float) -> Samples:
    return np.arange(int(seconds * LINE_RATE_HZ)) / LINE_RATE_HZ


def at_rms(sound: Samples, rms: float) -> Samples:
    return sound * (rms / float(np.sqrt(np.mean(sound**2))))


def tone(hz: float, seconds: float, rms: float = 4000.0) -> Samples:
    """A steady tone: 2100 Hz is what an answering fax machine sends."""
    return at_rms(np.sin(2 * np.pi * hz * _times(seconds)), rms)


def beeps(hz: float, seconds: float, on_s: float, off_s: float, rms: float = 4000.0) -> Samples:
    """A tone with pauses: 1100 Hz, 0.5 s on and 3 s off, is what a calling fax machine sends (ITU-T T.30)."""
    return tone(hz, seconds, rms) * (_times(seconds) % (on_s + off_s) < on_s)


def music(seconds: float, rms: float = 3000.0) -> Samples:
    """Chords struck twice a second that ring on into each other, with a melody above them."""
    time, rng = _times(seconds), np.random.default_rng(5)
    sound = np.zeros(len(time))
    chords = ((220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247))
    for beat in range(int(seconds * 2)):
        start = beat * LINE_RATE_HZ // 2
        part = time[: max(0, min(LINE_RATE_HZ * 3 // 2, len(time) - start))]
        melody = float(rng.choice((440, 494, 554, 587, 659)))
        for hz in (*chords[beat // 4 % 4], melody):
            for harmonic in (1, 2, 3, 4):
                ring = np.sin(2 * np.pi * hz * harmonic * part) / harmonic * np.exp(-2 * part)
                sound[start : start + len(part)] += ring
    return at_rms(sound, rms)


def hiss(seconds: float, rms: float) -> Samples:
    """White noise."""
    return np.random.default_rng(3).normal(0, rms, int(seconds * LINE_RATE_HZ))


def speech(seconds: float, rms: float = CALLER_RMS, seed: int = 1) -> Samples:
    """Something like a voice, in phrases of two seconds with a second between them."""
    said = np.frombuffer(decode(babble(seconds, seed)), dtype="<i2")[: int(seconds * LINE_RATE_HZ)].astype(float)
    time = _times(seconds)[: len(said)]
    return said * (rms / 3000.0) * (time % 3.0 < 2.0)


def crowd(seconds: float, rms: float = CALLER_RMS) -> Samples:
    """Three who talk at once, without a pause."""
    voices = [np.frombuffer(decode(babble(seconds, seed)), dtype="<i2") for seed in (11, 12, 13)]
    return at_rms(np.sum([voice[: int(seconds * LINE_RATE_HZ)] for voice in voices], axis=0), rms)


def train(seconds: float, rms: float = 2500.0) -> Samples:
    """Rumble that swells, and wheels over joints."""
    rng, time = np.random.default_rng(7), _times(seconds)
    low = signal.sosfilt(
        signal.butter(2, [60, 500], "bandpass", fs=LINE_RATE_HZ, output="sos"), rng.normal(0, 1, len(time))
    )
    wheels = signal.sosfilt(
        signal.butter(2, [300, 1200], "bandpass", fs=LINE_RATE_HZ, output="sos"), rng.normal(0, 1, len(time))
    )
    return at_rms(low * (1.2 + np.sin(2 * np.pi * 0.15 * time)) + wheels * 3 * (time % 0.7 < 0.08), rms)


def overdriven(sound: Samples) -> Samples:
    """So loud that most of it is at the end of the scale."""
    return (sound * 40).clip(-FULL_SCALE, FULL_SCALE)
