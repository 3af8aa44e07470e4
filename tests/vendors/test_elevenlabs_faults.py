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
from app.speech.elevenlabs import ElevenLabsTextToSpeech
from app.speech.elevenlabs_hearing import ElevenLabsSpeechToText
from app.speech.protocols import FaultKind, ProviderError, SpeechPart
from tests.vendors.elevenlabs_speech import SECRET_TEXT, SPEECH, TURN, context, heard, persona, wav
from tests.vendors.elevenlabs_stand_in import KEY, Answer, StandIn, error, line, timed, transcript

QUICK = Limits(transcribe_s=0.3, text=Pace(0.3, 0.2, 2.0), sound=Pace(0.3, 0.2, 2.0))


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


BOTH_WAYS = pytest.mark.parametrize("timestamps", [True, False])


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH)
@BOTH_WAYS
async def test_what_is_not_speech_is_never_played(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, answer: Answer, timestamps: bool
) -> None:
    vendor.answer = answer
    with pytest.raises(ProviderError, match="ElevenLabs answered") as told:
        await heard(voice, persona(timestamps=timestamps))
    assert told.value.kind == "rubbish"


@BOTH_WAYS
async def test_half_a_stream_gives_what_came_and_then_an_error(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, timestamps: bool
) -> None:
    vendor.answer = Answer((SPEECH[:4000],), ending="cut")
    sounds = voice.speak(SECRET_TEXT, persona(timestamps=timestamps))
    assert await anext(sounds) == Sound(SPEECH[:4000], 8000, "mulaw")
    with pytest.raises(ProviderError, match="broke off") as told:
        await anext(sounds)
    assert told.value.kind == "broken"


ERRORS: list[tuple[Answer, str, FaultKind]] = [
    (error(401, "invalid_api_key"), "ELEVENLABS_API_KEY", "key"),
    (error(401, "missing_permissions"), "permission", "key"),
    (Answer((b"no",), 401), "ELEVENLABS_API_KEY", "key"),
    (error(401, "quota_exceeded"), "quota", "quota"),
    (error(400, "quota_exceeded"), "quota", "quota"),
    (error(429, "quota_exceeded"), "quota", "quota"),
    (error(400, "voice_not_found"), "ELEVENLABS_VOICE_ID", "refused"),
    (error(400, "max_character_limit_exceeded"), "too long", "refused"),
    (error(429, "too_many_concurrent_requests", Retry_After="60"), "plan allows.*60 s", "busy"),
    (error(429, "new_word", Retry_After="Fri, 31 Dec"), "too many requests .HTTP 429, new_word.$", "busy"),
    (error(500, "system_busy"), "busy", "busy"),
    (Answer((b"<html>",), 500, "text/html"), "failed .HTTP 500", "failed"),
    (Answer((b"\xff\xfe{",), 503, "application/json"), "ElevenLabs", "rubbish"),
    (Answer((b"[1]",), 500, "application/json"), "HTTP 500", "failed"),
    (Answer((), 307, headers={"location": "http://127.0.0.1:1/"}), "not what was asked for", "rubbish"),
]


@pytest.mark.parametrize(("answer", "says", "kind"), ERRORS)
async def test_every_refusal_is_asked_once_and_told_in_one_line(
    vendor: StandIn,
    voice: ElevenLabsTextToSpeech,
    ear: ElevenLabsSpeechToText,
    answer: Answer,
    says: str,
    kind: FaultKind,
) -> None:
    vendor.answer = answer
    begun = time.monotonic()
    for ask in (lambda: heard(voice), lambda: ear.transcribe(TURN, persona())):
        with pytest.raises(ProviderError, match=says) as told:
            await ask()
        assert "\n" not in str(told.value)
        assert told.value.kind == kind
        assert told.value.retry_after_s == (60.0 if answer.headers.get("Retry-After") == "60" else None)
    assert len(vendor.posts) == 2, "one try each: a retried form would arrive without its fields"
    assert time.monotonic() - begun < 5, "Retry-After is for the chain to heed, not for a caller to wait"


UNKNOWN = [
    (Answer((b'{"detail":[{"loc":["body","model_id"],"msg":"x"}]}',), 422, "application/json"), "accept model_id"),
    (Answer((b'{"detail":[1,{"loc":7}]}',), 422, "application/json"), "accept the request"),
    (error(400, "new_word"), "HTTP 400, new_word"),
    (Answer((), 404, "text/plain"), "HTTP 404"),
]


