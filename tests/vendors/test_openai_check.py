"""What `check` finds out about a model on a server that speaks OpenAI's protocol, through the real SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from app.speech.openai_chat import OpenAiLanguageModel
from app.speech.protocols import Finding
from tests.vendors.chat_frames import completion, error, models
from tests.vendors.elevenlabs_stand_in import Answer
from tests.vendors.openai_stand_in import MODEL, PERSONA, Vendor, context, vendor

__all__ = ["vendor"]


@pytest_asyncio.fixture
async def mind(vendor: Vendor) -> AsyncIterator[OpenAiLanguageModel]:
    async with aclosing(OpenAiLanguageModel(context(vendor.url))) as made:
        yield made


CHECKS: dict[str, tuple[Answer, str, bool, str]] = {
    "served": (models("gpt", MODEL), "OPENAI_MODEL", True, f"{MODEL} is served"),
    "another": (models("qwen3:4b", "llama"), "OPENAI_MODEL", False, "set OPENAI_MODEL to one that it serves: qwen3:4b"),
    "none": (models(), "OPENAI_MODEL", False, "load a model"),
    "key": (error(401, None), "OPENAI_API_KEY", False, "correct OPENAI_API_KEY"),
    "busy": (error(429, None), "OPENAI_API_KEY", False, "too many requests"),
    "no such page": (Answer((b"404",), 404, "text/plain"), "OPENAI_BASE_URL", False, "correct OPENAI_BASE_URL"),
    "a page": (Answer((b"<html>",), content_type="text/html"), "OPENAI_BASE_URL", False, "right address"),
    "rubbish": (Answer((b"[7]",), content_type="application/json"), "OPENAI_BASE_URL", False, "OPENAI_BASE_URL"),
    "endless": (
        Answer((b" " * 60_000,) * 100, content_type="application/json"),
        "OPENAI_BASE_URL",
        False,
        "went beyond",
    ),
}


@pytest.mark.parametrize(("answer", "about", "ok", "says"), CHECKS.values(), ids=CHECKS)
async def test_a_check_names_the_setting_and_how_to_mend_it(
    vendor: Vendor, mind: OpenAiLanguageModel, answer: Answer, about: str, ok: bool, says: str
) -> None:
    vendor.pages["/v1/models"] = answer
    *reached, last = await mind.check([PERSONA])
    assert (last.about, last.ok) == (about, ok)
    assert says in f"{last.says}: {last.mend}"
    served = "served" in says or about == "OPENAI_MODEL"
    assert reached == ([Finding("OPENAI_API_KEY", True, "The OpenAI-compatible server answers")] if served else [])
    assert len(vendor.requests) <= 2, "a list, and where there is none one word of the model's"


async def test_a_server_that_lists_no_models_is_asked_for_one_token(vendor: Vendor, mind: OpenAiLanguageModel) -> None:
    vendor.answer = completion("Hi")
    assert await mind.check([PERSONA]) == [
        Finding("OPENAI_API_KEY", True, "The OpenAI-compatible server answers"),
        Finding("OPENAI_MODEL", True, f"{MODEL} answers"),
    ]
    vendor.answer = error(401, "invalid_api_key")
    [wrong] = await mind.check([PERSONA])
    assert (wrong.about, wrong.ok) == ("OPENAI_API_KEY", False)


async def test_a_check_of_nobody_says_so() -> None:
    async with aclosing(OpenAiLanguageModel(context("http://127.0.0.1:1"))) as mind:
        [finding] = await mind.check([PERSONA])
    assert finding.about == "OPENAI_BASE_URL"
    assert "cannot be reached" in finding.says
    assert "correct OPENAI_BASE_URL" in finding.mend


async def test_a_check_waits_for_nobody_for_long(
    vendor: Vendor, mind: OpenAiLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.speech.vendor_findings._LIMIT_S", 0.1)
    vendor.pages["/v1/models"] = Answer(mute=True)
    async with asyncio.timeout(5):
        [finding] = await mind.check([PERSONA])
    assert (finding.ok, finding.says) == (False, "The OpenAI-compatible server did not answer in time")
