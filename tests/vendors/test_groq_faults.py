"""The real SDK against a Groq that refuses, breaks off, dawdles or talks nonsense, and callers who leave."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from itertools import repeat
from typing import Any

import pytest
import pytest_asyncio

from app.runtime.limits import Limits, Pace
from app.runtime.providers import Providers
from app.speech.groq import GroqLanguageModel, GroqSpeechToText
from app.speech.groq_hearing import prompt
from app.speech.protocols import FaultKind, ProviderError
from tests.vendors.chat_frames import (
    DONE,
    PLAN,
    REQUEST,
    SECRET_TEXT,
    WITH_TOOLS,
    Verdict,
    chat,
    chunk,
    completion,
    error,
    frame,
)
from tests.vendors.elevenlabs_stand_in import Answer
from tests.vendors.groq_stand_in import (
    COUNTED,
    KEY,
    PERSONA,
    TURN,
    Vendor,
    context,
    quickest_leave_s,
    said,
    segment,
    transcript,
    vendor,
)

__all__ = ["vendor"]

QUICK = Limits(transcribe_s=0.3, text=Pace(0.3, 0.2, 2.0), sound=Pace(0.3, 0.2, 2.0))


@pytest_asyncio.fixture
async def ear(vendor: Vendor) -> AsyncIterator[GroqSpeechToText]:
    async with aclosing(GroqSpeechToText(context(vendor.url))) as made:
        yield made


@pytest_asyncio.fixture
async def mind(vendor: Vendor) -> AsyncIterator[GroqLanguageModel]:
    async with aclosing(GroqLanguageModel(context(vendor.url))) as made:
        yield made


LIMITED = ("rate_limit_exceeded", "tokens")
Refusal = tuple[Answer, FaultKind, float | None, str]
REFUSALS: list[Refusal] = [
    (
        error(401, "invalid_api_key"),
        "key",
        None,
        r"refuses the key \(HTTP 401, invalid_api_key.*: correct GROQ_API_KEY$",
    ),
    (error(403, "permission_denied"), "key", None, "GROQ_API_KEY"),
    (error(400, "blocked_api_access"), "quota", None, "used up"),
    (error(429, "insufficient_quota"), "quota", None, "used up"),
    (error(404, "model_not_found"), "refused", None, r"does not serve the model .*: correct GROQ_(STT_)?MODEL$"),
    (Answer((b"404",), 404, "text/plain"), "refused", None, "correct GROQ_BASE_URL"),
    (error(400, "context_length_exceeded"), "refused", None, "HTTP 400"),
    (error(422, None), "refused", None, "HTTP 422, invalid_request_error"),
    (error(413, None), "refused", None, "HTTP 413"),
    (error(429, *LIMITED, Retry_After="60"), "busy", 60.0, "too many.*rate_limit_exceeded, tokens.*60 s of rest$"),
    (error(429, *LIMITED, Retry_After="2.5"), "busy", 2.5, "2.5 s of rest"),
    (error(429, *LIMITED, retry_after_ms="1500"), "busy", 1.5, "1.5 s of rest"),
    (error(429, *LIMITED, Retry_After="soon"), "busy", None, r"tokens\)$"),
    (error(429, *LIMITED, Retry_After="-1"), "busy", None, r"tokens\)$"),
    (error(429, *LIMITED, Retry_After="1e9"), "busy", None, r"tokens\)$"),
    (error(498, "capacity_exceeded"), "busy", None, "HTTP 498"),
    (error(503, None, Retry_After="7"), "busy", 7.0, "HTTP 503"),
    (error(500, "internal", x_should_retry="true"), "failed", None, "failed .HTTP 500"),
    (error(502, None, Retry_After="0"), "failed", 0.0, "HTTP 502"),
    (Answer((b"<html>",), 500, "text/html"), "failed", None, r"failed \(HTTP 500\)$"),
    (Answer((b"[1]",), 500, "application/json"), "failed", None, "HTTP 500"),
    (Answer((b'{"error": "no"}',), 400, "application/json"), "refused", None, "HTTP 400"),
    (Answer((b"x" * 60_000,) * 20, 500, "text/plain", ending="open"), "failed", None, "HTTP 500"),
    (Answer((), 307, headers={"location": "http://127.0.0.1:1/"}), "rubbish", None, "correct GROQ_BASE_URL"),
]


@pytest.mark.parametrize(("answer", "kind", "rest_s", "says"), REFUSALS)
async def test_every_refusal_is_asked_once_and_told_in_one_line(
    vendor: Vendor, ear: GroqSpeechToText, mind: GroqLanguageModel,
    answer: Answer, kind: FaultKind, rest_s: float | None, says: str,
) -> None:  # fmt: skip
    vendor.answer = answer
    begun = time.monotonic()
    for ask in (ear.transcribe(TURN, PERSONA), said(mind), mind.judge(REQUEST, Verdict)):
        with pytest.raises(ProviderError, match=says) as told:
            await ask
        assert (told.value.kind, told.value.retry_after_s) == (kind, rest_s)
        assert "\n" not in str(told.value)
    assert len(vendor.posts) == 3, "one try each"
    assert time.monotonic() - begun < 5, "Retry-After is for the chain to heed, not for a caller to wait"


async def test_a_multipart_that_fails_is_never_sent_again_without_its_fields(
    vendor: Vendor, ear: GroqSpeechToText
) -> None:
    vendor.answers = [error(500, None), error(429, *LIMITED, Retry_After="1")]
    vendor.answer = transcript(segment("yes", -0.1))
    for _ in range(2):
        with pytest.raises(ProviderError):
            await ear.transcribe(TURN, PERSONA)
    assert (await ear.transcribe(TURN, PERSONA)).text == "yes"
    assert [{part.name for part in asked.parts} for asked in vendor.posts] == [
        {"model", "file", "response_format", "language", "prompt"}
    ] * 3


FAULT = b'data: {"error":{"message":"x","type":"server_error","code":"over_capacity"}}\n\n'
BUSY = frame({"error": {"message": "x", "code": 429}})
NO_REPLY: dict[str, tuple[Answer, FaultKind]] = {
    "a page": (Answer((b"<html>oops</html>",), content_type="text/html"), "rubbish"),
    "no json": (Answer((b"data: {oops\n\n",), content_type="text/event-stream"), "rubbish"),
    "a list": (Answer((b"data: [1]\n\n",), content_type="text/event-stream"), "rubbish"),
    "another object": (Answer((b'data: {"ok": true}\n\n', DONE), content_type="text/event-stream"), "rubbish"),
    "bytes": (Answer((b"\xff\xfe\x00",), content_type="text/event-stream"), "rubbish"),
    "nothing at all": (Answer((), content_type="text/event-stream"), "rubbish"),
    "a whole reply": (completion("Hi."), "rubbish"),
    "no words": (chat(), "rubbish"),
    "blanks": (chat(" ", "\n"), "rubbish"),
    "a number": (chat(7), "rubbish"),
    "a delta that is none": (chat(end=(chunk(None), DONE)), "broken"),
    "a tool without a name": (chat(end=(chunk({"tool_calls": [{"index": 0}]}, "tool_calls"), DONE)), "rubbish"),
    "too many words": (chat("no end " * 2000), "rubbish"),
    "an event without end": (Answer((b"data: x\n" * 5000,) * 3, content_type="text/event-stream"), "rubbish"),
    "thought without end": (chat(end=(chunk({"reasoning": "h" * 50_000}),) * 100), "rubbish"),
    "an error in the stream": (chat(end=(FAULT,)), "failed"),
    "an error as an event": (chat(end=(b"event: error\n" + FAULT,)), "failed"),
    "an error with a status": (chat(end=(BUSY,)), "busy"),
    "compressed": (chat("Hi.", end=COUNTED, headers={"content-encoding": "gzip"}), "rubbish"),
}


@pytest.mark.parametrize(("answer", "kind"), NO_REPLY.values(), ids=NO_REPLY)
async def test_what_is_no_reply_is_never_spoken(
    vendor: Vendor, mind: GroqLanguageModel, answer: Answer, kind: FaultKind
) -> None:
    vendor.answer = answer
    with pytest.raises(ProviderError, match="Groq") as told:
        await anext(mind.reply(PLAN, PERSONA))
    assert told.value.kind == kind


HALVES: dict[str, tuple[Answer, FaultKind, str]] = {
    "cut": (chat("Half a", end=(), ending="cut"), "broken", "broke off"),
    "ended early": (chat("Half a", end=()), "broken", "broke off"),
    "failed": (chat("Half a", end=(FAULT,)), "failed", "over_capacity, server_error"),
}


@pytest.mark.parametrize(("answer", "kind", "says"), HALVES.values(), ids=HALVES)
async def test_half_a_reply_gives_what_came_and_then_an_error(
    vendor: Vendor, mind: GroqLanguageModel, answer: Answer, kind: FaultKind, says: str
) -> None:
    vendor.answer = answer
    pieces = mind.reply(WITH_TOOLS, PERSONA)
    assert await anext(pieces) == "Half a"
    with pytest.raises(ProviderError, match=says) as told:
        await anext(pieces)
    assert told.value.kind == kind
    assert len(vendor.posts) == 1, "nothing that was heard is asked for again"


async def test_an_enormous_transcript_is_not_read_to_its_end(vendor: Vendor, ear: GroqSpeechToText) -> None:
    vendor.answer = Answer(tuple(repeat(b" " * 60_000, 200)), content_type="application/json", ending="open")
    with pytest.raises(ProviderError, match="went beyond 4000000 bytes") as told:
        await ear.transcribe(TURN, PERSONA)
    assert told.value.kind == "rubbish"


SLOW = {
    "nothing": Answer(mute=True),
    "one byte a second": Answer(tuple(repeat(b"d", 600)), content_type="text/event-stream", pause_s=1.0),
    "a piece and no more": chat("Hello", end=(), ending="open"),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
async def test_a_vendor_that_dawdles_is_left_at_the_limit_and_its_stream_closed(
    vendor: Vendor, ear: GroqSpeechToText, mind: GroqLanguageModel, answer: Answer
) -> None:
    vendor.answer = answer
    call = Providers([ear], [mind], [], lambda _: QUICK).for_call(PERSONA)

    async def reply() -> list[Any]:
        return [piece async for piece in call.reply(PLAN)]

    asks: list[Callable[[], Awaitable[Any]]] = [lambda: call.transcribe(TURN), reply]
    for ask in asks:
        vendor.left.clear()
        begun = time.monotonic()
        with pytest.raises(ProviderError):
            await ask()
        assert time.monotonic() - begun < 2.5
        await asyncio.wait_for(vendor.left.wait(), 0.5)


MOMENTS = [
    "before the first byte",
    "while waiting for more",
    "through the fallback chain",
    "in a judgement",
    "in a turn",
]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_cancelling_closes_the_vendors_stream_within_50_ms(
    vendor: Vendor, mind: GroqLanguageModel, ear: GroqSpeechToText, moment: str
) -> None:
    heard = moment in ("while waiting for more", "through the fallback chain")
    vendor.answer = chat("Hello", end=(), ending="open") if heard else Answer(mute=True)

    async def talk(begun: asyncio.Event) -> None:
        call = Providers([], [mind], []).for_call(PERSONA)
        if moment == "in a judgement":
            await mind.judge(REQUEST, Verdict)
        elif moment == "in a turn":
            await ear.transcribe(TURN, PERSONA)
        async for _ in call.reply(PLAN) if "chain" in moment else mind.reply(PLAN, PERSONA):
            begun.set()

    assert await quickest_leave_s(vendor, talk, heard=heard) < 0.05


async def test_leaving_a_reply_half_heard_closes_its_stream(vendor: Vendor, mind: GroqLanguageModel) -> None:
    vendor.answer = chat("Hello", end=(), ending="open")
    pieces = mind.reply(PLAN, PERSONA)
    await anext(pieces)
    await pieces.aclose()
    await asyncio.wait_for(vendor.left.wait(), 0.5)


async def test_no_key_no_prompt_and_no_transcript_in_any_log_line_or_error(
    vendor: Vendor,
    ear: GroqSpeechToText,
    mind: GroqLanguageModel,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name in (None, "httpx", "httpcore", "groq", "groq._base_client", "groq._response"):
        caplog.set_level(logging.DEBUG, name)
    await mind.warm()
    vendor.answer = chat("Words of the model.", end=COUNTED)
    await said(mind)
    vendor.answer = transcript(segment("the caller's words", -0.1))
    await ear.transcribe(TURN, PERSONA)
    vendor.answer = completion('{"points": 3, "note": "her account"}')
    await mind.judge(REQUEST, Verdict)
    for code in ("invalid_api_key", f"odd {KEY}", SECRET_TEXT):
        vendor.answer = error(400, code, code, f"{KEY} may not say {SECRET_TEXT}")
        call = Providers([ear], [mind], [], lambda _: QUICK).for_call(PERSONA)
        for ask in (call.transcribe(TURN), anext(call.reply(PLAN)), call.judge(REQUEST, Verdict)):
            with pytest.raises(ProviderError) as told:
                await ask
            assert KEY not in f"{told.value!r}{told.value.__cause__!r}"
    written = caplog.text + "".join(capfd.readouterr())
    assert "httpcore" in written, "there is something to read"
    for secret in (
        KEY,
        SECRET_TEXT,
        "Words of the model",
        "the caller's words",
        "her account",
        "Be kind",
        prompt(PERSONA),
    ):
        assert secret not in written
