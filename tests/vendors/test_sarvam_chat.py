"""The real SDK's chat against a local Sarvam: what it sends, and what it makes of good answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio
from pydantic import BaseModel

from app.dialogue.flow import Message, ModelRequest, Plan, Tool, ToolCall, ToolResult, Used
from app.speech.protocols import Finding, ProviderContext, ProviderError, ReplyPart, Tokens
from app.speech.sarvam import PROVIDER
from app.speech.sarvam_chat import SarvamLanguageModel
from tests.vendors.elevenlabs_stand_in import StandIn, stand_in
from tests.vendors.sarvam_stand_in import (
    DONE,
    KEY,
    PLAIN,
    PLAN,
    REQUEST,
    SECRET_TEXT,
    STOP,
    USAGE,
    chat,
    chunk,
    completion,
    context,
    error,
)


class Table(BaseModel):
    people: int


class Verdict(BaseModel):
    score: int
    evidence: str


BOOK = Tool("book", "Books a table.", Table, lambda state, _: Used("booked", state))


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


async def test_a_reply_is_asked_for_as_the_vendor_documents_it(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    assert await parts_of(mind) == ["We are ", "open."], "and nothing of its thought"
    [asked] = vendor.posts
    assert (asked.path, asked.query, asked.headers["api-subscription-key"]) == ("/v1/chat/completions", {}, KEY)
    body = asked.json
    [told, *said] = body.pop("messages")
    assert (told["role"], told["content"].splitlines()[0]) == ("system", "Be kind.")
    assert said == [
        {"role": "user", "content": "[The call begins.]"},
        {"role": "assistant", "content": "Hello, who [interrupted]"},
        {"role": "user", "content": SECRET_TEXT},
    ]
    assert body == {"model": "sarvam-105b", "stream": True, "max_tokens": 1024, "reasoning_effort": "low"}


@pytest.mark.parametrize(
    ("talk", "roles"),
    [
        ("", ["user"]),
        ("c", ["user"]),
        ("cc", ["user"]),
        ("a", ["user", "assistant"]),
        ("aac", ["user", "assistant", "user"]),
        ("acccaac", ["user", "assistant", "user", "assistant", "user"]),
    ],
)
async def test_the_vendor_is_given_a_talk_that_the_caller_begins_and_the_two_take_turns_in(
    vendor: StandIn, mind: SarvamLanguageModel, talk: str, roles: list[str]
) -> None:
    lines = tuple(Message("agent" if who == "a" else "caller", f"line {n}") for n, who in enumerate(talk))
    await parts_of(mind, Plan("x", None, model=ModelRequest("Be kind.", lines)))
    _, *said = vendor.posts[0].json["messages"]
    assert [message["role"] for message in said] == roles
    told = "\n".join(message["content"] for message in said).splitlines()
    assert [line for line in told if line.startswith("line ")] == [line.text for line in lines], "nothing is lost"


async def test_another_model_is_told_nothing_about_thinking(vendor: StandIn) -> None:
    async with aclosing(SarvamLanguageModel(context(vendor.url, SARVAM_MODEL="sarvam-105b-conversations"))) as mind:
        await parts_of(mind)
    body = vendor.posts[0].json
    assert (body["model"], "reasoning_effort" in body) == ("sarvam-105b-conversations", False)


async def test_a_plan_without_a_model_is_the_flow_s_own_words(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    assert await parts_of(mind, Plan("own words", None)) == ["own words"]
    assert vendor.requests == []


async def test_tools_are_offered_and_their_calls_put_together(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    first = {"index": 0, "id": "c1", "type": "function", "function": {"name": "book", "arguments": '{"peo'}}
    second = {"index": 0, "id": None, "type": None, "function": {"name": None, "arguments": 'ple": 2}'}}
    calls = (chunk({"tool_calls": [first]}), chunk({"tool_calls": [second]}), chunk({}, "tool_calls"), DONE)
    vendor.answer = chat("One moment.", end=calls)
    plan = Plan("own words", None, model=ModelRequest("Be kind.", REQUEST.messages, (BOOK,)))
    assert await parts_of(mind, plan) == ["One moment.", ToolCall("c1", "book", '{"people": 2}')]
    [tool] = vendor.posts[0].json["tools"]
    assert (tool["type"], tool["function"]["name"], tool["function"]["description"]) == (
        "function",
        "book",
        "Books a table.",
    )
    assert tool["function"]["parameters"] == {
        "type": "object",
        "properties": {"people": {"type": "integer"}},
        "required": ["people"],
    }


async def test_what_tools_told_is_sent_without_empty_fields(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    results = (ToolResult(ToolCall("c1", "book", '{"people": 2}'), "booked"),)
    vendor.answer = chat()
    assert (
        await parts_of(mind, Plan("x", None, model=ModelRequest("Be kind.", REQUEST.messages, (BOOK,), results))) == []
    )
    call = {"id": "c1", "type": "function", "function": {"name": "book", "arguments": '{"people": 2}'}}
    assert vendor.posts[0].json["messages"][-2:] == [
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "booked"},
    ]


async def test_the_count_is_told_where_the_vendor_gives_one(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    vendor.answer = chat("Yes.", end=(STOP.replace(b'"sarvam-105b"', b'"sarvam-105b-07"'), _usage(), DONE))
    assert await parts_of(mind) == ["Yes.", Tokens("sarvam-105b", 90, 20)]


def _usage() -> bytes:
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": USAGE}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


async def test_thought_that_comes_as_text_is_not_spoken(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    vendor.answer = chat("<thi", "nk>They want ", "to know.</think>\n\n", "We are open.")
    assert "".join(str(part) for part in await parts_of(mind)).strip() == "We are open."


async def test_the_first_word_does_not_wait_for_the_second(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    vendor.answer = chat("We", end=(), ending="open")
    async with asyncio.timeout(2), aclosing(mind.reply(PLAN, PLAIN)) as parts:
        assert await anext(parts) == "We"


async def test_replies_follow_each_other_on_one_connection(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    await mind.warm()
    for _ in range(3):
        await parts_of(mind)
    assert {request.connection for request in vendor.requests} == {1}


async def test_a_vendor_that_never_ends_its_stream_costs_the_connection_and_no_time(
    vendor: StandIn, mind: SarvamLanguageModel
) -> None:
    vendor.answer = chat("We are open.", ending="open")
    begun = time.monotonic()
    assert await parts_of(mind) == ["We are open."]
    assert time.monotonic() - begun < 1
    await asyncio.wait_for(vendor.left.wait(), 0.5)


async def test_a_judgement_is_asked_for_in_text_and_comes_back_as_a_form(
    vendor: StandIn, mind: SarvamLanguageModel
) -> None:
    vendor.answer = completion('Here it is:\n```json\n{"score": 4, "evidence": "knew it"}\n```')
    assert await mind.judge(REQUEST, Verdict) == (Verdict(score=4, evidence="knew it"), Tokens("sarvam-105b", 90, 20))
    body = vendor.posts[0].json
    assert '"evidence"' in body["messages"][0]["content"]
    del body["messages"]
    assert body == {"model": "sarvam-105b", "max_tokens": 4096, "reasoning_effort": "low"}


async def test_checking_is_one_token_and_names_the_setting(vendor: StandIn, mind: SarvamLanguageModel) -> None:
    vendor.answer = completion(None)
    assert await mind.check([PLAIN]) == [Finding("SARVAM_MODEL", True, "sarvam-105b answers")]
    assert vendor.posts[0].json["max_tokens"] == 1
    vendor.answer = error(400, "invalid_request_error")
    [finding] = await mind.check([PLAIN])
    assert (finding.about, finding.ok, finding.mend) == ("SARVAM_MODEL", False, "correct SARVAM_MODEL")


async def test_without_a_key_nothing_is_asked_and_the_setting_is_named(vendor: StandIn) -> None:
    async with aclosing(SarvamLanguageModel(ProviderContext({}, {"SARVAM_BASE_URL": vendor.url}))) as mind:
        await mind.warm()
        with pytest.raises(ProviderError, match="set SARVAM_API_KEY") as told:
            await parts_of(mind)
        assert (told.value.kind, [f.about for f in await mind.check([])]) == ("key", ["SARVAM_API_KEY"])
    assert vendor.requests == []


def test_the_provider_offers_thought() -> None:
    assert (PROVIDER.language_model, "SARVAM_MODEL" in PROVIDER.settings) == (SarvamLanguageModel, True)
