"""More that is no word: sounds of throats, rooms and machines, each from a seed, at 8 kHz on the 16-bit scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy import signal

from app.audio.reading import LINE_RATE_HZ
from tests.bench.turns import sounds
from tests.bench.turns.sounds import SPEECH_RMS, Samples


def _time(seconds: float) -> Samples:
    return np.arange(int(seconds * LINE_RATE_HZ)) / LINE_RATE_HZ


def _throat(seed: int, pitch_hz: float, seconds: float, formants: tuple[float, ...]) -> Samples:
    """A voiced sound: pulses through a few resonances."""
    rng = np.random.default_rng(seed)
    time = _time(seconds)
    pitch = pitch_hz * (1 + 0.1 * np.sin(2 * np.pi * rng.uniform(1, 3) * time) - 0.3 * time / seconds)
    pulses = signal.sawtooth(2 * np.pi * np.cumsum(pitch) / LINE_RATE_HZ) + rng.normal(0, 0.3, len(time))
    sound = np.zeros(len(time))
    for formant in formants:
        band = signal.butter(1, [formant * 0.9, formant * 1.1], "bandpass", fs=LINE_RATE_HZ, output="sos")
        sound += signal.sosfilt(band, pulses)
    return sound * np.minimum(1, time / 0.02) * np.minimum(1, (seconds - time) / 0.05)


def clears_throat(seed: int) -> Samples:
    """A short growl, then another."""
    rng = np.random.default_rng(seed)
    parts = [_throat(seed + n, rng.uniform(70, 110), rng.uniform(0.12, 0.25), (450, 1300)) for n in range(2)]
    return sounds.level(np.concatenate([parts[0], np.zeros(800), parts[1]]), SPEECH_RMS)


def laughs(seed: int) -> Samples:
    """Three to five bursts of breath and voice, five a second."""
    rng = np.random.default_rng(seed)
    parts: list[Samples] = []
    for n in range(int(rng.integers(3, 6))):
        parts += [_throat(seed * 7 + n, rng.uniform(160, 320), 0.1, (700, 1400, 2500)), np.zeros(800)]
    return sounds.level(np.concatenate(parts), SPEECH_RMS)


def sneezes(seed: int) -> Samples:
    """Breath drawn in, and let out at once."""
    rng = np.random.default_rng(seed)
    drawn = _throat(seed, rng.uniform(180, 260), 0.25, (600, 1500)) * 0.05
    time = _time(0.35)
    high = signal.butter(2, 900, "highpass", fs=LINE_RATE_HZ, output="sos")
    out = signal.sosfilt(high, rng.normal(0, 1, len(time))) * np.exp(-time * 9)
    return sounds.level(np.concatenate([drawn, out]), SPEECH_RMS)


def breathes(seed: int) -> Samples:
    """Into the microphone, as someone does who walks."""
    return sounds.level(sounds.hiss(seed, 0.7), SPEECH_RMS)


def types(seed: int) -> Samples:
    """Keys of a keyboard beside the telephone."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(int(1.5 * LINE_RATE_HZ))
    for at in np.cumsum(rng.uniform(0.06, 0.22, 9)):
        count = int(0.015 * LINE_RATE_HZ)
        start = int(at * LINE_RATE_HZ)
        if start + count < len(sound):
            sound[start : start + count] += rng.normal(0, 1, count) * np.exp(-np.arange(count) / 25)
    return sounds.level(sound, SPEECH_RMS)


def rings(seed: int) -> Samples:
    """Another telephone: two tones that warble."""
    time = _time(1.2)
    base = np.random.default_rng(seed).uniform(700, 1100)
    warble = np.where(np.sin(2 * np.pi * 14 * time) > 0, base, base * 1.2)
    return sounds.level(np.sin(2 * np.pi * np.cumsum(warble) / LINE_RATE_HZ), SPEECH_RMS)


def plays_music(seed: int) -> Samples:
    """Chords of a few partials, a new one every 400 ms: a radio in the room."""
    rng = np.random.default_rng(seed)
    time = _time(0.4)
    chords: list[Samples] = []
    for _ in range(5):
        roots = rng.choice([220.0, 247.0, 262.0, 294.0, 330.0, 392.0, 440.0], 3)
        chord = sum((np.sin(2 * np.pi * root * k * time) / k for root in roots for k in (1, 2, 3)), np.zeros(len(time)))
        chords.append(chord * np.exp(-3 * time))
    return sounds.level(np.concatenate(chords), SPEECH_RMS)


def barks(seed: int) -> Samples:
    """A dog, twice."""
    rng = np.random.default_rng(seed)
    parts = [_throat(seed + n, rng.uniform(350, 550), 0.14, (800, 1700)) * np.hanning(1120) for n in range(2)]
    return sounds.level(np.concatenate([parts[0], np.zeros(2400), parts[1]]), SPEECH_RMS)


MORE: Mapping[str, Callable[[int], Samples]] = {
    "a throat cleared": clears_throat,
    "a laugh": laughs,
    "a sneeze": sneezes,
    "breath in the microphone": breathes,
    "typing": types,
    "another telephone": rings,
    "music": plays_music,
    "a dog": barks,
}
FROM_A_THROAT = ("a throat cleared", "a laugh", "a sneeze")
