"""What is known of whom a call is for, put into the persona's lines: `{candidate_name}`, `{role}`, `{topic}`, or a name
of the persona's own (`variables`).

    Hello[, {candidate_name}]. This is Alex[, about {topic}].

What is not known is left out: a place alone with the comma or the space before it, a part in square brackets whole.
Values come from other people's systems. They are words to be said and nothing else: signs that a voice, a model or
this module could take for markup do not come through, nor does a second sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.personas.part import Part
from app.personas.schema import Persona

LONGEST = 80
"""Characters of a value that are said: the longest names of people and posts, and some six seconds."""
_READ = 1000
"""Characters of a value that are looked at."""
PLACE = re.compile(r"\{\s*([A-Za-z_]\w*)\s*\}")
_PLACE = re.compile(r"(,?\s*)" + PLACE.pattern)
_PART = re.compile(r"\[([^\[\]]*" + PLACE.pattern + r"[^\[\]]*)\]")
_SAID = frozenset(" '’-,&+/#")
_POINT = re.compile(r"(?<![^\W_])\.|\.(?![^\W_])")
"""One that is not within a word, as in Node.js: it would end the sentence."""

P = TypeVar("P", bound=Part)


def cleaned(value: object) -> str:
    """A variable's value as it may be said; empty for what is no text and no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = unicodedata.normalize("NFC", str(value)[:_READ])
    said = "".join(sign if sign in _SAID or sign == "." or _is_spoken(sign) else " " for sign in text)
    said = " ".join(_POINT.sub(" ", said).split())
    if len(said) > LONGEST:
        said = said[: LONGEST + 1].rpartition(" ")[0] or said[:LONGEST]
    return said.strip(" ,'’-/&")


def filled(line: str, values: Mapping[str, str]) -> str:
    """`line` with its places filled in. What is filled in is never looked at again: a value with braces in it stays."""
    if "{" not in line:
        return line

    def part(found: re.Match[str]) -> str:
        return found[1] if all(values.get(name) for name in PLACE.findall(found[1])) else ""

    def place(found: re.Match[str]) -> str:
        value = values.get(found[2], "")
        return f"{found[1]}{value}" if value else ""

    text = _PLACE.sub(place, _PART.sub(part, line))
    bare = text.lstrip(" ,")
    return text if bare == text else bare[:1].upper() + bare[1:]


def spoken_to(persona: Persona, variables: Mapping[str, object]) -> Persona:
    """`persona` as it speaks to whom these variables are about: no line of it has a place left."""
    values = {name: said for name, value in variables.items() if (said := cleaned(value))} | {"name": persona.name}

    def fill(line: str) -> str:
        return filled(line, values)

    changed: dict[str, Any] = {"greeting": fill(persona.greeting), "lines": _filled(persona.lines, fill)}
    if persona.interview is not None:
        conduct = _filled(persona.interview.conduct, fill)
        changed["interview"] = persona.interview.model_copy(update={"conduct": conduct})
    changed["stages"] = tuple(_filled(stage, fill) for stage in persona.stages)
    return persona.model_copy(update=changed)


def _filled(section: P, fill: Callable[[str], str]) -> P:
    """The section with every text of it filled, and every list of texts."""
    changed: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, str):
            changed[name] = fill(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(fill(line) if isinstance(line, str) else line for line in value)
    return section.model_copy(
        update={name: value for name, value in changed.items() if value != getattr(section, name)}
    )


def _is_spoken(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


__all__ = ["LONGEST", "PLACE", "cleaned", "filled", "spoken_to"]
