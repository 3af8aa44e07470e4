"""Replies worded by a chat model at Sarvam, streamed, and judgements asked for as JSON in the text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from app.dialogue.flow import ModelRequest, Plan
from app.personas.schema import Persona
from app.speech.chat_judgement import content, filled, with_schema
from app.speech.chat_messages import tools
from app.speech.chat_reader import LONGEST_TOKENS, counted, reply_parts
from app.speech.protocols import Finding, Form, ProviderContext, ReplyPart, Tokens
from app.speech.sarvam_connection import SILENCE_S, Connection, options
from app.speech.sarvam_errors import explained
from app.speech.sarvam_findings import found
from app.speech.sarvam_messages import turns

CHAT_MODEL = "sarvam-105b"
_THINKS = "sarvam-105b"
"""It thinks before it speaks, is to be brief about it, and refuses to be told not to; others refuse to be told at
all."""
_JUDGEMENT_TOKENS = 4096
"""The smallest plan's limit: the vendor refuses a request for more."""
_JUDGEMENT_S = 60.0
"""A judgement comes in one piece, and thought comes before it."""
_MEND = "correct SARVAM_MODEL"


class SarvamLanguageModel:
    """`SARVAM_MODEL`, or the house's choice."""

    name = "sarvam"

    def __init__(self, context: ProviderContext) -> None:
        self._model = context.settings.get("SARVAM_MODEL") or CHAT_MODEL
        self.model_name = self._model
        self._thought: dict[str, Any] = {"reasoning_effort": "low"} if self._model == _THINKS else {}
        self._connection = Connection(context.settings)

    async def warm(self) -> None:
        """Open a connection, unless one was used lately; say in the log if there is no key."""
        await self._connection.warm()

    async def reply(self, plan: Plan, persona: Persona) -> AsyncGenerator[ReplyPart]:
        """The model's words as they come, then the tools it wants, then the count where the vendor gives one; or the
        flow's own words where it asks for no model.

        Leaving it, or being cancelled, closes the vendor's stream. Raises ProviderError, also if there were no words.
        """
        request = plan.model
        if request is None:
            yield plan.text
            return
        wanted = tools(request)
        with explained(_MEND):
            chunks: Any = await self._connection.client.chat.completions(
                messages=turns(request),
                model=self._model,
                stream=True,
                max_tokens=LONGEST_TOKENS,
                request_options=options(SILENCE_S),
                **({"tools": wanted} if wanted else {}),
                **self._thought,
            )
            parts = reply_parts(chunks, "Sarvam", self._model, may_be_empty=bool(request.results))
            async with aclosing(chunks), aclosing(parts):
                async for part in parts:
                    yield part

    async def judge(self, request: ModelRequest, form: type[Form]) -> tuple[Form, Tokens | None]:
        """The request answered as a filled-in form, whose schema the model is told. Raises ProviderError."""
        with explained(_MEND):
            completion = await self._connection.client.chat.completions(
                messages=turns(with_schema(request, form)),
                model=self._model,
                max_tokens=_JUDGEMENT_TOKENS,
                request_options=options(_JUDGEMENT_S),
                **self._thought,
            )
            judged = filled(content(completion, "Sarvam"), form, "Sarvam")
            return judged, counted(getattr(completion, "usage", None), self._model)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """One request for one token."""
        return [await found("SARVAM_MODEL", f"{self._model} answers", self._one_token())]

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    async def _one_token(self) -> None:
        with explained(_MEND):
            await self._connection.client.chat.completions(
                messages=[{"role": "user", "content": "Hello"}],
                model=self._model,
                max_tokens=1,
                request_options=options(SILENCE_S),
            )
