"""A talk as Sarvam takes it: after the instructions the caller begins, and from then on the two take turns.

The vendor refuses a talk that the agent begins (400; its pages do not say so, projects that use it do), and each call
begins with the agent's greeting.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from app.dialogue.flow import ModelRequest
from app.speech.chat_messages import messages

_BEGIN = "[The call begins.]"
_GO = "Please answer."
"""Where there are only instructions, as in a judgement: the vendor wants somebody to answer to."""


def turns(request: ModelRequest) -> list[Any]:
    """The request's messages; lines of one role that follow each other are one, and a message without text has no
    `content`."""
    told, *talk = messages(request)
    joined = [_joined(list(lines)) for _, lines in groupby(talk, key=_speaker)]
    begun = [line for lines in joined for line in lines]
    if not begun or begun[0]["role"] != "user":
        begun.insert(0, {"role": "user", "content": _BEGIN if begun else _GO})
    return [told, *begun]


def _speaker(message: dict[str, Any]) -> tuple[str, bool]:
    """Whose message it is; one that asks for tools, or tells what they told, stands for itself."""
    return message["role"], "tool_calls" in message or "tool_call_id" in message


def _joined(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    role, of_tools = _speaker(lines[0])
    if of_tools:
        return [{key: value for key, value in line.items() if value is not None} for line in lines]
    return [{"role": role, "content": "\n".join(line["content"] for line in lines)}]
