"""The real SDK against a local Groq: replies and judgements asked for as documented, and what is made of good ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from app.dialogue.flow import Message, ModelRequest, Plan, ToolCall
from app.speech.groq import PROVIDER, GroqLanguageModel, GroqSpeechToText
from app.speech.protocols import Finding, ProviderContext, ProviderError, Tokens
from app.speech.registry import providers
from tests.vendors.chat_frames import (
    AFTER_TOOLS,
    CALL,
    DONE,
    OFFERED,
    PLAN,
    REQUEST,
    STOP,
    WITH_TOOLS,
    Verdict,
    calls,
    chat,
    completion,
    error,
    models,
)  # fmt: skip
from tests.vendors.elevenlabs_stand_in import Answer
from tests.vendors.groq_stand_in import COUNTED, KEY, PERSONA, TURN, Vendor, context, said, vendor

__all__ = ["vendor"]

COUNT = Tokens("openai/gpt-oss-20b", 90, 20)


@pytest_asyncio.fixture
async def mind(vendor: Vendor) -> AsyncIterator[GroqLanguageModel]:
    async with aclosing(GroqLanguageModel(context(vendor.url))) as made:
        yield made


def test_it_is_registered_with_its_settings() -> None:
    assert providers()["groq"] is PROVIDER
    assert PROVIDER.settings == ("GROQ_MODEL", "GROQ_STT_MODEL")
    assert PROVIDER.text_to_speech is None


async def test_a_reply_is_asked_for_as_the_vendor_documents_it(vendor: Vendor, mind: GroqLanguageModel) -> None:
    vendor.answer = chat(" ", "Hel", "lo. ", "*Bye*", end=COUNTED)
    talk = (Message("agent", "Hello, I am", interrupted=True), Message("caller", "Hi."), Message("agent", "Yes?"))
    parts = await said(mind, Plan("own", None, model=ModelRequest("Be kind.", talk)))
    assert parts == [" Hel", "lo. ", "*Bye*", COUNT]
    [asked] = vendor.posts
    assert asked.path == "/openai/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["user-agent"].startswith("AsyncGroq/Python")
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["accept"] == "text/event-stream"
    assert asked.headers["x-stainless-retry-count"] == "0"
    body = asked.json
    system, *lines = body.pop("messages")
    assert system["role"] == "system"
    assert system["content"].startswith("Be kind.")
    assert "[interrupted]" in system["content"]
    assert lines == [
        {"role": "assistant", "content": "Hello, I am [interrupted]"},
        {"role": "user", "content": "Hi."},
        {"role": "assistant", "content": "Yes?"},
    ]
    assert body == {
        "model": "openai/gpt-oss-20b",
        "stream": True,
        "max_completion_tokens": 1024,
        "reasoning_effort": "low",
    }


async def test_a_model_that_does_not_think_is_not_told_how(vendor: Vendor) -> None:
    async with aclosing(GroqLanguageModel(context(vendor.url, GROQ_MODEL="some/model"))) as mind:
        assert await said(mind) == ["Hi.", Tokens("some/model", 90, 20)]
    body = vendor.posts[0].json
    assert body["model"] == "some/model"
    assert "reasoning_effort" not in body
    assert body["messages"][0] == {"role": "system", "content": "Be kind."}


async def test_the_flows_own_words_cost_no_request(vendor: Vendor, mind: GroqLanguageModel) -> None:
    assert await said(mind, Plan("We open at 8.30 a.m. on Monday.", None)) == ["We open at 8.30 a.m. on Monday."]
    assert vendor.requests == []


async def test_tools_are_offered_and_their_calls_come_whole_after_the_words(
    vendor: Vendor, mind: GroqLanguageModel
) -> None:
    vendor.answer = chat(
        "One moment.",
        end=calls(
            {"index": 0, "id": "call_1", "type": "function", "function": {"name": "book", "arguments": '{"peo'}},
            {"index": 1, "id": "call_2", "type": "function", "function": {"name": "book", "arguments": "not json"}},
            {"index": 0, "function": {"arguments": 'ple": 2}'}},
        ),
    )
    assert await said(mind, WITH_TOOLS) == ["One moment.", CALL, ToolCall("call_2", "book", "not json")]
    assert vendor.posts[0].json["tools"] == [OFFERED]
    assert "tool_choice" not in vendor.posts[0].json


async def test_what_tools_told_is_sent_behind_the_talk_and_a_model_may_add_nothing(
    vendor: Vendor, mind: GroqLanguageModel
) -> None:
    vendor.answer = chat(end=COUNTED)
    assert await said(mind, AFTER_TOOLS) == [COUNT]
    asked, told = vendor.posts[0].json["messages"][-2:]
    function = {"name": "book", "arguments": '{"people": 2}'}
    assert asked == {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
    }
    assert told == {"role": "tool", "tool_call_id": "call_1", "content": "booked"}


MISUSED = error(400, "tool_use_failed", message="<function")
MISUSED_LATE = chat(
    end=(b'data: {"error":{"message":"x","type":"invalid_request_error","code":"tool_use_failed"}}\n\n',)
)


@pytest.mark.parametrize("first", [MISUSED, MISUSED_LATE], ids=["refused", "failed in the stream"])
async def test_a_tool_asked_for_in_a_way_that_the_vendor_cannot_read_costs_one_more_request_without_tools(
    vendor: Vendor, mind: GroqLanguageModel, first: Answer
) -> None:
    vendor.answers = [first, chat("Which day?", end=COUNTED)]
    assert await said(mind, WITH_TOOLS) == ["Which day?", COUNT]
    assert ["tools" in asked.json for asked in vendor.posts] == [True, False]


async def test_it_is_asked_no_third_time_and_not_again_where_no_tools_were(
    vendor: Vendor, mind: GroqLanguageModel
) -> None:
    vendor.answer = MISUSED
    for plan, asked in ((WITH_TOOLS, 2), (PLAN, 1)):
        vendor.requests.clear()
        with pytest.raises(ProviderError, match="tool_use_failed") as told:
            await said(mind, plan)
        assert told.value.kind == "rubbish"
        assert len(vendor.posts) == asked


async def test_a_judgement_is_held_to_its_form_where_the_model_can_be(vendor: Vendor, mind: GroqLanguageModel) -> None:
    vendor.answer = completion('{"points": 3, "note": "clear"}')
    assert await mind.judge(REQUEST, Verdict) == (Verdict(points=3, note="clear"), COUNT)
    body = vendor.posts[0].json
    assert body.pop("messages")[0] == {"role": "system", "content": "Be kind."}
    assert body == {
        "model": "openai/gpt-oss-20b",
        "max_completion_tokens": 8192,
        "reasoning_effort": "low",
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "Verdict",
                "strict": True,
                "schema": {
                    "description": "How it went.",
                    "properties": {"points": {"type": "integer"}, "note": {"type": "string"}},
                    "type": "object",
                    "required": ["points", "note"],
                    "additionalProperties": False,
                },
            },
        },
    }


async def test_other_models_are_told_the_form_in_words(vendor: Vendor) -> None:
    vendor.answer = completion('{"points": 3}')
    async with aclosing(GroqLanguageModel(context(vendor.url, GROQ_MODEL="some/model"))) as mind:
        assert await mind.judge(REQUEST, Verdict) == (Verdict(points=3), Tokens("some/model", 90, 20))
    body = vendor.posts[0].json
    assert body["response_format"] == {"type": "json_object"}
    assert "reasoning_effort" not in body
    instructions = body["messages"][0]["content"]
    assert instructions.startswith("Be kind.\n")
    assert json.loads(instructions.splitlines()[-1])["required"] == ["points"]


NO_JUDGEMENT = {
    "no json": completion("three"),
    "another form": completion('{"score": 3}'),
    "a tool": completion(None),
    "too long": completion("x" * 70_000),
    "a page": Answer((b"<html>",), content_type="text/html"),
    "a list": Answer((b"[1]",), content_type="application/json"),
    "no choices": completion("", choices=[]),
    "not the JSON that was asked for": error(400, "json_validate_failed"),
}


@pytest.mark.parametrize("answer", NO_JUDGEMENT.values(), ids=NO_JUDGEMENT)
async def test_what_is_no_judgement_is_rubbish(vendor: Vendor, mind: GroqLanguageModel, answer: Answer) -> None:
    vendor.answer = answer
    with pytest.raises(ProviderError, match="Groq") as told:
        await mind.judge(REQUEST, Verdict)
    assert told.value.kind == "rubbish"
    assert len(vendor.posts) == 1


async def test_getting_warm_opens_the_connection_that_every_reply_then_uses(
    vendor: Vendor, mind: GroqLanguageModel
) -> None:
    await asyncio.gather(mind.warm(), mind.warm())
    await mind.warm()
    assert [(asked.method, asked.path) for asked in vendor.requests] == [("GET", "/")], "one at a time, and only one"
    for _ in range(3):
        assert await said(mind) == ["Hi.", COUNT]
    assert vendor.connections == 1


async def test_a_server_that_never_ends_its_whole_reply_costs_nothing(vendor: Vendor, mind: GroqLanguageModel) -> None:
    for end in ((STOP,), (STOP, DONE)):
        vendor.answer = chat("Hi.", end=end, ending="open")
        async with asyncio.timeout(2):
            assert await said(mind) == ["Hi."]


async def test_a_check_asks_once_and_says_what_is_served(vendor: Vendor, mind: GroqLanguageModel) -> None:
    vendor.pages["/openai/v1/models"] = models("openai/gpt-oss-20b", "whisper-large-v3-turbo")
    async with aclosing(GroqSpeechToText(context(vendor.url))) as ear:
        assert await ear.check([PERSONA]) == [
            Finding("GROQ_API_KEY", True, "Groq answers"),
            Finding("GROQ_STT_MODEL", True, "whisper-large-v3-turbo is served"),
        ]
    assert (await mind.check([PERSONA]))[1] == Finding("GROQ_MODEL", True, "openai/gpt-oss-20b is served")
    assert [(asked.method, asked.path) for asked in vendor.requests] == [("GET", "/openai/v1/models")] * 2


async def test_without_a_key_the_house_starts_and_each_use_names_the_setting() -> None:
    bare = ProviderContext({PERSONA.id: PERSONA})
    async with aclosing(GroqSpeechToText(bare)) as ear, aclosing(GroqLanguageModel(bare)) as mind:
        await ear.warm()
        for ask in (ear.transcribe(TURN, PERSONA), said(mind), mind.judge(REQUEST, Verdict)):
            with pytest.raises(ProviderError, match="GROQ_API_KEY") as told:
                await ask
            assert told.value.kind == "key"
        assert await said(mind, Plan("own words", None)) == ["own words"]
        [finding] = await mind.check([PERSONA])
        assert (finding.about, finding.ok, finding.says) == ("GROQ_API_KEY", False, "Groq has no key")


async def test_a_key_that_no_header_can_hold_is_told_and_not_quoted() -> None:
    async with aclosing(GroqLanguageModel(context("http://127.0.0.1:1", GROQ_API_KEY="gsk_schlüssel"))) as mind:
        with pytest.raises(ProviderError, match=r"^Groq's key has letters that no key has: correct GROQ_API_KEY$"):
            await said(mind)
