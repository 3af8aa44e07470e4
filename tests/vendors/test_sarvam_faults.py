"""The real SDK against a Sarvam that refuses, breaks off, dawdles or talks nonsense, and callers who leave."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import repeat
from typing import Any

import pytest
import pytest_asyncio

from app.speech.protocols import ProviderError
from app.speech.sarvam_hearing import SarvamSpeechToText
from app.speech.sarvam_voice import SarvamTextToSpeech
from tests.vendors.elevenlabs_speech import wav
from tests.vendors.elevenlabs_stand_in import Answer, StandIn
from tests.vendors.sarvam_stand_in import (
    HEARD,
    KEY,
    SECRET_TEXT,
    SPEECH,
    TURN,
    context,
    error,
    heard,
    persona,
    transcript,
)


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[SarvamTextToSpeech]:
    async with aclosing(SarvamTextToSpeech(context(vendor.url))) as made:
        yield made


@pytest_asyncio.fixture
async def ear(vendor: StandIn) -> AsyncIterator[SarvamSpeechToText]:
    async with aclosing(SarvamSpeechToText(context(vendor.url))) as made:
        yield made


ERRORS = [
    (error(403, "invalid_api_key_error"), "key", None, r"HTTP 403, invalid_api_key_error.: correct SARVAM_API_KEY$"),
    (Answer((b"no",), 401), "key", None, r"HTTP 401.: correct SARVAM_API_KEY$"),
    (error(429, "insufficient_quota_error", Retry_After="60"), "quota", None, "credits"),
    (Answer((b"{}",), 402, "application/json"), "quota", None, "credits"),
    (error(429, "rate_limit_exceeded_error", Retry_After="60"), "busy", 60.0, "asks for 60 s of rest"),
    (error(429, "new_word", Retry_After="Fri, 31 Dec"), "busy", None, r"too many requests .HTTP 429, new_word.:"),
    (error(503, "rate_limit_exceeded_error", Retry_After="2"), "busy", 2.0, "2 s of rest"),
    (Answer((b"<html>",), 503, "text/html"), "busy", None, "HTTP 503"),
    (error(400, "invalid_request_error"), "refused", None, "correct .*SARVAM_"),
    (error(404, "not_found_error"), "refused", None, "HTTP 404"),
    (error(422, "unprocessable_entity_error"), "refused", None, "HTTP 422"),
    (Answer((b'{"detail":[{"loc":["body","model"]}]}',), 422, "application/json"), "refused", None, "HTTP 422"),
    (error(500, "internal_server_error"), "failed", None, "failed .HTTP 500"),
    (Answer((b"<html>",), 502, "text/html"), "failed", None, "failed .HTTP 502.$"),
    (Answer((b"[1]",), 500, "application/json"), "failed", None, "HTTP 500"),
    (Answer((b'{"error":"no"}',), 500, "application/json"), "failed", None, "HTTP 500"),
    (Answer((b"\xff\xfe{",), 500, "application/json"), "rubbish", None, "not be understood"),
    (Answer((), 307, headers={"location": "http://127.0.0.1:1/"}), "rubbish", None, "HTTP 307"),
]


@pytest.mark.parametrize(("answer", "kind", "rest_s", "says"), ERRORS)
async def test_every_refusal_is_asked_once_and_told_in_one_line(
    vendor: StandIn,
    voice: SarvamTextToSpeech,
    ear: SarvamSpeechToText,
    answer: Answer,
    kind: str,
    rest_s: float | None,
    says: str,
) -> None:
    vendor.answer = answer
    begun = time.monotonic()
    for ask in (lambda: heard(voice), lambda: ear.transcribe(TURN, persona())):
        with pytest.raises(ProviderError, match=says) as told:
            await ask()
        assert "\n" not in str(told.value)
        assert (told.value.kind, told.value.retry_after_s) == (kind, rest_s)
    assert len(vendor.posts) == 2, "one try each: a retried form would arrive without its fields"
    assert time.monotonic() - begun < 5, "Retry-After is for the chain to know, not for a caller to wait"


async def test_a_refusal_names_the_settings_of_the_part_that_was_refused(
    vendor: StandIn, voice: SarvamTextToSpeech, ear: SarvamSpeechToText
) -> None:
    vendor.answer = error(400, "invalid_request_error")
    with pytest.raises(ProviderError, match=r"voice\.sarvam .* SARVAM_SPEAKER and SARVAM_TTS_MODEL$"):
        await heard(voice)
    with pytest.raises(ProviderError, match=r"correct SARVAM_STT_MODEL or SARVAM_STT_MODE$"):
        await ear.transcribe(TURN, persona())


RUBBISH = {
    "a page": Answer((b"<html>oops</html>",), content_type="text/html"),
    "json": Answer((b'{"ok": true}',), content_type="application/json"),
    "text that calls itself sound": Answer((b"Service unavailable, try later. " * 20,)),
    "a short text that does": Answer((b"oops",)),
    "nothing at all": Answer(()),
    "another wav": Answer((wav(SPEECH, 8000, encoding=1),)),
    "a wav at another rate": Answer((wav(SPEECH, 8000, rate_hz=16000),)),
    "half a header": Answer((wav(SPEECH, 8000)[:30],)),
}


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH)
async def test_what_is_not_speech_is_never_played(vendor: StandIn, voice: SarvamTextToSpeech, answer: Answer) -> None:
    vendor.answer = answer
    with pytest.raises(ProviderError, match="Sarvam answered") as told:
        await heard(voice)
    assert told.value.kind == "rubbish"


NONE = [b"<html>", b"\xff\x00\xfe", b"[]", b"{}", b'{"transcript": 7}', b"null", b'"words"', b""]


@pytest.mark.parametrize("body", NONE)
async def test_an_answer_that_is_no_transcript_is_an_error(
    vendor: StandIn, ear: SarvamSpeechToText, body: bytes
) -> None:
    vendor.answer = Answer((body,) if body else (), content_type="application/json")
    with pytest.raises(ProviderError, match="Sarvam") as told:
        await ear.transcribe(TURN, persona())
    assert told.value.kind == "rubbish"


async def test_half_a_stream_gives_what_came_and_then_an_error(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    vendor.answer = Answer((SPEECH[:4000],), ending="cut")
    sounds = voice.speak(SECRET_TEXT, persona())
    assert (await anext(sounds)).data == SPEECH[:4000]
    with pytest.raises(ProviderError, match="broke off") as told:
        await anext(sounds)
    assert told.value.kind == "broken"


async def test_half_a_transcript_is_an_error(vendor: StandIn, ear: SarvamSpeechToText) -> None:
    whole = transcript()
    vendor.answer = Answer((whole.pieces[0][:20],), content_type="application/json", ending="cut")
    with pytest.raises(ProviderError, match="broke off") as told:
        await ear.transcribe(TURN, persona())
    assert told.value.kind == "broken"


SLOW = {
    "nothing": Answer(mute=True),
    "one byte a second": Answer(tuple(repeat(b"\xff", 600)), content_type="application/json", pause_s=1.0),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
async def test_a_vendor_that_dawdles_over_a_turn_is_left_at_our_own_limit(
    vendor: StandIn, ear: SarvamSpeechToText, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.speech.sarvam_hearing._LIMIT_S", -0.7)  # beside the turn's own second
    vendor.answer = answer
    with pytest.raises(ProviderError, match="in time") as told:
        await ear.transcribe(TURN, persona())
    assert told.value.kind == "late"
    await asyncio.wait_for(vendor.left.wait(), 0.5)


async def test_a_voice_that_falls_silent_is_left_at_our_own_limit(
    vendor: StandIn, voice: SarvamTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.speech.sarvam_voice.SILENCE_S", 0.2)
    vendor.answer = Answer((SPEECH[:400],), ending="open")
    sounds = voice.speak(SECRET_TEXT, persona())
    assert (await anext(sounds)).data == SPEECH[:400]
    with pytest.raises(ProviderError, match="in time") as told:
        await anext(sounds)
    assert told.value.kind == "late"
    await asyncio.wait_for(vendor.left.wait(), 0.5)


@pytest.mark.parametrize("moment", ["before the first byte", "while waiting for more"])
async def test_cancelling_closes_the_vendors_stream_within_50_ms(
    vendor: StandIn, voice: SarvamTextToSpeech, moment: str
) -> None:
    begun = asyncio.Event()
    vendor.answer = Answer(mute=True) if "before" in moment else Answer((SPEECH,), ending="open")

    async def listen() -> None:
        async for _ in voice.speak(SECRET_TEXT, persona()):
            begun.set()

    task = asyncio.ensure_future(listen())
    await (vendor.asked if "before" in moment else begun).wait()
    at = time.monotonic()
    task.cancel()
    await asyncio.wait({task})
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05
    assert task.cancelled()


async def test_leaving_a_sentence_half_heard_closes_its_stream(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    vendor.answer = Answer((SPEECH,), ending="open")
    sounds = voice.speak(SECRET_TEXT, persona())
    await anext(sounds)
    at = time.monotonic()
    await sounds.aclose()
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05


async def test_a_transcription_that_is_cancelled_is_given_up_at_the_vendor(
    vendor: StandIn, ear: SarvamSpeechToText
) -> None:
    vendor.answer = Answer(mute=True)
    task = asyncio.ensure_future(ear.transcribe(TURN, persona()))
    await vendor.asked.wait()
    at = time.monotonic()
    task.cancel()
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_check_gives_up_in_time_and_raises_nothing(
    vendor: StandIn, voice: SarvamTextToSpeech, ear: SarvamSpeechToText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.speech.sarvam_findings._LIMIT_S", 0.2)
    vendor.answer = Answer((SPEECH[:400],), ending="open")
    for part in (voice, ear):
        [finding] = await part.check([persona()])
        assert (finding.ok, finding.says) == (False, "Sarvam did not answer in time")
        assert finding.mend


async def test_no_key_no_text_and_no_transcript_in_any_log_line_or_error(
    vendor: StandIn,
    voice: SarvamTextToSpeech,
    ear: SarvamSpeechToText,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[Any] = []
    await voice.warm()
    await heard(voice)
    vendor.answer = transcript()
    assert (await ear.transcribe(TURN, persona())).text == HEARD
    for code in ("invalid_api_key_error", f"odd {KEY}", SECRET_TEXT):
        vendor.answer = error(400, code, f"{KEY} may not say {SECRET_TEXT}")
        for ask in (heard(voice), ear.transcribe(TURN, persona())):
            with pytest.raises(ProviderError) as raised:
                await ask
            told += [str(raised.value), raised.value.__cause__, raised.value.__suppress_context__]
        told += [await part.check([persona()]) for part in (voice, ear)]
    written = caplog.text + "".join(capfd.readouterr()) + str(told)
    assert "HTTP 400" in written, "there is something to read"
    for secret in (KEY, SECRET_TEXT, HEARD):
        assert secret not in written