@pytest.mark.parametrize(("answer", "says"), UNKNOWN)
async def test_a_request_refused_for_an_unknown_reason_is_asked_once_more_without_times(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, ear: ElevenLabsSpeechToText, answer: Answer, says: str
) -> None:
    vendor.answer = answer
    for ask in (lambda: heard(voice), lambda: ear.transcribe(TURN, persona())):
        with pytest.raises(ProviderError, match=says) as told:
            await ask()
        assert told.value.kind == "refused"
    assert [request.path.rpartition("/")[2] for request in vendor.posts] == [
        "with-timestamps",
        "stream",
        "speech-to-text",
    ]


async def test_a_model_that_gives_no_times_is_known_after_its_first_sentence(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    vendor.untimed = error(400, "unsupported_model")
    for _ in range(3):
        assert b"".join(sound.data for sound in await heard(voice)) == SPEECH
    await heard(voice, persona(model_id="eleven_v3"))
    asked = [request.path.endswith("/with-timestamps") for request in vendor.posts]
    assert asked == [True, False, False, False, True, False]


@pytest.mark.parametrize("body", [b"<html>", b"\xff\x00\xfe", b"[]", b"{}", b'{"text": 7}', b"null", b'"words"', b""])
async def test_an_answer_that_is_no_transcript_is_an_error(
    vendor: StandIn, ear: ElevenLabsSpeechToText, body: bytes
) -> None:
    vendor.answer = Answer((body,) if body else (), content_type="application/json")
    with pytest.raises(ProviderError, match="ElevenLabs") as told:
        await ear.transcribe(TURN, persona())
    assert told.value.kind == "rubbish"


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
    "one byte of a line a second": timed(*(bytes([byte]) for byte in line(SPEECH[:400])), pause_s=1.0),
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


async def _all(speech: AsyncIterator[SpeechPart]) -> list[SpeechPart]:
    return [part async for part in speech]


@pytest.mark.parametrize("moment", ["before the first byte", "while waiting for more", "through the fallback chain"])
@BOTH_WAYS
async def test_cancelling_closes_the_vendors_stream_within_50_ms(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, moment: str, timestamps: bool
) -> None:
    who = persona(timestamps=timestamps)
    begun = asyncio.Event()
    vendor.answer = Answer(mute=True) if "before" in moment else Answer((SPEECH,), ending="open")
    chain = Providers([], [], [voice]).for_call(who)

    async def listen() -> None:
        async for _ in chain.speak(SECRET_TEXT) if "chain" in moment else voice.speak(SECRET_TEXT, who):
            begun.set()

    task = asyncio.ensure_future(listen())
    await (vendor.asked if "before" in moment else begun).wait()
    at = time.monotonic()
    task.cancel()
    await asyncio.wait({task})
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05
    assert task.cancelled()


@BOTH_WAYS
async def test_leaving_a_sentence_half_heard_closes_its_stream(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, timestamps: bool
) -> None:
    vendor.answer = Answer((SPEECH,), ending="open")
    sounds = voice.speak(SECRET_TEXT, persona(timestamps=timestamps))
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
    caplog.set_level(logging.DEBUG)
    await voice.warm()
    for timestamps in (True, False):
        await heard(voice, persona(timestamps=timestamps))
    vendor.answer = transcript("the caller's words", -0.1)
    await ear.transcribe(TURN, persona())
    providers = Providers([ear], [], [voice], lambda _: QUICK).for_call(persona())
    in_a_line = timed(json.dumps({"detail": {"status": KEY, "message": SECRET_TEXT}}).encode())
    refusals = [error(400, name, f"{KEY} may not say {SECRET_TEXT}") for name in ("new", f"odd {KEY}", SECRET_TEXT)]
    for refusal in (*refusals, in_a_line):
        vendor.answer = refusal
        for ask in (_all(providers.speak(SECRET_TEXT)), providers.transcribe(TURN)):
            with pytest.raises(ProviderError):
                await ask
    written = caplog.text + "".join(capfd.readouterr())
    assert "provider_failed" in written, "there is something to read"
    for secret in (KEY, SECRET_TEXT, "the caller's words"):
        assert secret not in written
