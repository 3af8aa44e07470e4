"""What is wrong with a file that a person wrote, in one line: the file, the line, the dotted key, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

KeyPath = tuple[str | int, ...]

_SHOWN = 60
"""Characters of a wrong value that are shown: enough to find it by, short enough to leave the line readable."""
_MODELS = frozenset({"model_type", "model_attributes_type", "dict_type"})
_MISSING = "is missing; add it"
_WISHES = (
    ("Input should be", "must be"), ("String should", "must"), ("Tuple should", "must"), ("List should", "must"),
    ("a valid string", "text"), ("a valid integer", "a whole number"), ("a valid number", "a number"),
    ("a valid boolean", "true or false"), ("a valid tuple", "a list"), ("a valid list", "a list"), ("valid ", ""),
    ("must match pattern", "must look like"), (" after validation", ""),
)  # fmt: skip
_TEMPLATE: KeyPath = ("metadata", "source_template_id")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where (`key` as in the YAML), and what to do about it."""

    key: KeyPath
    message: str


class PersonaError(ValueError):
    """A persona or question file that cannot be used; its text is one line for the person who writes the file.
    `file`, `key` and `message`: its parts, where it is about a place in a file."""

    file: Path | None = None
    key = ""
    message = ""

    @classmethod
    def at(cls, file: Path | str, key: str, message: str, line: int | None = None, more: int = 0) -> Self:
        """`key`: dotted, or empty where the whole file is meant. `line` counts from 1. `more`: other faults in it."""
        path = Path(file)
        where = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
        where += f" line {line}" if line else ""
        rest = f" (and {more} more)" if more else ""
        error = cls(one_line(f"{where}: {key + ': ' if key else ''}{message}{rest}"))
        error.file, error.key, error.message = path, key, message
        return error


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, whatever a file has put into it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def dotted(key: KeyPath) -> str:
    """`('knowledge', 2, 'ask')` as `knowledge[2].ask`; items count from 0, as in every other YAML tool."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_short(str(part))}" for part in key)
    return text.removeprefix(".")


def problems_of(refused: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """What pydantic found, as a person would say it. `model`: what the whole file was checked against."""
    errors = refused.errors(include_url=False)
    places = [error["loc"] for error in errors]
    return [_problem(error, model) for error in errors if not _echo(error, places)]


def _echo(error: ErrorDetails, places: list[tuple[str | int, ...]]) -> bool:
    """Whether a list is only "too short" because pydantic left out the items that it refused."""
    own = error["loc"]
    return error["type"] == "too_short" and any(place[: len(own)] == own != place for place in places)


def _problem(error: ErrorDetails, model: type[BaseModel]) -> Problem:
    key: KeyPath = tuple(part for part in error["loc"] if part != "[key]")
    context = error.get("ctx", {})
    if error["type"] == "missing" and key == _TEMPLATE[:1]:
        key = _TEMPLATE
    if error["type"] == "persona" and context.get("key"):
        key = (*key, context["key"])
    return Problem(key, _message(error, key, model))


def _message(error: ErrorDetails, key: KeyPath, model: type[BaseModel]) -> str:
    value = error.get("input")
    if error["type"] == "extra_forbidden":
        return _unknown_key(key, model)
    if error["type"] == "missing":
        return "is missing; name the template that this persona was made from" if key == _TEMPLATE else _MISSING
    if error["type"] == "persona":
        return error["msg"]
    if error["type"] in ("too_short", "too_long"):
        return _wish(error)
    if error["type"] in _MODELS:
        fields = _fields(key, model)
        return f"must be a section{' with ' + ', '.join(fields) if fields else ''}, not {_shown(value)}"
    if error["type"] == "string_type" and not isinstance(value, (dict, list, type(None))):
        return f"must be text, but YAML reads {_shown(value)} as something else; put it in quotes"
    return f"{_wish(error)}, not {_shown(value)}"


def _wish(error: ErrorDetails) -> str:
    """pydantic's own words in the house's: what the value must be."""
    wish = error["msg"]
    for theirs, ours in _WISHES:
        wish = wish.replace(theirs, ours)
    return wish.split(", ")[0] if error["type"] != "enum" else wish


def _unknown_key(key: KeyPath, model: type[BaseModel]) -> str:
    known = _fields(key[:-1], model)
    close = get_close_matches(str(key[-1]), known, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"unknown key; {meant}allowed here: {', '.join(known)}" if known else "unknown key; take it out"


def _fields(key: KeyPath, model: type[BaseModel]) -> Sequence[str]:
    """Names allowed in the section at `key`; empty where it is no section of the schema."""
    current: type[BaseModel] | None = model
    for part in key:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part) if current else None
        current = _section(field.annotation) if field else None
    return tuple(current.model_fields) if current else ()


def _section(annotation: Any) -> type[BaseModel] | None:
    """The model inside `Part`, `tuple[Part, ...]` or `Part | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner: Iterable[Any] = getattr(annotation, "__args__", ())
    return next((found for found in map(_section, inner) if found), None)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list):
        return "a list"
    return _short(repr(value))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
