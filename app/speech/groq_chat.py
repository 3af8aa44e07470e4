"""Replies worded by a chat model at Groq, streamed; and judgements."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx

from app.dialogue.flow import ModelRequest, Plan
from app.personas.schema import Persona
from app.speech.chat_judgement import JSON_OBJECT, JUDGEMENT_TOKENS, content, filled, strict_format, with_schema
from app.speech.chat_messages import messages, tools
from app.speech.chat_reader import LONGEST_TOKENS, counted, reply_parts
from app.speech.groq_connection import Connection
from app.speech.protocols import Finding, Form, ProviderContext, ReplyPart, Tokens
from app.speech.vendor_connection import CONNECT_S, STREAMED
from app.speech.vendor_errors import codes

CHAT_MODEL = "openai/gpt-oss-20b"
_THINKS = "gpt-oss"
"""Models of this family think before they speak, can be told to be brief about it, and can be held to a schema; others
refuse a request that tries."""
JUDGE_S = 25.0
"""A judgement comes whole, after a silence. Whoever asks has a stricter limit."""


class GroqLanguageModel:
    """`GROQ_MODEL`, or the house's choice."""

    name = "groq"

    def __init__(self, context: ProviderContext) -> None:
        self._model = context.settings.get("GROQ_MODEL") or CHAT_MODEL
        self.model_name = self._model
        self._thinks = _THINKS in self._model
        self._thought: dict[str, Any] = {"reasoning_effort": "low"} if self._thinks else {}
        self._connection = Connection(context.settings, "GROQ_MODEL")

    async def warm(self) -> None:
        """Have a connection open."""
        await self._connection.warm()

    async def reply(self, plan: Plan, persona: Persona) -> AsyncGenerator[ReplyPart]:
        """The model's reply as it comes, or the flow's own words where it asks for no model.

        A model that asks for a tool in a way that the vendor itself cannot read is asked once more, without tools.
        Leaving it, or being cancelled, closes the vendor's stream. Raises ProviderError.
        """
        if (request := plan.model) is None:
            yield plan.text
            return
        with self._connection.explained():
            begun = False
            try:
                async with aclosing(self._parts(request)) as parts:
                    async for part in parts:
                        begun = True
                        yield part
                return
            except Exception as error:
                if begun or not request.tools or "tool_use_failed" not in codes(error):
                    raise
            async with aclosing(self._parts(replace(request, tools=()))) as parts:
                async for part in parts:
                    yield part

    async def judge(self, request: ModelRequest, form: type[Form]) -> tuple[Form, Tokens | None]:
        """The form, filled in by the model; held to it by the vendor where the model can be. Raises ProviderError."""
        held = strict_format(form) if self._thinks else None
        with self._connection.explained():
            answer = await self._connection.client.chat.completions.create(
                model=self._model,
                messages=_typed(messages(request if held else with_schema(request, form))),
                response_format=_typed(held or JSON_OBJECT),
                max_completion_tokens=JUDGEMENT_TOKENS,
                timeout=httpx.Timeout(JUDGE_S, connect=CONNECT_S),
                **self._thought,
            )
            judgement = filled(content(answer, "Groq"), form, "Groq")
            return judgement, counted(getattr(answer, "usage", None), self._model)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Key, address and model, by one listing of the models."""
        return await self._connection.check(self._model)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    async def _parts(self, request: ModelRequest) -> AsyncGenerator[ReplyPart]:
        offered: dict[str, Any] = {"tools": tools(request)} if request.tools else {}
        stream = await self._connection.client.chat.completions.create(
            model=self._model,
            messages=_typed(messages(request)),
            stream=True,
            max_completion_tokens=LONGEST_TOKENS,
            extra_headers={"accept": STREAMED},
            **self._thought,
            **offered,
        )
        try:
            reply = reply_parts(stream, "Groq", self._model, may_be_empty=bool(request.results))
            async with aclosing(reply) as parts:
                async for part in parts:
                    yield part
        finally:
            await stream.close()


def _typed(value: Any) -> Any:
    """For mypy: the SDK's types are its own dictionaries, one for each shape of what is written here."""
    return value
