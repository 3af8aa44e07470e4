"""Recognition, thought and speech for the calls: providers in order of fallback, each call of them within its limits.

A provider that fails, or is late with its first piece or the next, is left for the one after it, as long as the
caller has noticed nothing: once a piece of a reply or of a sentence is out, the rest must come from the same
provider or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog

from app.audio.sound import Sound
from app.dialogue.flow import Plan
from app.personas.schema import Persona
from app.speech.protocols import (
    LanguageModel,
    ProviderError,
    ReplyPart,
    SpeechPart,
    SpeechToText,
    TextToSpeech,
    Transcript,
)

T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: for a transcription (and as much again as the sound lasts), for a stream's first piece, between two."""

    transcribe_s: float = 8.0
    first_s: float = 8.0
    between_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Providers:
    """Each in order of fallback, none empty."""

    speech_to_text: Sequence[SpeechToText]
    language_model: Sequence[LanguageModel]
    text_to_speech: Sequence[TextToSpeech]
    limits: Limits = Limits()

    async def warm(self) -> None:
        """Get all of them ready."""
        await asyncio.gather(*(provider.warm() for provider in self._everyone()))

    def _everyone(self) -> list[SpeechToText | LanguageModel | TextToSpeech]:
        return [*self.speech_to_text, *self.language_model, *self.text_to_speech]

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """Raises ProviderError if none of them can."""
        limit_s = self.limits.transcribe_s + sound.duration_ms / 1000
        for provider in self.speech_to_text:
            try:
                async with asyncio.timeout(limit_s):
                    return await provider.transcribe(sound, persona)
            except (ProviderError, TimeoutError) as error:
                _log.warning("transcription_failed", provider=type(provider).__name__, error=_reason(error))
        raise ProviderError("no provider could transcribe")

    def reply(self, plan: Plan, persona: Persona) -> AsyncIterator[ReplyPart]:
        """The reply's text as it comes. Raises ProviderError."""
        return self._first_able([partial(p.reply, plan, persona) for p in self.language_model], "reply")

    def speak(self, text: str, persona: Persona) -> AsyncIterator[SpeechPart]:
        """The speech as it comes. Raises ProviderError."""
        return self._first_able([partial(p.speak, text, persona) for p in self.text_to_speech], "speech")

    async def _first_able(self, sources: Sequence[Callable[[], AsyncIterator[T]]], what: str) -> AsyncGenerator[T]:
        for source in sources:
            began = False
            try:
                async for piece in self._bounded(source()):
                    began = True
                    yield piece
                return
            except (ProviderError, TimeoutError) as error:
                _log.warning(f"{what}_failed", error=_reason(error), began=began)
                if began:
                    raise ProviderError(f"the {what} broke off") from error
        raise ProviderError(f"no provider gave any {what}")

    async def _bounded(self, source: AsyncIterator[T]) -> AsyncGenerator[T]:
        limit_s = self.limits.first_s
        try:
            while True:
                async with asyncio.timeout(limit_s):
                    piece = await anext(source)
                yield piece
                limit_s = self.limits.between_s
        except StopAsyncIteration:
            return
        finally:
            if isinstance(source, AsyncGenerator):
                await source.aclose()

    async def aclose(self) -> None:
        await asyncio.gather(*(provider.aclose() for provider in self._everyone()), return_exceptions=True)


def _reason(error: Exception) -> str:
    return "timeout" if isinstance(error, TimeoutError) else str(error)
