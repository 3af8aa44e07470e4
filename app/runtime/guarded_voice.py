"""A voice on the house's own account, as for lines that are kept: within its breaker like any call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial

from app.clock import Clock
from app.personas.schema import Persona
from app.runtime.attempt import Link, Request
from app.runtime.chain import CallChain
from app.runtime.limits import Pace
from app.runtime.metering import SpeechMeter
from app.runtime.reporting import Fault, Spent
from app.speech.protocols import Finding, SpeechPart, TextToSpeech

UNHURRIED = Pace(first_s=8.0, idle_s=5.0, total_s=30.0)
"""Nobody is on the line."""


class GuardedVoice:
    """The part of `link`. What it learns of the provider's health holds for all calls, and the other way round."""

    def __init__(self, link: Link[TextToSpeech], clock: Clock) -> None:
        self.name = link.name
        self._part = link.part
        self._chain = CallChain([link], _Unreported(), clock)

    def speak(self, text: str, persona: Persona) -> AsyncIterator[SpeechPart]:
        """As the part does, as long as it is not to be left alone."""
        asked: Request[TextToSpeech, SpeechPart] = Request(
            lambda part: part.speak(text, persona),
            lambda _: UNHURRIED,
            lambda part: SpeechMeter(text, partial(part.model, persona)),
        )
        return self._chain.pieces(asked)

    def refuse(self, persona: Persona) -> str | None:
        return self._part.refuse(persona)

    def model(self, persona: Persona) -> str:
        return self._part.model(persona)

    def voice_key(self, persona: Persona) -> str:
        return self._part.voice_key(persona)

    async def warm(self) -> None:
        await self._part.warm()

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        return await self._part.check(personas)

    async def aclose(self) -> None:
        """It is not ours to close."""


class _Unreported:
    """Who asks for the voice tells of it."""

    def failed(self, fault: Fault) -> None: ...

    def spent(self, spent: Spent) -> None: ...
