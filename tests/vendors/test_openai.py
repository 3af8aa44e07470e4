"""OpenAI's own SDK against a local server that speaks its protocol: what it is asked, and what it may refuse."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from app.dialogue.flow import Plan, ToolCall
from app.speech.openai import PROVIDER, OpenAiLanguageModel
from app.speech.openai_connection import OPENAI_URL, address
from app.speech.protocols import ProviderContext, ProviderError, Tokens
from app.speech.registry import providers
from tests.vendors.chat_frames import (
    AFTER_TOOLS,
    COUNT,
    DONE,
    OFFERED,
    PLAN,
    REQUEST,
    SECRET_TEXT,
    STOP,
    WITH_TOOLS,
    Verdict,
    calls,
    chat,
    completion,
    error,
)
from tests.vendors.groq_stand_in import said
from tests.vendors.openai_stand_in import KEY, MODEL, PERSONA, Vendor, context, vendor

__all__ = ["vendor"]

TOKENS = Tokens(MODEL, 90, 20)
HELLO = chat("Hel", "lo.", end=(STOP, COUNT, DONE))


@pytest_asyncio.fixture
async def mind(vendor: Vendor) -> AsyncIterator[OpenAiLanguageModel]:
    vendor.answer = HELLO
    async with aclosing(OpenAiLanguageModel(context(vendor.url))) as made:
        yield made


def test_it_is_registered_with_its_settings_and_only_thinks() -> None:
    assert providers()["openai"] is PROVIDER
    assert PROVIDER.settings == ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
    assert PROVIDER.speech_to_text is None
    assert PROVIDER.text_to_speech is None


async def test_a_reply_is_asked_for_as_the_protocol_has_it(vendor: Vendor, mind: OpenAiLanguageModel) -> None:
    assert await said(mind) == ["Hel", "lo.", TOKENS]
    [asked] = vendor.posts
    assert asked.path == "/v1/chat/completions"
    assert asked.query == {}
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["user-agent"].startswith("AsyncOpenAI/Python")
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["accept"] == "text/event-stream"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["x-stainless-retry-count"] == "0"
    assert asked.json == {
        "model": MODEL,
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": SECRET_TEXT}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_completion_tokens": 1024,
    }


async def test_tools_are_offered_called_and_told(vendor: Vendor, mind: OpenAiLanguageModel) -> None:
    function = {"name": "book", "arguments": '{"people": 2}'}
    # As Ollama does it: whole, and every call at the same index.
    vendor.answer = chat(end=calls(*({"index": 0, "id": id_, "function": function} for id_ in ("a", "b"))))
    assert await said(mind, WITH_TOOLS) == [ToolCall(id_, "book", '{"people": 2}') for id_ in ("a", "b")]
    assert vendor.posts[0].json["tools"] == [OFFERED]
    vendor.answer = chat(end=(STOP, COUNT, DONE))
    assert await said(mind, AFTER_TOOLS) == [TOKENS]
    asked, told = vendor.posts[1].json["messages"][-2:]
    assert asked["tool_calls"] == [{"id": "call_1", "type": "function", "function": function}]
    assert told == {"role": "tool", "tool_call_id": "call_1", "content": "booked"}


async def test_thought_that_a_server_leaves_in_the_text_is_not_for_the_caller(
    vendor: Vendor, mind: OpenAiLanguageModel
) -> None:
    vendor.answer = chat("<thi", "nk>They greet", ".</think>", "\n\n", "Hello.", end=(STOP, COUNT, DONE))
    assert await said(mind) == ["\n\nHello.", TOKENS]


async def test_an_own_server_needs_no_key_and_is_sent_none(vendor: Vendor) -> None:
    vendor.answer = HELLO
    async with aclosing(OpenAiLanguageModel(context(vendor.url, OPENAI_API_KEY=""))) as mind:
        assert await said(mind) == ["Hel", "lo.", TOKENS]
        vendor.answer = completion('{"points": 3}')
        await mind.judge(REQUEST, Verdict)
        await mind.check([PERSONA])
    assert len(vendor.requests) == 4
    assert all("authorization" not in asked.headers for asked in vendor.requests)


async def test_gpt_oss_is_told_to_think_briefly(vendor: Vendor) -> None:
    vendor.answer = HELLO
    async with aclosing(OpenAiLanguageModel(context(vendor.url, OPENAI_MODEL="gpt-oss:20b"))) as mind:
        await said(mind)
    assert vendor.posts[0].json["reasoning_effort"] == "low"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:11434/", "http://localhost:11434/v1"),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ("localhost:11434", None),
        ("ftp://localhost", None),
        ("http://", None),
        ("http://localhost:99999", None),
        ("http://user:word@localhost", None),
        ("http://localhost/v1?key=x", None),
        ("http://local host", None),
    ],
)
def test_an_address_without_a_path_means_v1(given: str, wanted: str | None) -> None:
    assert address(given) == wanted


async def test_a_path_is_kept(vendor: Vendor) -> None:
    vendor.answer = HELLO
    async with aclosing(OpenAiLanguageModel(context(f"{vendor.url}/api/v1"))) as mind:
        await said(mind)
    assert vendor.posts[0].path == "/api/v1/chat/completions"


REFUSED = error(400, None, message="stream_options: extra fields not permitted")
NO_TOOLS = error(400, None, message="registry.ollama.ai/library/x does not support tools")


async def test_a_server_that_refuses_to_count_is_asked_no_more_to(vendor: Vendor, mind: OpenAiLanguageModel) -> None:
    vendor.answer = chat("Hi.")
    vendor.answers = [REFUSED]
    for _ in range(2):
        assert await said(mind, WITH_TOOLS) == ["Hi."]
    assert ["stream_options" in asked.json for asked in vendor.posts] == [True, False, False]
    assert all("tools" in asked.json for asked in vendor.posts)


async def test_a_server_that_refuses_tools_words_its_reply_without_and_is_offered_them_again(
    vendor: Vendor, mind: OpenAiLanguageModel
) -> None:
    for refusals in ([NO_TOOLS], [REFUSED, REFUSED]):
        vendor.requests.clear()
        vendor.answers = [*refusals]
        assert await said(mind, WITH_TOOLS) == ["Hel", "lo.", TOKENS]
        last = vendor.posts[-1].json
        assert len(vendor.posts) == len(refusals) + 1
        assert ("tools" in last, "stream_options" in last) == (False, True)
    assert "tools" in vendor.posts[0].json


async def test_a_server_that_refuses_everything_is_asked_four_times_at_most(
    vendor: Vendor, mind: OpenAiLanguageModel
) -> None:
    vendor.answer = REFUSED
    for plan, times in ((WITH_TOOLS, 4), (PLAN, 2)):
        vendor.requests.clear()
        with pytest.raises(ProviderError) as told:
            await said(mind, plan)
        assert told.value.kind == "refused"
        assert len(vendor.posts) == times
    vendor.requests.clear()
    vendor.answer = error(400, "model_not_found")
    with pytest.raises(ProviderError, match="correct OPENAI_MODEL"):
        await said(mind, WITH_TOOLS)
    assert len(vendor.posts) == 1


async def test_a_judgement_is_held_to_its_form_as_firmly_as_the_server_can(
    vendor: Vendor, mind: OpenAiLanguageModel
) -> None:
    vendor.answer = completion('```json\n{"points": 3}\n```')
    vendor.answers = [error(400, None, message="json_schema is not supported"), error(422, None)]
    for _ in range(2):
        assert await mind.judge(REQUEST, Verdict) == (Verdict(points=3), TOKENS)
    bodies = [asked.json for asked in vendor.posts]
    formats = [body.get("response_format", {}).get("type") for body in bodies]
    assert formats == ["json_schema", "json_object", None, None], "what a server takes is remembered"
    assert bodies[0]["response_format"]["json_schema"]["strict"] is True
    assert bodies[0]["messages"][0]["content"] == "Be kind."
    for body in bodies[1:]:
        assert json.loads(body["messages"][0]["content"].splitlines()[-1])["required"] == ["points"]
        assert "stream" not in body
        assert "tools" not in body


async def test_what_is_no_judgement_is_rubbish_and_not_asked_for_again(
    vendor: Vendor, mind: OpenAiLanguageModel
) -> None:
    vendor.answer = completion("three points")
    with pytest.raises(ProviderError, match="does not fit") as told:
        await mind.judge(REQUEST, Verdict)
    assert told.value.kind == "rubbish"
    assert len(vendor.posts) == 1


async def test_one_connection_serves_warming_and_every_reply(vendor: Vendor, mind: OpenAiLanguageModel) -> None:
    await asyncio.gather(mind.warm(), mind.warm())
    for _ in range(3):
        assert await said(mind) == ["Hel", "lo.", TOKENS]
        await mind.warm()
    assert [(asked.method, asked.path) for asked in vendor.requests[:2]] == [
        ("GET", "/v1"),
        ("POST", "/v1/chat/completions"),
    ]
    assert len(vendor.requests) == 4
    assert vendor.connections == 1, "the SDK alone would close it at the end of each stream"


UNSET = {
    "OPENAI_MODEL": {"OPENAI_MODEL": " "},
    "OPENAI_BASE_URL": {"OPENAI_BASE_URL": "localhost"},
    "OPENAI_API_KEY": {"OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""},
}


@pytest.mark.parametrize(("about", "settings"), UNSET.items())
async def test_a_setting_that_is_missing_is_named_at_every_use(about: str, settings: dict[str, str]) -> None:
    async with aclosing(OpenAiLanguageModel(context("http://127.0.0.1:1", **settings))) as mind:
        await mind.warm()
        [finding] = await mind.check([PERSONA])
        assert (finding.about, finding.ok) == (about, False)
        assert about in finding.mend + finding.says
        for ask in (said(mind), mind.judge(REQUEST, Verdict)):
            with pytest.raises(ProviderError, match=about):
                await ask
        assert await said(mind, Plan("own words", None)) == ["own words"]


async def test_without_an_address_it_is_openai_itself() -> None:
    bare = ProviderContext({}, {"OPENAI_API_KEY": KEY, "OPENAI_MODEL": "gpt"})
    async with aclosing(OpenAiLanguageModel(bare)) as mind:
        assert str(mind._connection.client.base_url).rstrip("/") == OPENAI_URL
