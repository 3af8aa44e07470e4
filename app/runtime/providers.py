"""Recognition, thought and speech for all calls: the providers in order of fallback, each with its breaker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog

from app.clock import Clock, SystemClock
from app.personas.schema import Persona
from app.runtime.attempt import Link
from app.runtime.breaker import Breaker, State
from app.runtime.call_providers import CallProviders
from app.runtime.call_report import LogReport
from app.runtime.fixed_lines import FixedLines
from app.runtime.guarded_voice import GuardedVoice
from app.runtime.limits import IN_HOUSE, Limits, limits_for
from app.runtime.reporting import Reporter, Stage
from app.speech.protocols import Finding, LanguageModel, Part, PauseJudge, ProviderError, SpeechToText, TextToSpeech

PREPARED_FOR_S = 10.0
"""Turns of a call are seconds apart, and calls of a busy house less; connections are kept for a minute."""
WARM_WITHIN_S = 5.0
"""A connection that takes longer to open is of no use to the caller who speaks meanwhile."""

CHECK_WITHIN_S = 12.0
"""Parts promise to be done within 10 s."""

P = TypeVar("P", bound=Part)

_log = structlog.get_logger(__name__)


class Providers:
    """Each stage's parts in order of fallback. `limits`: by a provider's name. `lines`: what voices need not say
    twice. `pauses`: a network that hears whether a pause is an end, if there is one."""

    def __init__(
        self,
        speech_to_text: Sequence[SpeechToText],
        language_model: Sequence[LanguageModel],
        text_to_speech: Sequence[TextToSpeech],
        limits: Callable[[str], Limits] = limits_for,
        clock: Clock | None = None,
        lines: FixedLines | None = None,
        pauses: PauseJudge | None = None,
    ) -> None:
        self._lines = lines
        self._pauses = pauses
        self._clock: Clock = clock or SystemClock()
        self._ears = _links("transcribe", speech_to_text, limits)
        self._minds = _links("reply", language_model, limits)
        self._voices = _links("speak", text_to_speech, limits)
        self._warming: dict[int, asyncio.Task[None]] = {}
        self._warmed_at: dict[int, float] = {}

    @property
    def parts(self) -> list[Part]:
        """All of them."""
        return [link.part for link in self._everyone()]

    @property
    def first_voice(self) -> GuardedVoice | None:
        """Who speaks the lines that are kept; None if nobody speaks."""
        return GuardedVoice(self._voices[0], self._clock) if self._voices else None

    @property
    def can_judge(self) -> bool:
        """Whether there is a model that can: those of this machine cannot."""
        return any(link.name not in IN_HOUSE for link in self._minds)

    def for_call(self, persona: Persona, reporter: Reporter | None = None) -> CallProviders:
        """What one call asks. `reporter` is told what fails and what is used."""
        return CallProviders(
            persona,
            self._ears,
            self._minds,
            [voice for voice in self._voices if voice.part.refuse(persona) is None],
            reporter=reporter or LogReport(),
            clock=self._clock,
            prepare=lambda: self._prepare((*self._minds, *self._voices)),
            lines=self._lines,
            pauses=self._pauses,
        )

    async def warm(self) -> None:
        """Get all of them ready; what fails is in the log."""
        await asyncio.gather(*(_warm(link) for link in self._everyone()))
        if self._pauses is not None:
            try:
                await self._pauses.warm()
            except ProviderError as error:  # the rules decide meanwhile
                _log.warning("pauses_not_judged", says=str(error))

    def prepare(self) -> None:
        """The phone rings: open connections in the background."""
        self._prepare(self._everyone())

    def _prepare(self, links: Iterable[Link[Any]]) -> None:
        """Nobody who rests is bothered, and nobody is asked twice at a time, or again so soon."""
        now = self._clock.now()
        for link in links:
            key = id(link)
            fresh = now - self._warmed_at.get(key, -PREPARED_FOR_S) < PREPARED_FOR_S
            if fresh or key in self._warming or link.breaker.state(now) == "open":
                continue
            self._warmed_at[key] = now
            task = asyncio.get_running_loop().create_task(_warm(link, WARM_WITHIN_S), name=f"warm-{link.name}")
            self._warming[key] = task
            task.add_done_callback(partial(self._warmed, key))

    def _warmed(self, key: int, _: asyncio.Task[None]) -> None:
        self._warming.pop(key, None)

    def states(self) -> list[tuple[Stage, str, State]]:
        """Every provider's breaker now: (stage, provider, state)."""
        now = self._clock.now()
        return [(link.stage, link.name, link.breaker.state(now)) for link in self._everyone()]

    async def check(self, personas: Sequence[Persona]) -> list[Finding]:
        """What every provider found out about its settings."""
        found = await asyncio.gather(*(_checked(part, personas) for part in self.parts))
        pauses = [await self._pauses.check()] if self._pauses is not None else []
        return [*(finding for each in found for finding in each), *pauses]

    async def aclose(self) -> None:
        """End what is under way, and close every connection."""
        tasks = list(self._warming.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(link.part.aclose() for link in self._everyone()), return_exceptions=True)
        if self._pauses is not None:
            await self._pauses.aclose()

    def _everyone(self) -> list[Link[Any]]:
        return [*self._ears, *self._minds, *self._voices]


def _links(stage: Stage, parts: Sequence[P], limits: Callable[[str], Limits]) -> list[Link[P]]:
    return [Link(stage, part, Breaker(), limits(part.name)) for part in parts]


async def _warm(link: Link[Any], within_s: float | None = None) -> None:
    try:
        async with asyncio.timeout(within_s):
            await link.part.warm()
    except Exception as error:  # it may still recover; calls fall back meanwhile
        _log.warning("provider_not_warm", stage=link.stage, provider=link.name, error=type(error).__name__)


async def _checked(part: Part, personas: Sequence[Persona]) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(CHECK_WITHIN_S):
            return await part.check(personas)
    except Exception as error:
        return [Finding(part.name, False, f"it could not be checked ({type(error).__name__})")]
