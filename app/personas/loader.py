"""Every persona of a folder, or one clear line about the first that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from app.personas.problems import KeyPath, PersonaError, Problem
from app.personas.schema import KNOWN_VARIABLES, Persona
from app.personas.transfer import OF_WHISPER
from app.personas.variables import PLACE
from app.personas.yaml_file import Document, read, yaml_files

NAMED: tuple[KeyPath, ...] = tuple(
    (key,) for key in ("greeting", "lines", "knowledge", "interview", "instructions", "stages", "keypad", "transfer")
)
"""Where `{name}` stands for the persona's name."""

_SAID = ("greeting", "lines", "interview.conduct", "stages.opening", "stages.more")
"""Where more may be named: lines that nobody but a voice is given. What a model is told holds nothing of a caller's."""


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
    name, own = document.data.get("name"), document.data.get("variables")
    known = (
        (*KNOWN_VARIABLES, *(one for one in own if isinstance(one, str))) if isinstance(own, list) else KNOWN_VARIABLES
    )
    for path in NAMED:
        key = path[0]
        if key in document.data:
            document.data[str(key)], problems = _filled(document.data[str(key)], path, str(name), known)
            yield from problems


def _filled(value: Any, path: KeyPath, name: str, known: tuple[str, ...]) -> tuple[Any, list[Problem]]:
    """`value` with `{name}` replaced in every text in it, however deep; other places of what is `known` stay, for they
    are filled in when it is known whom a call is for."""
    if isinstance(value, str):
        text = PLACE.sub(lambda match: name if match[1] == "name" else match[0], value)
        return text, [Problem(path, wrong) for wrong in _wrong(value, path, known)]
    if not isinstance(value, (dict, list)):
        return value, []
    places = value.items() if isinstance(value, dict) else enumerate(value)
    filled = [(place, *_filled(inner, (*path, place), name, known)) for place, inner in places]
    problems = [problem for _, _, found in filled for problem in found]
    if isinstance(value, dict):
        return {place: inner for place, inner, _ in filled}, problems
    return [inner for _, inner, _ in filled], problems


def _wrong(text: str, path: KeyPath, known: tuple[str, ...]) -> Iterator[str]:
    """What stands in braces and may not stand there."""
    section = ".".join(str(part) for part in path if not isinstance(part, int))
    may_be = known if section.startswith(_SAID) else OF_WHISPER if section == "transfer.whisper" else ()
    there = ", ".join(f"{{{name}}}" for name in ("name", *may_be))
    for found in PLACE.findall(text):
        if found not in ("name", *may_be):
            more = "; names of your own belong into variables" if may_be is known else ""
            yield f"{{{found}}} is no placeholder here; only {there} {'are' if may_be else 'is'}{more}"
    if may_be and set("{}") & set(PLACE.sub("", text)):
        yield f"a brace that is no placeholder cannot be said; there are {there}"


__all__ = ["PersonaError", "load_persona", "load_personas", "located"]
