"""Answers in OpenAI's shape of chat, for the bare HTTP/1.1 server that plays any vendor."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from app.dialogue.flow import Message, ModelRequest, Plan, Tool, ToolCall, ToolResult, Used
from tests.vendors.elevenlabs_stand_in import Answer

SECRET_TEXT = "My account is four two seven."
USAGE = {"prompt_tokens": 90, "completion_tokens": 20, "total_tokens": 110}


class Booking(BaseModel):
    """A table."""

    people: int


class Verdict(BaseModel):
    """How it went."""

    points: int
    note: str = ""


BOOK = Tool("book", "Book a table.", Booking, lambda state, _: Used("booked", state))
OFFERED = {
    "type": "function",
    "function": {
        "name": "book",
        "description": "Book a table.",
        "parameters": {
            "description": "A table.",
            "properties": {"people": {"type": "integer"}},
            "required": ["people"],
            "type": "object",
        },
    },
}
"""How a vendor is told of it."""

REQUEST = ModelRequest("Be kind.", (Message("caller", SECRET_TEXT),))
PLAN = Plan("own words", None, model=REQUEST)
WITH_TOOLS = Plan("own words", None, model=ModelRequest("Be kind.", REQUEST.messages, (BOOK,)))
CALL = ToolCall("call_1", "book", '{"people": 2}')
AFTER_TOOLS = Plan("", None, model=ModelRequest("Be kind.", REQUEST.messages, (BOOK,), (ToolResult(CALL, "booked"),)))


def frame(body: Any) -> bytes:
    """One event of a stream."""
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def chunk(delta: Any, finish_reason: str | None = None, **more: Any) -> bytes:
    """One event of a streamed chat."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return frame(
        {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **more}
    )


STOP = chunk({}, "stop")
DONE = b"data: [DONE]\n\n"
COUNT = frame({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": USAGE})


def chat(*pieces: Any, end: tuple[bytes, ...] = (STOP, DONE), **more: Any) -> Answer:
    """A streamed reply of these contents, after the frame that names the role and one of thought."""
    frames = (chunk({"role": "assistant", "content": ""}), chunk({"reasoning": "The caller wants words."}))
    said = tuple(chunk({"content": piece}) for piece in pieces)
    return Answer((*frames, *said, *end), content_type="text/event-stream", **more)


def calls(*pieces: dict[str, Any]) -> tuple[bytes, ...]:
    """The end of a reply that asks for tools, each piece in a chunk of its own."""
    return (*(chunk({"tool_calls": [piece]}) for piece in pieces), chunk({}, "tool_calls"), DONE)


def completion(content: Any, **more: Any) -> Answer:
    """A chat answered whole."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": USAGE}
    return Answer((json.dumps(body | more).encode(),), content_type="application/json")


def models(*names: str) -> Answer:
    """What can be had."""
    listed = [{"id": name, "object": "model", "created": 1, "owned_by": "x", "active": True} for name in names]
    return Answer((json.dumps({"object": "list", "data": listed}).encode(),), content_type="application/json")


def error(status: int, code: Any, type_: str = "invalid_request_error", message: str = "", **headers: str) -> Answer:
    """The vendor's way of saying no."""
    body = json.dumps({"error": {"message": message, "type": type_, "code": code}}).encode()
    return Answer((body,), status, "application/json", {name.replace("_", "-"): v for name, v in headers.items()})
