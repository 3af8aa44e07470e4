"""The real SDK against an ElevenLabs that refuses, breaks off, dawdles or talks nonsense, and callers who leave."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from itertools import repeat
from typing import Any

import pytest
import pytest_asyncio

from app.audio.sound import Sound
from app.runtime.limits import Limits, Pace
from app.runtime.providers import Providers
from app.speech.elevenlabs import ElevenLabsSpeechToText, ElevenLabsTextToSpeech
from app.speech.protocols import ProviderError
from tests.vendors.elevenlabs_speech import SECRET_TEXT, SPEECH, TURN, context, heard, persona, wav
from tests.vendors.elevenlabs_stand_in import KEY, Answer, StandIn, error, stand_in, transcript

QUICK = Limits(transcribe_s=0.3, text=Pace(0.3, 0.2, 2.0), sound=Pace(0.3, 0.2, 2.0))


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with stand_in() as running:
        running.answer = Answer((SPEECH[:1000], SPEECH[1000:]))
        yield running


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[ElevenLabsTextToSpeech]:
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url))) as made:
        yield made


@pytest_asyncio.fixture
async def ear(vendor: StandIn) -> AsyncIterator[ElevenLabsSpeechToText]:
    async with aclosing(ElevenLabsSpeechToText(context(vendor.url))) as made:
        yield made


RUBBISH = {
    "a page": Answer((b"<html>oops</html>",), content_type="text/html"),
    "json": Answer((b'{"ok": true}',), content_type="application/json"),
    "text that calls itself sound": Answer((b"Service unavailable, try later. " * 20,)),
    "a short text that does": Answer((b"oops",)),
    "nothing at all": Answer(()),
    "another wav": Answer((wav(SPEECH, 8000, encoding=1),)),
    "a wav at another rate": Answer((wav(SPEECH, 8000, rate_hz=16000),)),
    "half a header": Answer((wav(SPEECH, 8000)[:30],)),
    "a header without end": Answer((b"RIFF" + bytes([255]) * 9000,)),
}


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH)
async def test_what_is_not_speech_is_never_played(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, answer: Answer
) -> None:
    vendor.answer = answer
    with pytest.raises(ProviderError, match="ElevenLabs answered"):
        await heard(voice)


async def test_half_a_stream_gives_what_came_and_then_an_error(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    vendor.answer = Answer((SPEECH[:4000],), ending="cut")
    sounds = voice.speak(SECRET_TEXT, persona())
    assert (await anext(sounds)).data == SPEECH[:4000]
    with pytest.raises(ProviderError, match="broke off"):
        await anext(sounds)


ERRORS = [
    (error(401, "invalid_api_key"), "ELEVENLABS_API_KEY"),
    (Answer((b"no",), 401), "ELEVENLABS_API_KEY"),
    (error(401, "quota_exceeded"), "quota"),
    (error(400, "quota_exceeded"), "quota"),
    (error(400, "voice_not_found"), "ELEVENLABS_VOICE_ID"),
    (error(429, "too_many_concurrent_requests", Retry_After="60"), "plan allows.*60 s"),
    (error(429, "new_word", Retry_After="Fri, 31 Dec"), "too many requests .HTTP 429, new_word.$"),
    (error(500, "system_busy"), "busy"),
    (Answer((b"<html>",), 500, "text/html"), "failed .HTTP 500"),
    (Answer((b"\xff\xfe{",), 503, "application/json"), "ElevenLabs"),
    (Answer((b"[1]",), 500, "application/json"), "HTTP 500"),
    (Answer((b'{"detail":[{"loc":["body","model_id"],"msg":"x"}]}',), 422, "application/json"), "model_id"),
    (Answer((b'{"detail":[1,{"loc":7}]}',), 422, "application/json"), "the request"),
    (Answer((), 307, headers={"location": "http://127.0.0.1:1/"}), "not what was asked for"),
]


@pytest.mark.parametrize(("answer", "says"), ERRORS)
async def test_every_refusal_is_asked_once_and_told_in_one_line(
    vendor: StandIn,
    voice: ElevenLabsTextToSpeech,
    ear: ElevenLabsSpeechToText,
    answer: Answer,
    says: str,
) -> None:
    vendor.answer = answer
    begun = time.monotonic()
    for ask in (lambda: heard(voice), lambda: ear.transcribe(TURN, persona())):
        with pytest.raises(ProviderError, match=says) as told:
            await ask()
        assert "\n" not in str(told.value)
    assert len(vendor.posts) == 2, "one try each: a retried form would arrive without its fields"
    assert time.monotonic() - begun < 5, "Retry-After is for the operator to read, not for a caller to wait"


@pytest.mark.parametrize("body", [b"<html>", b"\xff\x00\xfe", b"[]", b"{}", b'{"text": 7}', b"null", b'"words"', b""])
async def test_an_answer_that_is_no_transcript_is_an_error(
    vendor: StandIn, ear: ElevenLabsSpeechToText, body: bytes
) -> None:
    vendor.answer = Answer((body,) if body else (), content_type="application/json")
    with pytest.raises(ProviderError, match="ElevenLabs"):
        await ear.transcribe(TURN, persona())


@pytest.mark.parametrize(
    "words",
    [None, [], [{"type": "word", "logprob": "x"}], [{"type": "word", "logprob": math.nan}], [1]],
)
async def test_words_without_a_probability_leave_the_confidence_unknown(
    vendor: StandIn, ear: ElevenLabsSpeechToText, words: Any
) -> None:
    vendor.answer = Answer((json.dumps({"text": "yes", "words": words}).encode(),), content_type="application/json")
    said = await ear.transcribe(TURN, persona())
    assert (said.text, said.confidence) == ("yes", None)


SLOW = {
    "nothing": Answer(mute=True),
    "one byte a second": Answer(tuple(repeat(b"\xff", 600)), pause_s=1.0),
    "a piece and no more": Answer((SPEECH[:400],), ending="open"),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
async def test_a_vendor_that_dawdles_is_left_at_the_limit_and_its_stream_closed(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, ear: ElevenLabsSpeechToText, answer: Answer
) -> None:
    vendor.answer = answer
    providers = Providers([ear], [], [voice], lambda _: QUICK).for_call(persona())
    asks: list[Callable[[], Awaitable[Any]]] = [
        lambda: _all(providers.speak(SECRET_TEXT)),
        lambda: providers.transcribe(Sound(SPEECH[:1600], 8000, "mulaw")),
    ]
    for ask in asks:
        vendor.left.clear()
        begun = time.monotonic()
        with pytest.raises(ProviderError):
            await ask()
        assert time.monotonic() - begun < 1.5
        await asyncio.wait_for(vendor.left.wait(), 0.5)


async def _all(sounds: AsyncIterator[Sound]) -> list[Sound]:
    return [sound async for sound in sounds]


@pytest.mark.parametrize("moment", ["before the first byte", "while waiting for more", "through the fallback chain"])
async def test_cancelling_closes_the_vendors_stream_within_50_ms(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, moment: str
) -> None:
    begun = asyncio.Event()
    vendor.answer = Answer(mute=True) if "before" in moment else Answer((SPEECH,), ending="open")
    chain = Providers([], [], [voice]).for_call(persona())

    async def listen() -> None:
        async for _ in chain.speak(SECRET_TEXT) if "chain" in moment else voice.speak(SECRET_TEXT, persona()):
            begun.set()

    task = asyncio.ensure_future(listen())
    await (vendor.asked if "before" in moment else begun).wait()
    at = time.monotonic()
    task.cancel()
    await asyncio.wait({task})
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05
    assert task.cancelled()


async def test_leaving_a_sentence_half_heard_closes_its_stream(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    vendor.answer = Answer((SPEECH,), ending="open")
    sounds = voice.speak(SECRET_TEXT, persona())
    await anext(sounds)
    at = time.monotonic()
    await sounds.aclose()
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05


async def test_a_transcription_that_is_cancelled_is_given_up_at_the_vendor(
    vendor: StandIn, ear: ElevenLabsSpeechToText
) -> None:
    vendor.answer = Answer(mute=True)
    task = asyncio.ensure_future(ear.transcribe(TURN, persona()))
    await vendor.asked.wait()
    task.cancel()
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_no_key_no_text_and_no_transcript_in_any_log_line_or_error(
    vendor: StandIn,
    voice: ElevenLabsTextToSpeech,
    ear: ElevenLabsSpeechToText,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    await voice.warm()
    await heard(voice)
    vendor.answer = transcript("the caller's words", -0.1)
    await ear.transcribe(TURN, persona())
    providers = Providers([ear], [], [voice], lambda _: QUICK).for_call(persona())
    for status in ("invalid_api_key", f"odd {KEY}", SECRET_TEXT):
        vendor.answer = error(400, status, f"{KEY} may not say {SECRET_TEXT}")
        for ask in (_all(providers.speak(SECRET_TEXT)), providers.transcribe(TURN)):
            with pytest.raises(ProviderError):
                await ask
    written = caplog.text + "".join(capfd.readouterr())
    assert "provider_failed" in written, "there is something to read"
    for secret in (KEY, SECRET_TEXT, "the caller's words"):
        assert secret not in written
