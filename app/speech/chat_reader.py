"""A streamed chat in OpenAI's shape, read chunk by chunk, whichever SDK brings them.

SDKs do not check what they parse: every field of a chunk may be missing, or be something else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Any

from app.speech.chat_thought import Thought
from app.speech.chat_tool_calls import ToolCalls
from app.speech.protocols import ProviderError, ReplyPart, Tokens

LONGEST_TOKENS = 1024
"""What a reply is asked to stay below, thought included. A minute of speech is some 200 tokens."""
LONGEST_CHARACTERS = 8000
"""Where a server does not keep to that: some eight minutes of speech."""
_ENDING_S = 0.25
"""How long a reply that is complete may take to bring its count and end; past that its connection is closed."""
_MOST_TOKENS = 10_000_000
"""No model reads as much; a greater count is none."""


async def reply_parts(
    chunks: AsyncIterator[Any], vendor: str, model: str, *, may_be_empty: bool = False
) -> AsyncGenerator[ReplyPart]:
    """Text as it comes, without thought; then complete tool calls; then the count, if the vendor sends one.

    `model`: as the price table names it. `may_be_empty`: after a tool's result a model may have nothing to add.
    Raises ProviderError: `rubbish` for what is no reply, `broken` for one that stops in the middle; and whatever
    `chunks` raises. The caller closes the stream.
    """
    reading = _Reading(vendor)
    while not reading.finish:
        try:
            chunk = await anext(chunks)
        except StopAsyncIteration:
            raise reading.cut_short() from None
        if text := reading.take(chunk):
            yield text
    if text := reading.rest(may_be_empty):
        yield text
    for call in reading.calls.complete():
        yield call
    # Read to the end, so that the connection can be used again. Nothing that happens now can hurt the reply.
    with suppress(Exception):
        async with asyncio.timeout(_ENDING_S):
            while True:
                reading.count(await anext(chunks))
    if (tokens := counted(reading.usage, model)) is not None:
        yield tokens


def counted(usage: Any, model: str) -> Tokens | None:
    """The vendor's `usage` as tokens of `model`; None if there is none, or it is no count."""
    read, written = (getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens"))
    if type(read) is not int or type(written) is not int or not 0 <= min(read, written) <= max(read, written):
        return None
    return Tokens(model, read, written) if max(read, written) <= _MOST_TOKENS else None


class _Reading:
    """What has come so far. `finish`: the reason why it ended, once it has. `usage`: as the vendor counts."""

    def __init__(self, vendor: str) -> None:
        self.calls = ToolCalls(vendor)
        self.finish = ""
        self.usage: Any = None
        self._vendor = vendor
        self._thought = Thought()
        self._length = 0
        self._begun = False
        self._spoke = False

    def take(self, chunk: Any) -> str:
        """A chunk's text for the caller. Raises ProviderError."""
        self.count(chunk)
        choices = getattr(chunk, "choices", None)
        if choices is not None and not isinstance(choices, list):
            raise self._rubbish("is none")
        self._begun = self._begun or choices is not None
        if not choices:
            return ""
        delta = getattr(choices[0], "delta", None)
        text = getattr(delta, "content", None)
        if text is not None and not isinstance(text, str):
            raise self._rubbish("is not text")
        self.calls.push(getattr(delta, "tool_calls", None))
        finish = getattr(choices[0], "finish_reason", None)
        self.finish = str(finish) if finish else ""
        return self._aloud(text or "")

    def count(self, chunk: Any) -> None:
        """Takes a chunk's count: OpenAI's place for it, or Groq's."""
        usage = getattr(chunk, "usage", None) or getattr(getattr(chunk, "x_groq", None), "usage", None)
        self.usage = usage or self.usage

    def rest(self, may_be_empty: bool) -> str:
        """What was held back till the end. Raises ProviderError if there was nothing at all."""
        text = self._thought.flush()
        if text.strip():
            self._spoke = True
            return text
        if not self._spoke and not self.calls and not may_be_empty:
            used_up = "; it used up its tokens before its first word" if self.finish == "length" else ""
            raise self._rubbish(f"has no words in it{used_up}")
        return ""

    def cut_short(self) -> ProviderError:
        """The stream is over, the reply is not."""
        if not self._begun:
            return self._rubbish("has no chunks in it")
        return ProviderError(f"{self._vendor} broke off in the middle of its answer", "broken")

    def _aloud(self, text: str) -> str:
        self._length += len(text)
        if self._length > LONGEST_CHARACTERS:
            raise self._rubbish(f"went beyond {LONGEST_CHARACTERS} characters")
        said = self._thought.push(text)
        self._spoke = self._spoke or bool(said)
        return said

    def _rubbish(self, what: str) -> ProviderError:
        return ProviderError(f"{self._vendor}'s reply {what}", "rubbish")
