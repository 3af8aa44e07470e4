"""The real SDK's chat against a Sarvam that refuses, breaks off, dawdles or talks nonsense, and callers who leave."""

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
from pydantic import BaseModel

from app.dialogue.flow import Plan
from app.speech.protocols import ProviderError, ReplyPart
from app.speech.sarvam_chat import SarvamLanguageModel
from tests.vendors.elevenlabs_stand_in import Answer, StandIn, stand_in
from tests.vendors.sarvam_stand_in import (
    DONE,
    KEY,
    PLAIN,
    PLAN,
    REQUEST,
    SECRET_TEXT,
    chat,
    chunk,
    completion,
    context,
    error,
)


class Verdict(BaseModel):
    score: int
    evidence: str


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with stand_in() as running:
        running.answer = chat("We are ", "open.")
        yield running


@pytest_asyncio.fixture
async def mind(vendor: StandIn) -> AsyncIterator[SarvamLanguageModel]:
    async with aclosing(SarvamLanguageModel(context(vendor.url))) as made:
        yield made


async def parts_of(mind: SarvamLanguageModel, plan: Plan = PLAN) -> list[ReplyPart]:
    return [part async for part in mind.reply(plan, PLAIN)]


@pytest.mark.parametrize("text", ["no", "", None, '{"score": "high"}', "[]"])
async def test_what_does_not_fit_the_form_is_rubbish(vendor: StandIn, mind: SarvamLanguageModel, text: Any) -> None:
    vendor.answer = completion(text)
    with pytest.raises(ProviderError) as told:
        await mind.judge(REQUEST, Verdict)
    assert told.value.kind == "rubbish"


BAD_STREAMS = {
    "a page": (Answer((b"<html>oops</html>",), content_type="text/html"), "rubbish"),
    "nothing at all": (Answer((), content_type="text/event-stream"), "rubbish"),
    "lines that are no json": (Answer((b"data: {oops\n\n", DONE), content_type="text/event-stream"), "rubbish"),
    "chunks that are none": (Answer((b'data: {"oops": 1}\n\n',), content_type="text/event-stream"), "rubbish"),
    "an error amidst": (Answer((b'data: {"error": {"code": "x"}}\n\n',), content_type="text/event-stream"), "rubbish"),
    "no words": (chat("  ", "\n"), "rubbish"),
    "only thought": (chat(end=(chunk({}, "length"), DONE)), "rubbish"),
    "no text": (chat({"not": "text"}), "rubbish"),
    "a novel": (chat("word " * 2000), "rubbish"),
    "an end without one": (chat("Half a", end=()), "broken"),
    "an end in the midst": (chat("Half a", end=(), ending="cut"), "broken"),
}


@pytest.mark.parametrize(("answer", "kind"), BAD_STREAMS.values(), ids=BAD_STREAMS)
async def test_what_is_no_reply_is_an_error(
    vendor: StandIn, mind: SarvamLanguageModel, answer: Answer, kind: str
) -> None:
    vendor.answer = answer
    with pytest.raises(ProviderError, match="Sarvam") as told:
        await parts_of(mind)
    assert told.value.kind == kind
    assert len(vendor.posts) == 1


REFUSALS = [
    (error(403, "invalid_api_key_error"), "key", None, "SARVAM_API_KEY"),
    (Answer((b"no",), 401, "text/plain"), "key", None, "SARVAM_API_KEY"),
    (error(429, "insufficient_quota_error", Retry_After="60"), "quota", None, "credits"),
    (error(429, "rate_limit_exceeded_error", Retry_After="60"), "busy", 60.0, "60 s"),
    (error(400, "invalid_request_error", "Model 'sarvam-30b' is gone"), "refused", None, "correct SARVAM_MODEL$"),
    (error(500, "internal_server_error"), "failed", None, "HTTP 500"),
    (Answer((b"<html>",), 502, "text/html"), "failed", None, "HTTP 502"),
]


@pytest.mark.parametrize(("answer", "kind", "rest_s", "says"), REFUSALS)
async def test_every_refusal_is_asked_once_and_told_in_one_line(
    vendor: StandIn, mind: SarvamLanguageModel, answer: Answer, kind: str, rest_s: float | None, says: str
) -> None:
    vendor.answer = answer
    for ask in (lambda: parts_of(mind), lambda: mind.judge(REQUEST, Verdict)):
        with pytest.raises(ProviderError, match=says) as told:
            await ask()
        assert (told.value.kind, told.value.retry_after_s) == (kind, rest_s)
        assert "\n" not in str(told.value)
    assert len(vendor.posts) == 2


SLOW = {
    "nothing": Answer(mute=True),
    "a word and no more": chat("We", end=(), ending="open"),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
async def test_a_model_that_falls_silent_is_left_at_our_own_limit(
    vendor: StandIn, mind: SarvamLanguageModel, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.speech.sarvam_chat.SILENCE_S", 0.2)
    vendor.answer = answer
    with pytest.raises(ProviderError, match="in time") as told:
        await parts_of(mind)
    assert told.value.kind == "late"
    await asyncio.wait_for(vendor.left.wait(), 0.5)


async def test_a_model_that_drips_is_left_when_whoever_asked_leaves(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    vendor.answer = Answer(tuple(repeat(b":", 600)), content_type="text/event-stream", pause_s=1.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await parts_of(mind)
    await asyncio.wait_for(vendor.left.wait(), 0.5)


@pytest.mark.parametrize("moment", ["before the first byte", "while waiting for more"])
async def test_cancelling_closes_the_vendors_stream_within_50_ms(
    vendor: StandIn, mind: SarvamLanguageModel, moment: str
) -> None:
    begun = asyncio.Event()
    vendor.answer = Answer(mute=True) if "before" in moment else chat("We", end=(), ending="open")

    async def listen() -> None:
        async for _ in mind.reply(PLAN, PLAIN):
            begun.set()

    task = asyncio.ensure_future(listen())
    await (vendor.asked if "before" in moment else begun).wait()
    at = time.monotonic()
    task.cancel()
    await asyncio.wait({task})
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05
    assert task.cancelled()


async def test_leaving_a_reply_half_read_closes_its_stream(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    vendor.answer = chat("We", end=(), ending="open")
    parts = mind.reply(PLAN, PLAIN)
    await anext(parts)
    at = time.monotonic()
    await parts.aclose()
    await asyncio.wait_for(vendor.left.wait(), 0.5)
    assert time.monotonic() - at < 0.05


async def test_no_key_no_prompt_and_no_reply_in_any_log_line_or_error(
    vendor: StandIn,
    mind: SarvamLanguageModel,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    await parts_of(mind)
    bad = [
        error(400, f"odd {KEY}", f"{KEY} may not say {SECRET_TEXT}"),
        Answer((f'data: {{"error": "{SECRET_TEXT}"}}\n\n'.encode(),), content_type="text/event-stream"),
        completion(f'{{"score": "{SECRET_TEXT}"}}'),
    ]
    for vendor.answer in bad:
        for ask in (parts_of(mind), mind.judge(REQUEST, Verdict)):
            with pytest.raises(ProviderError) as raised:
                await ask
            told.append(str(raised.value))
    written = caplog.text + "".join(capfd.readouterr()) + str(told)
    assert "HTTP 400" in written, "there is something to read"
    for secret in (KEY, SECRET_TEXT, "Be kind.", "We are "):
        assert secret not in written
