"""What the tests of ElevenLabs share: a persona with a voice, a second of sound, and the settings for the stand-in."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from app.audio.mulaw import encode
from app.audio.sound import Sound
from app.personas.schema import ElevenLabsVoice, Persona, Voice
from app.speech.elevenlabs import ElevenLabsTextToSpeech
from app.speech.protocols import ProviderContext, SpeechPart
from tests.speech.callers import PERSONAS
from tests.vendors.elevenlabs_stand_in import KEY

PLAIN = PERSONAS["assistant"]
SECRET_TEXT = "My account is four two seven."
SPEECH = encode((np.sin(np.arange(8000) * 0.35) * 6000).astype("<i2").tobytes())
"""A second of tone: 8000 bytes of μ-law."""
TURN = Sound(SPEECH, 8000, "mulaw")


def persona(language: str = "en", **voice: Any) -> Persona:
    given = {"voice_id": "Voice1", **voice}
    return PLAIN.model_copy(update={"language": language, "voice": Voice(elevenlabs=ElevenLabsVoice(**given))})


def context(url: str, **settings: str) -> ProviderContext:
    return ProviderContext({PLAIN.id: PLAIN}, {"ELEVENLABS_API_KEY": KEY, "ELEVENLABS_BASE_URL": url, **settings})


async def heard(voice: ElevenLabsTextToSpeech, who: Persona | None = None, text: str = SECRET_TEXT) -> list[Sound]:
    return [part for part in await parts(voice, who, text) if isinstance(part, Sound)]


async def parts(voice: ElevenLabsTextToSpeech, who: Persona | None = None, text: str = SECRET_TEXT) -> list[SpeechPart]:
    return [part async for part in voice.speak(text, who or persona())]


def wav(data: bytes, size: int, *, encoding: int = 7, rate_hz: int = 8000) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, encoding, 1, rate_hz, rate_hz, 1, 8)
    listed = struct.pack("<4sI", b"LIST", 4) + b"INFO"
    chunks = form + listed + struct.pack("<4sI", b"data", size) + data
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + chunks
