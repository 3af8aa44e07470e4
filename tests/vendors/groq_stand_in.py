"""Groq on this machine: what is asked of it, and its transcripts; its chat is OpenAI's (`chat_frames`)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
import pytest_asyncio

from app.audio.mulaw import encode
from app.audio.sound import Sound
from app.dialogue.flow import Plan
from app.speech.protocols import ProviderContext
from tests.speech.callers import PERSONAS
from tests.vendors.chat_frames import DONE, PLAN, USAGE, chat, chunk
from tests.vendors.elevenlabs_stand_in import Answer, StandIn

KEY = "gsk_0123456789abcdef"
PERSONA = PERSONAS["assistant"]
TURN = Sound(encode(bytes(16_000)), 8000, "mulaw")
"""A second of line."""
COUNTED = (chunk({}, "stop", x_groq={"id": "req_1", "usage": USAGE}), DONE)
"""How Groq ends a reply."""


class Vendor(StandIn):
    """Gives `answers` in turn, then `answer` for good."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        super().__init__()

    @property
    def answer(self) -> Answer:
        return self.answers.pop(0) if self.answers else self._answer_for_good

    @answer.setter
    def answer(self, answer: Answer) -> None:
        self._answer_for_good = answer


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Vendor]:
    """A vendor on this machine, that no proxy stands before; and none of the SDKs' own settings."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("GROQ_CUSTOM_HEADERS", "OPENAI_CUSTOM_HEADERS", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    running = Vendor()
    server = await asyncio.start_server(running.serve, "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    running.answer = chat("Hi.", end=COUNTED)
    yield running
    server.close()
    await running.close()
    await server.wait_closed()


def context(url: str, **settings: str) -> ProviderContext:
    return ProviderContext({PERSONA.id: PERSONA}, {"GROQ_API_KEY": KEY, "GROQ_BASE_URL": url, **settings})


async def said(source: Any, plan: Plan = PLAN) -> list[Any]:
    """All parts of a reply."""
    return [piece async for piece in source.reply(plan, PERSONA)]


async def quickest_leave_s(
    vendor: Vendor, talk: Callable[[asyncio.Event], Coroutine[Any, Any, None]], *, heard: bool
) -> float:
    """How soon the vendor sees its connection closed once `talk` is cancelled: the best of three, because this machine
    has other work. It is cancelled when it sets its event (`heard`), or when its request has arrived."""
    took_s = []
    for _ in range(3):
        begun = asyncio.Event()
        vendor.asked.clear()
        vendor.left.clear()
        task = asyncio.ensure_future(talk(begun))
        await (begun if heard else vendor.asked).wait()
        at = time.monotonic()
        task.cancel()
        await asyncio.wait({task})
        await asyncio.wait_for(vendor.left.wait(), 1.0)
        took_s.append(time.monotonic() - at)
        assert task.cancelled()
    return min(took_s)


def segment(text: str, avg_logprob: Any, no_speech_prob: Any = 0.01, tokens: int = 1) -> dict[str, Any]:
    return {
        "id": 0, "seek": 0, "start": 0.0, "end": 1.4, "text": text, "tokens": [1] * tokens, "temperature": 0,
        "avg_logprob": avg_logprob, "compression_ratio": 0.8, "no_speech_prob": no_speech_prob,
    }  # fmt: skip


def transcript(*segments: dict[str, Any]) -> Answer:
    """`verbose_json`."""
    text = "".join(str(part["text"]) for part in segments)
    body = {"text": text, "task": "transcribe", "language": "English", "duration": 1.4, "segments": segments}
    return Answer((json.dumps(body | {"x_groq": {"id": "req_1"}}).encode(),), content_type="application/json")
