"""Sound that is taken for speech: syllables with a gliding pitch, resonances and pauses, no two of them alike."""

from __future__ import annotations

import numpy as np

from app.audio.mulaw import encode
from app.audio.reading import LINE_RATE_HZ

LEVEL = 3000.0
"""RMS of a syllable on the 16-bit scale: someone who speaks up."""


def babble(seconds: float, seed: int = 1, level: float = LEVEL) -> bytes:
    """8 kHz μ-law, at least `seconds` long; the same seed gives the same sound."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < seconds * LINE_RATE_HZ:
        parts += [_syllable(rng, level), np.zeros(int(rng.uniform(0.02, 0.07) * LINE_RATE_HZ))]
    return encode(np.concatenate(parts).clip(-32768, 32767).astype("<i2").tobytes())


def _syllable(rng: np.random.Generator, level: float) -> np.ndarray:
    count = int(rng.uniform(0.12, 0.3) * LINE_RATE_HZ)
    pitch_hz = np.linspace(rng.uniform(100, 180), rng.uniform(100, 180), count)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / LINE_RATE_HZ
    resonances_hz = (rng.uniform(300, 800), rng.uniform(900, 2200), rng.uniform(2300, 3000))
    sound = np.zeros(count)
    for harmonic in range(1, 22):
        at_hz = harmonic * pitch_hz.mean()
        gain = sum(1 / (1 + ((at_hz - centre) / 150) ** 2) for centre in resonances_hz)
        sound += gain * np.sin(harmonic * phase + rng.uniform(0, 2 * np.pi))
    return sound / sound.std() * level * np.sqrt(np.hanning(count))
