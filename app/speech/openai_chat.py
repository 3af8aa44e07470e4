"""Replies and judgements by a model on any server that speaks OpenAI's protocol.

Servers differ in what they refuse. What one refuses is left out, and that is remembered: counts in the stream, and how
the model is held to a form. Each refusal costs one quick request, once.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import httpx

from app.dialogue.flow import ModelRequest, Plan
from app.personas.schema import Persona
from app.speech.chat_judgement import JSON_OBJECT, JUDGEMENT_TOKENS, content, filled, strict_format, with_schema
from app.speech.chat_messages import messages, tools
from app.speech.chat_reader import LONGEST_TOKENS, counted, reply_parts
from app.speech.openai_connection import Connection
from app.speech.protocols import Finding, Form, ProviderContext, ReplyPart, Tokens
from app.speech.vendor_connection import CONNECT_S, STREAMED
from app.speech.vendor_errors import codes

JUDGE_S = 25.0
"""A judgement comes whole, after a silence. Whoever asks has a stricter limit."""
_REFUSALS = (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY)
_ABOUT_MODEL = frozenset({"model_not_found", "context_length_exceeded", "insufficient_quota", "invalid_api_key"})
"""Refusals that leaving something out does not mend."""
_HELD = ("json_schema", "json_object", "text")
"""How a model is held to a form, the firmest first."""


@dataclass(frozen=True, slots=True)
class _Asks:
    """What a reply is asked with, beside the talk."""

    counts: bool
    tools: bool


class OpenAiLanguageModel:
    """`OPENAI_MODEL` at `OPENAI_BASE_URL`."""

    name = "openai"

    def __init__(self, context: ProviderContext) -> None:
        self._connection = Connection(context.settings)
        self._model, self._vendor = self._connection.model, self._connection.vendor
        self._thought: dict[str, Any] = {"reasoning_effort": "low"} if "gpt-oss" in self._model else {}
        self.model_name = self._model
        self._counts = True
        self._held = 0

    async def warm(self) -> None:
        """Have a connection open."""
        await self._connection.warm()

    async def reply(self, plan: Plan, persona: Persona) -> AsyncGenerator[ReplyPart]:
        """The model's reply as it comes, or the flow's own words where it asks for no model.

        Leaving it, or being cancelled, closes the server's stream. Raises ProviderError.
        """
        if (request := plan.model) is None:
            yield plan.text
            return
        with self._connection.explained():
            stream = await self._begun(request)
            try:
                reply = reply_parts(stream, self._vendor, self._model, may_be_empty=bool(request.results))
                async with aclosing(reply) as parts:
                    async for part in parts:
                        yield part
            finally:
                await stream.close()

    async def judge(self, request: ModelRequest, form: type[Form]) -> tuple[Form, Tokens | None]:
        """The form, filled in by the model, held to it as firmly as the server can. Raises ProviderError."""
        with self._connection.explained():
            answer = await self._judged(request, form)
            judgement = filled(content(answer, self._vendor), form, self._vendor)
            return judgement, counted(getattr(answer, "usage", None), self._model)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Key, address and model, by one listing of the models."""
        return await self._connection.check()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    async def _begun(self, request: ModelRequest) -> Any:
        """The stream of a reply, asked for with less and less until the server takes it."""
        asks = _Asks(self._counts, bool(request.tools))
        while True:
            try:
                stream = await self._ask(request, asks)
            except Exception as error:
                less = self._less(asks, error)
                if less is None:
                    raise
                asks = less
            else:
                self._counts = asks.counts
                return stream

    def _less(self, asks: _Asks, error: Exception) -> _Asks | None:
        """What to ask with after this refusal; None if nothing is left that could be its reason."""
        if not _may_take_less(error):
            return None
        blames_tools = "tool" in str(getattr(error, "body", "")).lower()
        if asks.counts and not (asks.tools and blames_tools):
            return replace(asks, counts=False)
        return _Asks(self._counts, tools=False) if asks.tools else None

    async def _ask(self, request: ModelRequest, asks: _Asks) -> Any:
        more: dict[str, Any] = dict(self._thought)
        if asks.counts:
            more["stream_options"] = {"include_usage": True}
        if asks.tools:
            more["tools"] = tools(request)
        return await self._connection.client.chat.completions.create(
            model=self._model,
            messages=_typed(messages(request)),
            stream=True,
            max_completion_tokens=LONGEST_TOKENS,
            extra_headers={**self._connection.headers, "accept": STREAMED},
            **more,
        )

    async def _judged(self, request: ModelRequest, form: type[Form]) -> Any:
        strict = strict_format(form)
        for held in range(max(self._held, strict is None), len(_HELD)):
            to_schema = _HELD[held] == "json_schema"
            formats = {"json_schema": strict, "json_object": JSON_OBJECT}
            more: dict[str, Any] = dict(self._thought)
            if _HELD[held] in formats:
                more["response_format"] = formats[_HELD[held]]
            asked = request if to_schema else with_schema(request, form)
            try:
                answer = await self._connection.client.chat.completions.create(
                    model=self._model,
                    messages=_typed(messages(asked)),
                    max_completion_tokens=JUDGEMENT_TOKENS,
                    timeout=httpx.Timeout(JUDGE_S, connect=CONNECT_S),
                    extra_headers=self._connection.headers,
                    **more,
                )
            except Exception as error:
                if held == len(_HELD) - 1 or not _may_take_less(error):
                    raise
            else:
                self._held = held if strict is not None else self._held
                return answer
        raise AssertionError("the last try either gives an answer or raises")


def _may_take_less(error: Exception) -> bool:
    """Did the server refuse the request for something in it that can be left out?"""
    return getattr(error, "status_code", None) in _REFUSALS and _ABOUT_MODEL.isdisjoint(codes(error))


def _typed(value: Any) -> Any:
    """For mypy: the SDK's types are its own dictionaries, one for each shape of what is written here."""
    return value
