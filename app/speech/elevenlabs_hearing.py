"""A turn transcribed by ElevenLabs's Scribe."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Any

import structlog

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.personas.schema import Persona
from app.speech.elevenlabs_connection import Connection, options
from app.speech.elevenlabs_errors import NO_KEY
from app.speech.elevenlabs_findings import found
from app.speech.protocols import Finding, ProviderContext, ProviderError, Transcript
from app.speech.wav_file import wav_file

SCRIBE = "scribe_v2"
_SILENCE_S = 10.0
"""No byte from the vendor for so long, and its answer is given up; whoever asks has a stricter limit of their own."""
_NOTHING = Sound(b"\xff" * LINE_RATE_HZ, LINE_RATE_HZ, "mulaw")
"""A second of silence, for a check."""
_log = structlog.get_logger(__name__)


class ElevenLabsSpeechToText:
    """Scribe: one request for one complete turn."""

    name = "elevenlabs"

    def __init__(self, context: ProviderContext) -> None:
        self._model = context.settings.get("ELEVENLABS_STT_MODEL") or SCRIBE
        self._connection = Connection(context.settings)
        self._told = False

    async def warm(self) -> None:
        """Open a connection; say in the log, once, if there is no key."""
        if not self._connection.has_key and not self._told:
            self._told = True
            _log.warning("provider_not_ready", provider="elevenlabs", reason=NO_KEY)
        await self._connection.warm()

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """The turn's words; `confidence` is the words' geometric mean probability. Raises ProviderError."""
        if not sound.samples:
            return Transcript("", model=self._model)
        return await self._asked(sound, language_code=persona.language.partition("-")[0])

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """A second of silence is transcribed: that takes the key, the right to use it, and the model."""
        return [await found("ELEVENLABS_STT_MODEL", f"{self._model} transcribes", self._asked(_NOTHING))]

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    async def _asked(self, sound: Sound, **fields: str) -> Transcript:
        async with self._connection.client() as client:
            heard = await client.speech_to_text.convert(
                model_id=self._model,
                file=("turn.wav", await asyncio.to_thread(wav_file, sound), "audio/wav"),
                tag_audio_events=False,
                request_options=options(_SILENCE_S + sound.duration_ms / 1000),
                **fields,  # type: ignore[arg-type]
            )
            return _transcript(heard, self._model)


def _transcript(heard: Any, model: str) -> Transcript:
    """From the SDK's answer, which it does not check. Raises ProviderError if it is something else."""
    text = getattr(heard, "text", None)
    if not isinstance(text, str):
        raise ProviderError("ElevenLabs answered with something that is not a transcript", "rubbish")
    if not text.strip():
        return Transcript("", model=model)
    words = getattr(heard, "words", None)
    spoken = [word for word in words if getattr(word, "type", None) == "word"] if isinstance(words, list) else []
    chances = [chance for word in spoken if isinstance(chance := getattr(word, "logprob", None), int | float)]
    if not chances or not all(map(math.isfinite, chances)):
        return Transcript(text.strip(), model=model)
    return Transcript(text.strip(), math.exp(min(0.0, sum(chances) / len(chances))), model)
