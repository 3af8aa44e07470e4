"""Vendors whose answers have no end, or unfold into far more than was sent: they cost a sentence, never the memory."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from typing import Any

import pytest
import pytest_asyncio

from app.speech.elevenlabs import ElevenLabsTextToSpeech
from app.speech.elevenlabs_hearing import ElevenLabsSpeechToText
from app.speech.protocols import FaultKind, ProviderError
from app.speech.sarvam_chat import SarvamLanguageModel
from app.speech.sarvam_hearing import SarvamSpeechToText
from app.speech.sarvam_voice import SarvamTextToSpeech
from tests.vendors import elevenlabs_speech, sarvam_stand_in
from tests.vendors.elevenlabs_stand_in import Answer, StandIn, stand_in

MUCH = (b"x" * 65_536,) * 1000
"""64 MB: far more than is read, and than sockets hold."""
NOW, LATER = "Sat, 21 Nov 2026 15:00:00 GMT", "Sat, 21 Nov 2026 15:01:00 GMT"

Asks = dict[str, Callable[[], Awaitable[Any]]]


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with stand_in() as running:
        yield running


@pytest_asyncio.fixture
async def asks(vendor: StandIn) -> AsyncIterator[Asks]:
    """One request for each part that has a pool of its own."""
    eleven, sarvam = elevenlabs_speech.context(vendor.url), sarvam_stand_in.context(vendor.url)
    async with AsyncExitStack() as stack:
        ear, voice = ElevenLabsSpeechToText(eleven), ElevenLabsTextToSpeech(eleven)
        other_ear, mind, other_voice = (
            SarvamSpeechToText(sarvam),
            SarvamLanguageModel(sarvam),
            SarvamTextToSpeech(sarvam),
        )
        for part in (ear, voice, other_ear, mind, other_voice):
            await stack.enter_async_context(aclosing(part))
        yield {
            "elevenlabs stt": lambda: ear.transcribe(elevenlabs_speech.TURN, elevenlabs_speech.persona()),
            "elevenlabs tts": lambda: elevenlabs_speech.heard(voice),
            "sarvam stt": lambda: other_ear.transcribe(sarvam_stand_in.TURN, sarvam_stand_in.persona()),
            "sarvam llm": lambda: _replied(mind),
            "sarvam tts": lambda: sarvam_stand_in.heard(other_voice),
        }


async def _replied(mind: SarvamLanguageModel) -> None:
    async for _ in mind.reply(sarvam_stand_in.PLAN, sarvam_stand_in.persona()):
        pass


PARTS = pytest.mark.parametrize("part", ["elevenlabs stt", "elevenlabs tts", "sarvam stt", "sarvam llm", "sarvam tts"])


@PARTS
@pytest.mark.parametrize(("status", "kind"), [(200, "rubbish"), (401, "key")])
async def test_an_answer_that_goes_on_and_on_is_left(
    vendor: StandIn, asks: Asks, part: str, status: int, kind: FaultKind
) -> None:
    vendor.answer = Answer(MUCH, status, "application/json")
    with pytest.raises(ProviderError) as told:
        await asks[part]()
    assert told.value.kind == kind
    await asyncio.wait_for(vendor.left.wait(), 0.5)


async def test_a_line_of_a_reply_that_does_not_end_is_left(vendor: StandIn, asks: Asks) -> None:
    vendor.answer = Answer((b'data: {"a": "', *MUCH), content_type="text/event-stream")
    with pytest.raises(ProviderError, match="event of Sarvam's went beyond"):
        await asks["sarvam llm"]()
    await asyncio.wait_for(vendor.left.wait(), 0.5)


@PARTS
async def test_a_packed_answer_is_not_asked_for_and_not_unfolded(vendor: StandIn, asks: Asks, part: str) -> None:
    packed = gzip.compress(bytes(20_000_000))
    vendor.answer = Answer((packed,), content_type="application/json", headers={"content-encoding": "gzip"})
    vendor.untimed = vendor.answer
    with pytest.raises(ProviderError, match="compressed") as told:
        await asks[part]()
    assert told.value.kind == "rubbish"
    [asked] = vendor.posts
    assert asked.headers["accept-encoding"] == "identity"


@PARTS
async def test_a_rest_that_is_asked_for_as_a_date_counts(vendor: StandIn, asks: Asks, part: str) -> None:
    rest = {"Date": NOW, "Retry-After": LATER}
    vendor.answer = Answer((b"{}",), 429, "application/json", rest)
    with pytest.raises(ProviderError, match="60 s of rest") as told:
        await asks[part]()
    assert (told.value.kind, told.value.retry_after_s) == ("busy", 60.0)
