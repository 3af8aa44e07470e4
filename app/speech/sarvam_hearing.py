"""Turns transcribed by Saaras at Sarvam: one request for one complete turn, or, beyond 28 s, one for each part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.personas.schema import Persona
from app.speech.protocols import Finding, ProviderContext, ProviderError, Transcript
from app.speech.sarvam_connection import SILENCE_S, Connection, options
from app.speech.sarvam_cuts import cut
from app.speech.sarvam_errors import explained
from app.speech.sarvam_findings import found
from app.speech.sarvam_languages import ENGLISH, UNKNOWN, heard_as
from app.speech.wav_file import wav_file

SAARAS = "saaras:v3"
_PLAIN, _MIXED = "transcribe", "codemix"
_TAKES_TERMS = "saaras:v4"
_MOST_TERMS, _LONGEST_TERM = 50, 64

_LIMIT_S = 10.0
"""Beside the turn's own length: a vendor that gives a byte now and then is not waited for either."""
_MEND = "correct SARVAM_STT_MODEL or SARVAM_STT_MODE"
_SHORT_SILENCE = Sound(b"\xff" * (LINE_RATE_HZ // 2), LINE_RATE_HZ, "mulaw")


class SarvamSpeechToText:
    """Saaras, told the persona's language."""

    name = "sarvam"

    def __init__(self, context: ProviderContext) -> None:
        self._model = context.settings.get("SARVAM_STT_MODEL") or SAARAS
        self._mode = context.settings.get("SARVAM_STT_MODE")
        self._connection = Connection(context.settings)

    async def warm(self) -> None:
        """Open a connection, unless one was used lately; say in the log if there is no key."""
        await self._connection.warm()

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """The turn's words. The vendor is sure of a language at most, never of words: `confidence` is None.

        Raises ProviderError.
        """
        if not sound.samples:
            return Transcript("")
        wanted = self._wanted(persona)
        with explained(_MEND):
            client = self._connection.client
            files = await asyncio.to_thread(_files, sound)
            async with asyncio.timeout(_LIMIT_S + sound.duration_ms / 1000):
                texts = await _together([_text(client, file, wanted) for file in files])
        return Transcript(" ".join(text for text in texts if text), model=self._model)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """One request with half a second of silence."""
        for persona in personas[:1]:
            return [
                await found("SARVAM_STT_MODEL", f"{self._model} transcribes", self.transcribe(_SHORT_SILENCE, persona))
            ]
        return ()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    def _wanted(self, persona: Persona) -> dict[str, Any]:
        """The request's fields beside the file.

        Indian callers say English words in the midst of their own language, and `codemix` writes each in its own
        script, as the persona's phrases and a model know them; `transcribe` would write them all in the language's.
        """
        language = heard_as(persona.language)
        mixed = language not in (ENGLISH, UNKNOWN)
        fields: dict[str, Any] = {
            "model": self._model,
            "mode": self._mode or (_MIXED if mixed else _PLAIN),
            "language_code": language,
        }
        return fields | ({"keyterms": terms(persona)} if self._model.startswith(_TAKES_TERMS) else {})


def terms(persona: Persona) -> list[str]:
    """The persona's name and the phrases it expects, most particular first, as many as the vendor takes."""
    phrases = (persona.name, *persona.expects, *(ask for entry in persona.knowledge for ask in entry.ask))
    return [phrase for phrase in dict.fromkeys(phrases) if len(phrase) <= _LONGEST_TERM][:_MOST_TERMS]


def _files(sound: Sound) -> list[bytes]:
    return [wav_file(part) for part in cut(sound)]


async def _together(asks: list[Any]) -> list[str]:
    """All answers, in order; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask) for ask in asks]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


async def _text(client: Any, file: bytes, wanted: dict[str, Any]) -> str:
    heard = await client.speech_to_text.transcribe(
        file=("turn.wav", file, "audio/wav"), request_options=options(SILENCE_S), **wanted
    )
    text = getattr(heard, "transcript", None)
    if not isinstance(text, str):
        raise ProviderError("Sarvam answered with something that is not a transcript", "rubbish")
    return text.strip()
