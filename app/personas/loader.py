"""Every persona of a folder, or one clear line about the first that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from app.personas.problems import KeyPath, PersonaError, Problem
from app.personas.schema import Persona
from app.personas.transfer import OF_WHISPER
from app.personas.yaml_file import Document, read, yaml_files

SPOKEN: tuple[KeyPath, ...] = tuple(
    (key,) for key in ("greeting", "lines", "knowledge", "interview", "instructions", "stages", "keypad", "transfer")
)
"""Where `{name}` stands for the persona's name."""

OF_CANDIDATE = ("candidate_name", "role")
"""Placeholders of the lines that lead an interview; they stay, for they are filled in when it is known who comes."""

_KEPT: dict[KeyPath, tuple[str, ...]] = {("interview", "conduct"): OF_CANDIDATE, ("transfer", "whisper"): OF_WHISPER}

_PLACEHOLDER = re.compile(r"\{\s*([A-Za-z_]\w*)\s*\}")


def load_personas(folder: Path) -> dict[str, Persona]:
    """The personas of `folder`, one from each `.yaml` file, by id. Raises PersonaError, a single line, for the first
    file that is no proper persona; nothing is loaded then."""
    personas: dict[str, Persona] = {}
    files: dict[str, Path] = {}
    for file in yaml_files(folder):
        persona = load_persona(file, files)
        personas[persona.id] = persona
        files[persona.id] = file
    return personas


def load_persona(file: Path, taken: dict[str, Path] | None = None) -> Persona:
    """The persona in `file`. `taken`: ids of other files, which it must not have. Raises PersonaError."""
    document = read(file)
    problems = list(_fill_in(document))
    id_ = document.data.get("id")
    if isinstance(id_, str) and id_ != file.stem:
        other = (taken or {}).get(id_)
        why = f"{id_!r} is taken by {other.name}" if other else f"{id_!r} is not the file's name"
        problems.append(Problem(("id",), f"{why}; write id: {file.stem}, or rename the file"))
    return cast(Persona, document.check(Persona, problems))


@contextmanager
def located() -> Iterator[None]:
    """A PersonaError of the block comes out with the line of its key, if it is about a file that can be read."""
    try:
        yield
    except PersonaError as error:
        line = _line_of(error)
        if error.file is None or line is None:
            raise
        raise PersonaError.at(error.file, error.key, error.message, line) from None


def _line_of(error: PersonaError) -> int | None:
    try:
        return read(error.file).line(tuple(error.key.split("."))) if error.file else None
    except PersonaError:
        return None


def _fill_in(document: Document) -> Iterator[Problem]:
    """Put the persona's name into its lines, in place; gives what else was found in braces."""
    name = document.data.get("name")
    for path in SPOKEN:
        key = path[0]
        if key in document.data:
            document.data[str(key)], problems = _filled(document.data[str(key)], path, str(name))
            yield from problems


def _filled(value: Any, path: KeyPath, name: str) -> tuple[Any, list[Problem]]:
    """`value` with `{name}` replaced in every text in it, however deep."""
    if isinstance(value, str):
        kept = _KEPT.get(path[:2], ())
        unknown = [found for found in _PLACEHOLDER.findall(value) if found not in ("name", *kept)]
        problems = [Problem(path, f"{{{found}}} is no placeholder; only {{name}} is") for found in unknown]
        return _PLACEHOLDER.sub(lambda match: name if match[1] == "name" else match[0], value), problems
    if not isinstance(value, (dict, list)):
        return value, []
    places = value.items() if isinstance(value, dict) else enumerate(value)
    filled = [(place, *_filled(inner, (*path, place), name)) for place, inner in places]
    problems = [problem for _, _, found in filled for problem in found]
    if isinstance(value, dict):
        return {place: inner for place, inner, _ in filled}, problems
    return [inner for _, inner, _ in filled], problems


__all__ = ["PersonaError", "load_persona", "load_personas", "located"]
