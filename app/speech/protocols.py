"""What a provider of speech or thought must be able to do, and what it is given.

A provider is one file in this package with one `PROVIDER` constant; `registry` finds it. Callers put a time limit on
every call; a provider must stop its work when it is cancelled, and must never block the event loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.audio.sound import Sound
from app.dialogue.flow import Plan
from app.personas.schema import Persona


class ProviderError(Exception):
    """A provider could not do its work; the message is for the operator and holds no speech and no key."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one complete turn; empty `text` when nothing was said. `confidence` in 0..1 where known."""

    text: str
    confidence: float | None = None


class SpeechToText(Protocol):
    """Turns what a caller said into words."""

    async def warm(self) -> None:
        """Get ready, so that the first caller does not pay for it."""

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """`sound`: the complete turn, the line's own 8 kHz μ-law. Raises ProviderError."""

    async def aclose(self) -> None: ...


class LanguageModel(Protocol):
    """Words the replies."""

    async def warm(self) -> None: ...

    def reply(self, plan: Plan, persona: Persona) -> AsyncIterator[str]:
        """The reply's text in pieces as they come. Raises ProviderError."""

    async def aclose(self) -> None: ...


class TextToSpeech(Protocol):
    """Speaks them."""

    async def warm(self) -> None: ...

    def refuse(self, persona: Persona) -> str | None:
        """None if the persona's voice can be spoken; else one line: the key in the YAML, what is wrong, what to
        do."""

    def speak(self, text: str, persona: Persona) -> AsyncIterator[Sound]:
        """The speech in pieces as they come, one rate and encoding throughout. Raises ProviderError."""

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What a provider may know at its making.

    `settings`: its own settings by name (upper case), strings. `expected`: by persona, sentences that its callers
    may say beside what the persona itself expects (answers to its interview's questions).
    """

    personas: Mapping[str, Persona]
    settings: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. A part it does not offer is None. `settings`: names of settings that are its own, upper case."""

    name: str
    speech_to_text: Callable[[ProviderContext], SpeechToText] | None = None
    language_model: Callable[[ProviderContext], LanguageModel] | None = None
    text_to_speech: Callable[[ProviderContext], TextToSpeech] | None = None
    settings: tuple[str, ...] = ()
