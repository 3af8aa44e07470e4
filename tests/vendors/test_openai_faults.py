"""OpenAI's own SDK against a server that refuses, breaks off or is not there, and callers who leave."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio

from app.runtime.limits import Limits, Pace
from app.runtime.providers import Providers
from app.speech.openai import OpenAiLanguageModel
from app.speech.protocols import FaultKind, ProviderError
from tests.vendors.chat_frames import (
    COUNT,
    DONE,
    PLAN,
    REQUEST,
    SECRET_TEXT,
    STOP,
    Verdict,
    chat,
    chunk,
    completion,
    error,
    frame,
)
from tests.vendors.elevenlabs_stand_in import Answer
from tests.vendors.groq_stand_in import quickest_leave_s, said
from tests.vendors.openai_stand_in import KEY, PERSONA, Vendor, context, vendor

__all__ = ["vendor"]

QUICK = Limits(text=Pace(0.3, 0.2, 2.0))


@pytest_asyncio.fixture
async def mind(vendor: Vendor) -> AsyncIterator[OpenAiLanguageModel]:
    async with aclosing(OpenAiLanguageModel(context(vendor.url))) as made:
        yield made


REFUSALS: list[tuple[Answer, FaultKind, float | None, str]] = [
    (error(401, "invalid_api_key"), "key", None, "correct OPENAI_API_KEY"),
    (error(402, 402), "quota", None, "used up"),
    (error(429, "insufficient_quota"), "quota", None, "used up"),
    (error(404, None, "NotFoundError"), "refused", None, "HTTP 404, NotFoundError.*OPENAI_BASE_URL, or OPENAI_MODEL"),
    (error(429, None, Retry_After="60", x_should_retry="true"), "busy", 60.0, "60 s of rest"),
    (error(503, None), "busy", None, "HTTP 503"),
    (error(500, None), "failed", None, "HTTP 500"),
    (Answer((b"x" * 60_000,) * 20, 502, "text/html", ending="open"), "failed", None, "HTTP 502"),
    (Answer((), 307, headers={"location": "http://127.0.0.1:1/"}), "rubbish", None, "correct OPENAI_BASE_URL"),
]


@pytest.mark.parametrize(("answer", "kind", "rest_s", "says"), REFUSALS)
async def test_every_refusal_is_asked_once_and_told_in_one_line(
    vendor: Vendor, mind: OpenAiLanguageModel, answer: Answer, kind: FaultKind, rest_s: float | None, says: str
) -> None:
    vendor.answer = answer
    begun = time.monotonic()
    asks: list[Any] = [lambda: said(mind), lambda: mind.judge(REQUEST, Verdict)]
    for ask in asks:
        with pytest.raises(ProviderError, match=says) as told:
            await ask()
        assert (told.value.kind, told.value.retry_after_s) == (kind, rest_s)
        assert "\n" not in str(told.value)
    assert len(vendor.posts) == 2, "one try each"
    assert time.monotonic() - begun < 5


FAULT = frame({"error": {"message": "x", "code": 502, "type": "server_error"}})
NO_REPLY: dict[str, tuple[Answer, FaultKind]] = {
    "a page": (Answer((b"<html>oops</html>",), content_type="text/html"), "rubbish"),
    "a whole reply": (completion("Hi."), "rubbish"),
    "no json": (Answer((b"data: {oops\n\n",), content_type="text/event-stream"), "rubbish"),
    "a list": (Answer((b"data: [1]\n\n", DONE), content_type="text/event-stream"), "rubbish"),
    "no words": (chat(end=(STOP, COUNT, DONE)), "rubbish"),
    "only thought": (chat(end=(chunk({"content": "<think>Hm."}), chunk({}, "length"), DONE)), "rubbish"),
    "an error in the stream": (chat(end=(FAULT,)), "failed"),
    "an event without end": (Answer((b"data: x\n" * 5000,) * 3, content_type="application/json"), "rubbish"),
}


@pytest.mark.parametrize(("answer", "kind"), NO_REPLY.values(), ids=NO_REPLY)
async def test_what_is_no_reply_is_never_spoken(
    vendor: Vendor, mind: OpenAiLanguageModel, answer: Answer, kind: FaultKind
) -> None:
    vendor.answer = answer
    with pytest.raises(ProviderError, match="The OpenAI-compatible server") as told:
        await anext(mind.reply(PLAN, PERSONA))
    assert told.value.kind == kind


@pytest.mark.parametrize("ending", ["whole", "cut"])
async def test_half_a_reply_gives_what_came_and_then_breaks(
    vendor: Vendor, mind: OpenAiLanguageModel, ending: str
) -> None:
    vendor.answer = chat("Half a", end=(), ending=ending)
    pieces = mind.reply(PLAN, PERSONA)
    assert await anext(pieces) == "Half a"
    with pytest.raises(ProviderError, match="broke off") as told:
        await anext(pieces)
    assert told.value.kind == "broken"


async def test_a_server_that_is_not_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with aclosing(OpenAiLanguageModel(context("http://127.0.0.1:1"))) as mind:
        await mind.warm()
        with pytest.raises(ProviderError, match=r"cannot be reached.*correct OPENAI_BASE_URL") as told:
            await said(mind)
    assert told.value.kind == "unreachable"


@pytest.mark.parametrize("answer", [Answer(mute=True), chat("Hello", end=(), ending="open")], ids=["mute", "half"])
async def test_a_server_that_dawdles_is_left_at_the_limit_and_its_stream_closed(
    vendor: Vendor, mind: OpenAiLanguageModel, answer: Answer
) -> None:
    vendor.answer = answer
    call = Providers([], [mind], [], lambda _: QUICK).for_call(PERSONA)
    begun = time.monotonic()
    with pytest.raises(ProviderError):
        _ = [piece async for piece in call.reply(PLAN)]
    assert time.monotonic() - begun < 2.5
    await asyncio.wait_for(vendor.left.wait(), 0.5)


@pytest.mark.parametrize("moment", ["before the first byte", "while waiting for more", "in a judgement"])
async def test_cancelling_closes_the_servers_stream_within_50_ms(
    vendor: Vendor, mind: OpenAiLanguageModel, moment: str
) -> None:
    heard = moment == "while waiting for more"
    vendor.answer = chat("Hello", end=(), ending="open") if heard else Answer(mute=True)

    async def talk(begun: asyncio.Event) -> None:
        if moment == "in a judgement":
            await mind.judge(REQUEST, Verdict)
        async for _ in mind.reply(PLAN, PERSONA):
            begun.set()

    assert await quickest_leave_s(vendor, talk, heard=heard) < 0.05


async def test_leaving_a_reply_half_heard_closes_its_stream(vendor: Vendor, mind: OpenAiLanguageModel) -> None:
    vendor.answer = chat("Hello", end=(), ending="open")
    pieces = mind.reply(PLAN, PERSONA)
    await anext(pieces)
    await pieces.aclose()
    await asyncio.wait_for(vendor.left.wait(), 0.5)


async def test_no_key_no_prompt_and_no_reply_in_any_log_line_or_error(
    vendor: Vendor,
    mind: OpenAiLanguageModel,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name in (None, "httpx", "httpcore", "openai", "openai._base_client", "openai._response"):
        caplog.set_level(logging.DEBUG, name)
    await mind.warm()
    vendor.answer = chat("Words of the model.", end=(STOP, COUNT, DONE))
    await said(mind)
    vendor.answer = completion('{"points": 3, "note": "her account"}')
    await mind.judge(REQUEST, Verdict)
    for code in ("invalid_api_key", f"odd {KEY}", SECRET_TEXT):
        vendor.answer = error(401, code, code, f"{KEY} may not say {SECRET_TEXT}")
        for ask in (said(mind), mind.judge(REQUEST, Verdict)):
            with pytest.raises(ProviderError) as told:
                await ask
            assert KEY not in f"{told.value!r}{told.value.__cause__!r}"
            assert SECRET_TEXT not in str(told.value)
    written = caplog.text + "".join(capfd.readouterr())
    assert "httpcore" in written, "there is something to read"
    for secret in (KEY, SECRET_TEXT, "Words of the model", "her account", "Be kind"):
        assert secret not in written
