"""A request for a model, in the shape that most vendors of chat have taken over from OpenAI."""

from __future__ import annotations

import json
from typing import Any

from app.dialogue.flow import Message, ModelRequest, Tool, ToolResult

_CUT = "[interrupted]"
_CUT_MEANS = f"A line of yours that ends with {_CUT} was cut off there by the caller. Never write that mark yourself."


def messages(request: ModelRequest) -> list[dict[str, Any]]:
    """The request as `messages`: instructions, the talk, then the tools that were asked for and what they told.

    Lines that the caller cut off are marked, and the mark is explained.
    """
    cut = any(line.role == "agent" and line.interrupted for line in request.messages)
    instructions = f"{request.instructions}\n\n{_CUT_MEANS}" if cut else request.instructions
    return [{"role": "system", "content": instructions}, *map(_line, request.messages), *_told(request.results)]


def tools(request: ModelRequest) -> list[dict[str, Any]]:
    """The request's tools as `tools`; empty if it has none, and then the field must be left out."""
    return [{"type": "function", "function": _function(tool)} for tool in request.tools]


def without_titles(schema: Any) -> Any:
    """A JSON schema without the titles that pydantic makes of the names: they cost tokens and tell nothing."""
    if isinstance(schema, list):
        return [without_titles(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    named = ("properties", "$defs")  # here a "title" is somebody's name
    return {
        key: {name: without_titles(part) for name, part in value.items()} if key in named else without_titles(value)
        for key, value in schema.items()
        if key != "title"
    }


def _line(line: Message) -> dict[str, Any]:
    if line.role == "caller":
        return {"role": "user", "content": line.text}
    return {"role": "assistant", "content": f"{line.text} {_CUT}" if line.interrupted else line.text}


def _told(results: tuple[ToolResult, ...]) -> list[dict[str, Any]]:
    if not results:
        return []
    calls = [_call(result) for result in results]
    told = [{"role": "tool", "tool_call_id": result.call.id, "content": result.told} for result in results]
    return [{"role": "assistant", "content": None, "tool_calls": calls}, *told]


def _call(result: ToolResult) -> dict[str, Any]:
    function = {"name": result.call.name, "arguments": _object(result.call.arguments)}
    return {"id": result.call.id, "type": "function", "function": function}


def _object(arguments: str) -> str:
    """What the model wrote, or `{}` if that is no JSON object: vendors refuse the whole talk for it."""
    try:
        return arguments if isinstance(json.loads(arguments), dict) else "{}"
    except (ValueError, RecursionError):
        return "{}"


def _function(tool: Tool) -> dict[str, Any]:
    parameters = without_titles(tool.arguments.model_json_schema())
    return {"name": tool.name, "description": tool.description, "parameters": parameters}
