"""Providers in order of fallback, each within its limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.audio.sound import Sound
from app.dialogue.flow import Plan
from app.personas.schema import Persona
from app.runtime.providers import Limits, Providers
from app.speech.protocols import ProviderError, Transcript
from tests.stories.stage import persona

SOUND = Sound(b"\xff" * 160, 8000, "mulaw")
QUICK = Limits(transcribe_s=0.05, first_s=0.05, between_s=0.05)


class Part:
    """A provider that gives `pieces`, then fails or stalls if told to."""

    def __init__(self, *pieces: str, fails: bool = False, stalls: bool = False) -> None:
        self.pieces, self.fails, self.stalls = pieces, fails, stalls
        self.closed = 0

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    def refuse(self, _: Persona) -> str | None:
        return None

    async def _give(self) -> AsyncIterator[str]:
        try:
            for piece in self.pieces:
                yield piece
            if self.stalls:
                await asyncio.sleep(60)
            if self.fails:
                raise ProviderError("out of order")
        finally:
            self.closed += 1

    def reply(self, plan: Plan, who: Persona) -> AsyncIterator[str]:
        return self._give()

    async def speak(self, text: str, who: Persona) -> AsyncIterator[Sound]:
        async for piece in self._give():
            yield Sound(piece.encode(), 8000, "mulaw")

    async def transcribe(self, sound: Sound, who: Persona) -> Transcript:
        async for piece in self._give():
            return Transcript(piece)
        return Transcript("")


def providers(*parts: Part) -> Providers:
    return Providers(parts, parts, parts, QUICK)


async def reply(*parts: Part) -> list[str]:
    return [piece async for piece in providers(*parts).reply(Plan("own words", None), persona())]


async def test_the_first_that_can_does_it() -> None:
    assert await reply(Part("a", "b"), Part("c")) == ["a", "b"]


@pytest.mark.parametrize("broken", [Part(fails=True), Part(stalls=True)])
async def test_one_that_fails_or_is_late_is_left_for_the_next(broken: Part) -> None:
    assert await reply(broken, Part("c")) == ["c"]
    assert broken.closed == 1


@pytest.mark.parametrize("broken", [Part("a", fails=True), Part("a", stalls=True)])
async def test_what_breaks_off_is_not_begun_again_by_another(broken: Part) -> None:
    source = providers(broken, Part("c")).reply(Plan("own words", None), persona())
    assert await anext(source) == "a"
    with pytest.raises(ProviderError):
        await anext(source)


async def test_none_that_can_is_an_error() -> None:
    with pytest.raises(ProviderError):
        await reply(Part(fails=True), Part(stalls=True))


async def test_transcription_falls_back_too() -> None:
    assert await providers(Part(stalls=True), Part("hello")).transcribe(SOUND, persona()) == Transcript("hello")
    with pytest.raises(ProviderError):
        await providers(Part(fails=True)).transcribe(SOUND, persona())


async def test_a_reply_that_is_cancelled_closes_its_source() -> None:
    part = Part("a", stalls=True)
    everything = Providers([part], [part], [part], Limits())

    async def listen() -> None:
        async for _ in everything.reply(Plan("own words", None), persona()):
            pass

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0)
    assert part.closed == 1
