"""Providers that do as they are told, and a reporter that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from app.audio.sound import Sound
from app.dialogue.flow import ModelRequest, Plan
from app.personas.schema import Persona
from app.runtime.call_providers import CallProviders
from app.runtime.providers import Providers
from app.runtime.reporting import Fault, Spent
from app.speech.protocols import FaultKind, Finding, ProviderError, Tokens, Transcript
from tests.runtime.virtual_time import LoopClock
from tests.stories.stage import persona

PLAN = Plan("The flow's own words.", None, model=ModelRequest("Be kind, and be brief.", ()))
TURN = Sound(b"\xff" * 16_000, 8000, "mulaw")
"""Two seconds."""


def sound(seconds: float) -> Sound:
    return Sound(b"\xff" * round(seconds * 8000), 8000, "mulaw")


def fails(kind: FaultKind = "failed", retry_after_s: float | None = None) -> ProviderError:
    return ProviderError(f"out of order: {kind}", kind, retry_after_s)


class Actor:
    """A provider of everything. Each request plays the next script (the last one again and again): numbers are waits
    in seconds, exceptions are raised, anything else is given."""

    def __init__(self, name: str, *scripts: Sequence[Any], refusal: str | None = None) -> None:
        self.name, self.refusal, self.model_name = name, refusal, ""
        self.scripts = [list(script) for script in scripts] or [[]]
        self.asked: list[float] = []
        self.closed: list[float] = []
        self.warmed: list[float] = []
        self.warm_s = 0.0

    async def play(self) -> AsyncGenerator[Any]:
        loop = asyncio.get_running_loop()
        script = self.scripts[min(len(self.asked), len(self.scripts) - 1)]
        self.asked.append(loop.time())
        try:
            for step in script:
                if isinstance(step, int | float):
                    await asyncio.sleep(step)
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield step
        finally:
            self.closed.append(loop.time())

    def reply(self, plan: Plan, who: Persona) -> AsyncIterator[Any]:
        return self.play()

    def speak(self, text: str, who: Persona) -> AsyncIterator[Any]:
        return self.play()

    async def transcribe(self, turn: Sound, who: Persona) -> Transcript:
        said = await self._first()
        return Transcript(said, 0.9, f"{self.name}-ear") if isinstance(said, str) else said

    async def judge(self, request: ModelRequest, form: type[Any]) -> tuple[Any, Tokens | None]:
        return await self._first(), Tokens(f"{self.name}-1", 7, 3)

    async def _first(self) -> Any:
        async with aclosing(self.play()) as pieces:
            return await anext(pieces)

    def refuse(self, who: Persona) -> str | None:
        return self.refusal

    def model(self, who: Persona) -> str:
        return f"{self.name}-voice"

    def voice_key(self, who: Persona) -> str:
        return f"{self.name}'s voice"

    async def warm(self) -> None:
        self.warmed.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.warm_s)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        return [Finding(f"{self.name.upper()}_API_KEY", True, "fine")]

    async def aclose(self) -> None: ...


@dataclass
class Notebook:
    """What was reported."""

    faults: list[Fault] = field(default_factory=list)
    used: list[Spent] = field(default_factory=list)

    def failed(self, fault: Fault) -> None:
        self.faults.append(fault)

    def spent(self, spent: Spent) -> None:
        self.used.append(spent)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Faults as (provider, kind, then)."""
        return [(fault.provider, fault.kind, fault.then) for fault in self.faults]


class Cast:
    """A house with these actors at every stage, and calls in it."""

    def __init__(self, *actors: Actor, **more: Any) -> None:
        cast: list[Any] = list(actors)
        self.providers = Providers(cast, cast, cast, clock=LoopClock(), **more)
        self.notes = Notebook()
        self.call = self.new_call()

    def new_call(self) -> CallProviders:
        return self.providers.for_call(persona(), self.notes)

    def states(self, stage: str) -> dict[str, str]:
        return {provider: state for at, provider, state in self.providers.states() if at == stage}


async def everything(stream: AsyncIterator[Any]) -> list[Any]:
    return [piece async for piece in stream]


async def outcome(ask: Callable[[], Any]) -> tuple[str, float]:
    """The kind of the ProviderError, or "", and how many seconds it took."""
    began = asyncio.get_running_loop().time()
    try:
        await ask()
    except ProviderError as error:
        return error.kind, round(asyncio.get_running_loop().time() - began, 3)
    return "", round(asyncio.get_running_loop().time() - began, 3)
