"""Callers for the recogniser: phrases spoken by espeak-ng, and recorded people, all through the telephone's μ-law."""

from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray

from app.audio import mulaw
from app.audio.reading import LINE_RATE_HZ
from app.audio.resample import whole
from app.audio.sound import Sound
from app.personas.loader import load_personas
from app.personas.schema import OfflineVoice, Patience
from app.speech.espeak import OWNER, synthesize
from app.speech.protocols import Transcript
from app.speech.shaping import shape

RECORDINGS = Path(__file__).parents[3] / "shared" / "speech"
PERSONAS = load_personas(Path(__file__).parents[2] / "personas")

#: None of these voices and none of these sentences had a part in choosing the recogniser's numbers.
VOICES = (
    ("en-us", "f3"),
    ("en-us", "m2"),
    ("en-us", "Annie"),
    ("en-gb", "m5"),
    ("en-gb", "f2"),
    ("en-gb-scotland", "m1"),
)

UNRELATED = (
    "The bishop painted nine watercolours of the harbour wall.",
    "Geologists dated the limestone to the early Jurassic period.",
    "Our neighbour's tractor rusted behind the orchard all winter.",
    "Parliament adjourned after a furious debate over fishing quotas.",
    "Owls hunt voles along the hedgerow at dusk.",
    "The violinist retuned her instrument during the interval.",
    "Copper wire conducts electricity better than iron.",
    "Twelve sailors hauled the anchor through thick mud.",
)


def understood(transcript: Transcript) -> str:
    """The words, if a persona would act upon them."""
    return "" if Patience().is_unsure(transcript.confidence) else transcript.text


def spoken(text: str, voice: tuple[str, str] = ("en-us", "f2"), snr_db: float | None = None) -> Sound:
    """`text` as a caller's turn of 8 kHz μ-law: a quarter second of room, the words, half a second of room.

    `snr_db`: white noise that far below the words; None leaves the room digitally silent.
    """
    made, rate_hz = OWNER.submit(synthesize, text, OfflineVoice(voice=voice[0], variant=voice[1]), Event()).result()
    line = whole(Sound(shape(made, rate_hz, 0).data, rate_hz), LINE_RATE_HZ)
    words = np.frombuffer(line.data, dtype="<i2").astype(np.float64)
    samples = np.concatenate([np.zeros(2_000), words, np.zeros(4_000)])
    if snr_db is not None:
        level = float(np.sqrt(np.mean(words[np.abs(words) > 50] ** 2)))
        samples += np.random.default_rng(len(text)).standard_normal(samples.size) * level * 10 ** (-snr_db / 20)
    return on_line(samples)


def recorded(name: str) -> Sound:
    """A recording of `../shared/speech`, as it sounds on the line."""
    with wave.open(str(RECORDINGS / name)) as file:
        return Sound(mulaw.encode(file.readframes(file.getnframes())), LINE_RATE_HZ, "mulaw")


def transcripts() -> dict[str, str]:
    """File name → words, of the recorded people."""
    lines = (RECORDINGS / "speech" / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def noises(piece_s: float = 1.5) -> list[Sound]:
    """White noise of four levels, and the recorded rooms in pieces."""
    size = int(piece_s * LINE_RATE_HZ)
    made = [on_line(np.random.default_rng(rms).standard_normal(size) * rms) for rms in (5, 100, 1_000, 3_000)]
    rooms = [recorded(f"noise/background-{number}.wav") for number in (1, 2, 3)] if RECORDINGS.exists() else []
    for room in rooms:
        borders = pairwise(range(0, room.samples, size))
        made += [Sound(room.data[start:end], LINE_RATE_HZ, "mulaw") for start, end in borders]
    return made


def on_line(samples: NDArray[np.float64]) -> Sound:
    """Samples at 8 kHz on the 16-bit scale → μ-law."""
    return Sound(mulaw.encode(np.clip(samples, -32_768, 32_767).astype("<i2").tobytes()), LINE_RATE_HZ, "mulaw")


def word_errors(said: str, understood: str) -> int:
    """Words to insert, delete or replace (Levenshtein)."""
    want, got = said.split(), understood.split()
    row = list(range(len(got) + 1))
    for place, word in enumerate(want, start=1):
        above, row = row, [place]
        for column, other in enumerate(got, start=1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (word != other)))
    return row[-1]
