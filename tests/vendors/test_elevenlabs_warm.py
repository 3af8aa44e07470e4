"""Connections to a local ElevenLabs that are open before they are needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from app.speech.elevenlabs import ElevenLabsTextToSpeech
from tests.vendors.elevenlabs_speech import SECRET_TEXT, SPEECH, context, heard, persona
from tests.vendors.elevenlabs_stand_in import Answer, StandIn


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[ElevenLabsTextToSpeech]:
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url))) as made:
        yield made


async def test_a_warm_connection_is_used_for_every_sentence(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    await voice.warm()
    assert [("xi-api-key" in request.headers) for request in vendor.requests] == [False]
    for timestamps in (True, False, True):
        await heard(voice, persona(timestamps=timestamps))
    assert {request.connection for request in vendor.requests} == {1}


async def test_warming_up_again_asks_nothing_while_a_connection_is_fresh(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    for _ in range(3):
        await voice.warm()
    await heard(voice)
    await voice.warm()
    assert [request.method for request in vendor.requests] == ["GET", "POST"]


async def test_a_connection_left_alone_for_long_is_tried_anew(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    await voice.warm()
    later_s = asyncio.get_running_loop().time() + 31
    monkeypatch.setattr("app.speech.elevenlabs_connection._now_s", lambda: later_s)
    await voice.warm()
    assert len(vendor.requests) == 2


async def test_twenty_rings_at_once_have_a_connection_each(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    await asyncio.gather(*(voice.warm() for _ in range(20)))
    assert vendor.connections == 20
    await asyncio.gather(*(heard(voice) for _ in range(20)))
    assert vendor.connections == 20


async def test_as_many_stay_warm_as_were_needed_lately(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.gather(*(heard(voice) for _ in range(5)))
    now_s = asyncio.get_running_loop().time()
    monkeypatch.setattr("app.speech.elevenlabs_connection._now_s", lambda: now_s + 31)
    await voice.warm()
    assert (vendor.connections, len(vendor.requests) - len(vendor.posts)) == (5, 5)
    monkeypatch.setattr("app.speech.elevenlabs_connection._now_s", lambda: now_s + 93)
    await voice.warm()
    assert len(vendor.requests) - len(vendor.posts) == 6, "of five, one is enough now"


async def test_a_reply_that_was_cancelled_leaves_no_connection_that_counts_as_warm(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    vendor.answer = Answer((SPEECH,), ending="open")
    sounds = voice.speak(SECRET_TEXT, persona())
    await anext(sounds)
    await sounds.aclose()
    await voice.warm()
    assert [request.method for request in vendor.requests] == ["POST", "GET"]
