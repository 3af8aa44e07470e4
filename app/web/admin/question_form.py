"""The form of a question: what was typed, what it comes to, and what is wrong with it, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.personas.problems import KeyPath, problems_of
from app.personas.questions import FEWEST_POINTS, MOST_POINTS, Name, Question
from app.store.questions import StoredQuestion

PLAIN = ("id", "topic", "level", "text", "hint", "model_answer", "think_s")
SLUG = "Small letters, digits and hyphens, beginning with a letter."

_NO_SLUG = re.compile(r"[^a-z0-9]+")
_SLUG_WORDS = 4


class Typed(Question):
    """A question with its topic, as the form has it."""

    topic: Name


@dataclass(frozen=True, slots=True)
class PointFields:
    """One key point as typed; `wordings` a line each. `wrong`: what is wrong, by field, or with all of it (``""``)."""

    point: str = ""
    wordings: str = ""
    id: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return not (self.point.strip() or self.wordings.strip())


@dataclass(frozen=True, slots=True)
class Form:
    """What the page shows. `version`: the one that the reader has seen; 0 for a new question. `conflict`: somebody
    else's version, if theirs came first."""

    typed: Mapping[str, str]
    points: tuple[PointFields, ...]
    version: int = 0
    wrong: Mapping[str, str] = field(default_factory=dict)
    conflict: int = 0


def empty_form(topic: str = "") -> Form:
    """For a question that is not there yet."""
    typed = dict.fromkeys(PLAIN, "") | {"topic": topic, "level": "basic", "think_s": "8"}
    return Form(typed, (PointFields(),) * FEWEST_POINTS)


def form_of(stored: StoredQuestion) -> Form:
    """A question as it is, with room for one key point more."""
    question = stored.question
    typed = {name: str(getattr(question, name)) for name in PLAIN if name != "topic"}
    typed |= {"topic": stored.topic, "think_s": f"{question.think_s:g}"}
    points = tuple(PointFields(point.point, "\n".join(point.wordings), point.id) for point in question.key_points)
    return Form(typed, with_room(points), stored.version)


def with_room(points: tuple[PointFields, ...]) -> tuple[PointFields, ...]:
    """`points` and one empty one more, as long as a question may have more."""
    return (*points, PointFields()) if len(points) < MOST_POINTS else points


def typed_form(sent: Mapping[str, str]) -> Form:
    """The form as it was sent."""
    points = tuple(
        PointFields(sent.get(f"point-{place}", ""), sent.get(f"wordings-{place}", ""), sent.get(f"id-{place}", ""))
        for place in range(MOST_POINTS)
        if f"point-{place}" in sent
    )
    version = sent.get("version", "")
    known = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return Form({name: sent.get(name, "") for name in PLAIN}, points, known)


def checked(form: Form) -> Typed | Form:
    """The question that was typed, or the form with what is wrong beside each field."""
    kept = [place for place, point in enumerate(form.points) if not point.blank]
    values: dict[str, Any] = dict(form.typed)
    values["key_points"] = _key_points([form.points[place] for place in kept])
    try:
        return Typed.model_validate(values)
    except ValidationError as error:
        problems = [(problem.key, problem.message) for problem in problems_of(error, Typed)]
    wrong = {name: "Write something here." for name in PLAIN if not form.typed[name].strip()}
    of_points: dict[int, dict[str, str]] = {}
    for key, message in problems:
        if key[0] == "key_points" and len(key) > 1 and isinstance(key[1], int):
            part = str(key[2]) if len(key) > 2 else ""
            of_points.setdefault(kept[key[1]], {}).setdefault(part, _words(key, message))
        else:
            wrong.setdefault(str(key[0]), _words(key, message))
    points = tuple(
        PointFields(point.point, point.wordings, point.id, of_points.get(place, {}))
        for place, point in enumerate(form.points)
    )
    return Form(form.typed, points, form.version, wrong)


def _key_points(points: list[PointFields]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for place, point in enumerate(points):
        id_ = point.id.strip() or _slug(point.point, {other["id"] for other in found}, place)
        lines = [line.strip() for line in point.wordings.splitlines()]
        found.append({"id": id_, "point": point.point, "wordings": [line for line in lines if line]})
    return found


def _slug(text: str, taken: set[str], place: int) -> str:
    """A name for a key point that was given none: its first words."""
    words = _NO_SLUG.sub(" ", text.lower()).split()[:_SLUG_WORDS]
    slug = "-".join(words)[:50].strip("-")
    if not slug[:1].isalpha() or slug in taken:
        slug = f"point-{place + 1}"
    return slug if slug not in taken else f"{slug}-more"


def _words(key: KeyPath, message: str) -> str:
    """What is wrong as a sentence beside its field; of a list of lines also in which."""
    if "must look like" in message:
        return SLUG
    message = message.replace(" items", " wordings" if key[-1] == "wordings" else " key points")
    where = f"Line {key[-1] + 1}: " if len(key) > 2 and isinstance(key[-1], int) else ""
    text = message[:1].upper() + message[1:]
    return f"{where}{message if where else text}."
