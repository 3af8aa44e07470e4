"""Judgements in OpenAI's shape of chat: the form as a schema, and what came back as a filled-in form."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from app.dialogue.flow import ModelRequest
from app.speech.chat_messages import without_titles
from app.speech.chat_thought import THOUGHT_ENDS
from app.speech.protocols import Form, ProviderError

JUDGEMENT_TOKENS = 8192
"""A scorecard of twenty questions is some 3000; thought comes before it."""
LONGEST_JUDGEMENT = 64_000
"""Characters, where a server does not keep to that."""

JSON_OBJECT = {"type": "json_object"}
_KEPT = frozenset({"type", "description", "enum", "const", "items", "anyOf", "properties", "$ref", "$defs"})
"""Strict servers refuse a schema for each word that they do not know (defaults, bounds, patterns); the form itself
still checks them."""


def strict_format(form: type[BaseModel]) -> dict[str, Any] | None:
    """`response_format` that holds the model to the form; None if the form has something that cannot be told so."""
    schema = form.model_json_schema()
    if "$ref" in schema or _is_open(schema):
        return None
    name = "".join(letter for letter in form.__name__ if letter.isascii() and letter.isalnum())
    return {"type": "json_schema", "json_schema": {"name": name or "form", "strict": True, "schema": _strict(schema)}}


def with_schema(request: ModelRequest, form: type[BaseModel]) -> ModelRequest:
    """The request with the form's schema in its instructions, for servers that are not to be held to one."""
    schema = json.dumps(without_titles(form.model_json_schema()), ensure_ascii=False)
    told = f"Answer with one JSON object that fits this JSON schema, and with nothing else:\n{schema}"
    return replace(request, instructions=f"{request.instructions}\n\n{told}")


def content(completion: Any, vendor: str) -> str:
    """The text of a chat that was answered whole. Raises ProviderError (`rubbish`)."""
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    text = getattr(getattr(choice, "message", None), "content", None)
    if not isinstance(text, str) or not text.strip():
        raise ProviderError(f"{vendor} answered without a judgement", "rubbish")
    if len(text) > LONGEST_JUDGEMENT:
        raise ProviderError(f"{vendor}'s judgement went beyond {LONGEST_JUDGEMENT} characters", "rubbish")
    return text


def filled(text: str, form: type[Form], vendor: str) -> Form:
    """The text as the filled-in form; thought before it, and words or fences around it, are passed over.

    Raises ProviderError (`rubbish`), which tells the kind of the first misfit and nothing of the text.
    """
    said = text.rpartition(THOUGHT_ENDS)[2].strip()
    begin, end = said.find("{"), said.rfind("}")
    try:
        return form.model_validate_json(said[begin : end + 1] if 0 <= begin < end else said)
    except ValidationError as error:
        misfit = error.errors(include_url=False, include_context=False, include_input=False)[0]["type"]
        raise ProviderError(f"{vendor}'s judgement does not fit its form ({misfit})", "rubbish") from None


def _is_open(schema: Any) -> bool:
    """Does it anywhere allow keys that are not named, or list items by place? Strictness has no words for these."""
    if isinstance(schema, list):
        return any(map(_is_open, schema))
    if not isinstance(schema, dict):
        return False
    any_keys = schema.get("additionalProperties", False) is not False
    nameless = schema.get("type") == "object" and "properties" not in schema
    return any_keys or nameless or "prefixItems" in schema or any(map(_is_open, schema.values()))


def _strict(schema: Any) -> Any:
    """Every property required and none beside them; nothing but the words that strict servers know."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # nothing may stand beside it
    known = {("anyOf" if key == "oneOf" else key): value for key, value in schema.items()}
    strict: dict[str, Any] = {}
    for key, value in known.items():
        if key in ("properties", "$defs"):
            strict[key] = {name: _strict(part) for name, part in value.items()}
        elif key in ("enum", "const"):
            strict[key] = value
        elif key in _KEPT:
            strict[key] = _strict(value)
    if "properties" in strict:
        strict |= {"required": list(strict["properties"]), "additionalProperties": False}
    return strict
