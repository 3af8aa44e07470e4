"""Who rings, and what their side sounds like: other voices, words, cuts and noises than those of `tests.bench.turns`.

Everything is 8 kHz on the 16-bit scale and the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Event

import numpy as np
from scipy import signal

from app.audio.reading import LINE_RATE_HZ
from app.audio.resample import whole
from app.audio.sound import Sound
from app.personas.schema import OfflineVoice
from app.speech.espeak import OWNER, synthesize
from tests.audio import labelled
from tests.bench.turns.sounds import SPEECH_RMS, Samples, level

VOICES = tuple(
    OfflineVoice(voice=voice, variant=variant, words_per_minute=pace, pitch=pitch)
    for voice, variant, pace, pitch in (
        ("en-gb-x-rp", "m5", 165, 45),
        ("en-us", "f3", 185, 70),
        ("en-029", "m2", 150, 38),
        ("en-gb", "Annie", 175, 55),
        ("en-gb-x-gbclan", "m4", 140, 30),
        ("en-us-nyc", "f1", 200, 60),
    )
)
"""None of them is a persona's own, nor one of the other bench's."""
AGENT = OfflineVoice(voice="en-us", variant="m8", words_per_minute=165, pitch=48)


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of somebody's speech and its words; none for a noise."""

    words: str
    sound: Samples


@lru_cache(maxsize=2048)
def uttered(text: str, voice: OfflineVoice, *, trimmed: bool = True) -> Samples:
    """Synthesised; from the first sound to the last if `trimmed`."""
    pcm, rate_hz = OWNER.submit(synthesize, text, voice, Event()).result()
    line = np.frombuffer(whole(Sound(pcm, rate_hz), LINE_RATE_HZ).data, dtype="<i2").astype(float)
    loud = np.flatnonzero(np.abs(line) > 0.01 * np.abs(line).max(initial=1.0))
    if trimmed and len(loud):
        line = line[loud[0] : loud[-1] + 1]
    return level(line, SPEECH_RMS)


def says(text: str, who: int) -> Clip:
    """One of the callers, who speak up unlike one another."""
    return Clip(text, uttered(text, VOICES[who % len(VOICES)]) * (1.0, 0.7, 1.4)[who % 3])


def recorded(name: str) -> Clip | None:
    """A whole recording without the room around it; None where the recordings are missing."""
    path = labelled.SPEECH / "speech" / f"{name}.wav"
    if not path.is_file():
        return None
    listed = (path.parent / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    words = dict(line.split("\t") for line in listed if line)[path.name]
    clip = labelled.read(path)
    frames = np.flatnonzero(labelled.speech_flags(clip))
    return Clip(words, level(clip[frames[0] * 160 : (frames[-1] + 1) * 160], SPEECH_RMS))


def _time(seconds: float) -> Samples:
    return np.arange(int(seconds * LINE_RATE_HZ)) / LINE_RATE_HZ


def _band(sound: Samples, low_hz: float, high_hz: float) -> Samples:
    return np.asarray(signal.sosfilt(signal.butter(2, [low_hz, high_hz], "bandpass", fs=8000, output="sos"), sound))


def coughs(seed: int) -> Clip:
    """A throat that opens with a click and blows out, two or three times."""
    rng, parts = np.random.default_rng(1000 + seed), []
    for _ in range(int(rng.integers(2, 4))):
        time = _time(rng.uniform(0.12, 0.28))
        breath = rng.normal(0, 1, len(time)) * (1 - np.exp(-time / 0.004)) * np.exp(-time / rng.uniform(0.04, 0.09))
        buzz = signal.sawtooth(2 * np.pi * rng.uniform(90, 170) * time) * np.exp(-time / 0.05) * 0.5
        parts += [_band(breath + buzz, 300, rng.uniform(1400, 3000)), np.zeros(int(rng.uniform(0.06, 0.2) * 8000))]
    return Clip("", level(np.concatenate(parts[:-1]), SPEECH_RMS))


def sniffs(seed: int) -> Clip:
    """Breath drawn in through the nose, twice."""
    rng = np.random.default_rng(2000 + seed)
    breath = _band(rng.normal(0, 1, 2400), 900, 3200) * np.hanning(2400)
    return Clip("", level(np.concatenate([breath, np.zeros(1200), breath * 0.7]), SPEECH_RMS * 0.7))


def knocks(seed: int) -> Clip:
    """Knuckles on wood, three to five times."""
    rng, sound = np.random.default_rng(3000 + seed), np.zeros(9600)
    for number in range(int(rng.integers(3, 6))):
        time = _time(0.07)
        blow = sum(np.sin(2 * np.pi * hz * time) * np.exp(-time * hz / 12) for hz in rng.uniform(180, 1500, 4))
        at = int((0.02 + number * rng.uniform(0.17, 0.2)) * 8000)
        sound[at : at + len(time)] += blow
    return Clip("", level(sound, SPEECH_RMS))


def bursts(seed: int) -> Clip:
    """Crackle on the line: noise switched on and off."""
    rng = np.random.default_rng(4000 + seed)
    gate = np.repeat(rng.random(30) < 0.45, 320)
    return Clip("", level(rng.normal(0, 1, len(gate)) * gate, SPEECH_RMS))


def plays(seed: int) -> Clip:
    """A tune with a beat, two seconds of it."""
    rng, sound = np.random.default_rng(5000 + seed), np.zeros(16_000)
    for beat in range(8):
        time, hz = _time(0.24), 220 * 2 ** (int(rng.integers(0, 15)) / 12)
        note = sum(np.sin(2 * np.pi * hz * k * time) / k**1.3 for k in range(1, 6)) * np.exp(-4 * time)
        drum = rng.normal(0, 1, len(time)) * np.exp(-time * 40)
        sound[beat * 2000 : beat * 2000 + len(time)] += (note + drum)[: 16_000 - beat * 2000]
    return Clip("", level(sound, SPEECH_RMS))


def traffic(seed: int, seconds: float = 1.5) -> Clip | None:
    """A lorry: recorded background that swells and goes; None where the recordings are missing."""
    if not labelled.SPEECH.is_dir():
        return None
    noise = labelled.read(sorted((labelled.SPEECH / "noise").glob("*.wav"))[seed % 3])
    count = int(seconds * LINE_RATE_HZ)
    part = np.resize(noise[::-1], 20 * LINE_RATE_HZ)[seed * 7919 % 80_000 :][:count]
    return Clip("", level(part * np.hanning(count), SPEECH_RMS))


def room(seconds: float, seed: int, rms: float) -> Samples:
    """What is always there, at this level on the whole: a hiss, a hum with a fan, or recorded background."""
    rng, count = np.random.default_rng(6000 + seed), int(seconds * LINE_RATE_HZ)
    kind = seed % 3
    if kind == 2 and labelled.SPEECH.is_dir():
        found = sorted((labelled.SPEECH / "noise").glob("*.wav"))
        sound = np.resize(labelled.read(found[seed // 3 % len(found)])[::-1], count)
        sound = sound + rng.normal(0, 0.1 * sound.std(), count)  # no stretch of it is quite like another
    elif kind == 1:
        hum = np.sin(2 * np.pi * 100 * np.arange(count) / LINE_RATE_HZ)
        fan = signal.sosfilt(signal.butter(1, 600, "lowpass", fs=LINE_RATE_HZ, output="sos"), rng.normal(0, 1, count))
        sound = hum + 2 * fan
    else:
        sound = rng.normal(0, 1, count)
    return np.asarray(sound * (rms / sound.std()))
