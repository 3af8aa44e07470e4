"""The question bank: what interviewing personas ask, one topic per file under `personas/questions/`.

A question is kept whole (what a good answer holds, in which wordings, a hint, a model answer, and how long thinking may
take), so that whoever coaches or scores finds everything in one place. Asking needs the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

from pydantic import Field, StringConstraints

from app.personas.problems import PersonaError, Problem
from app.personas.schema import Line, Part, Phrase, Spoken
from app.personas.yaml_file import Document, read, yaml_files

_SENTENCE_END = re.compile(r"[.!?]\s*")

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


class Level(StrEnum):
    """How hard a question is, the easiest first."""

    BASIC = "basic"
    MODERATE = "moderate"
    ADVANCED = "advanced"


_ORDER = {level: place for place, level in enumerate(Level)}


class KeyPoint(Part):
    """Something that a good answer holds, and wordings that show it is there."""

    point: Phrase
    wordings: tuple[Spoken, ...] = Field(min_length=1)


class Question(Part):
    """One question of the bank. `think_time_s`: silence a candidate may take before the first word."""

    id: Name
    level: Level
    text: Line
    key_points: tuple[KeyPoint, ...] = Field(min_length=1)
    hint: Line
    model_answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
    think_time_s: float = Field(default=8.0, ge=1, le=60)


class Topic(Part):
    """One file of the bank; `topic` is the file's name without its ending."""

    topic: Name
    title: Phrase
    questions: tuple[Question, ...] = Field(min_length=1)


class Bank:
    """All topics; what the dialogue knows as its `QuestionBank`."""

    __slots__ = ("_topics",)

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self._topics = dict(topics)

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(self._topics)

    def items(self, topic: str) -> tuple[Question, ...]:
        """The questions of `topic`, easier ones first, otherwise as in the file; none for an unknown topic."""
        found = self._topics.get(topic)
        return tuple(sorted(found.questions, key=lambda question: _ORDER[question.level])) if found else ()

    def questions(self, topic: str) -> tuple[str, ...]:
        """The texts of `items`, as they are asked."""
        return tuple(question.text for question in self.items(topic))

    def answers(self, topic: str) -> tuple[str, ...]:
        """What good answers to `topic` are made of, as spoken: the key points' wordings and the model answers."""
        items = self.items(topic)
        wordings = [wording for question in items for point in question.key_points for wording in point.wordings]
        sentences = [part for question in items for part in _SENTENCE_END.split(question.model_answer) if part]
        return (*wordings, *sentences)


def load_questions(folder: Path) -> Bank:
    """The bank in `folder`. Raises PersonaError, a single line, for the first file that is not in order; ids are
    unique over all topics."""
    topics: dict[str, Topic] = {}
    places: dict[str, str] = {}
    for file in yaml_files(folder):
        topic = _load(read(file), places)
        topics[topic.topic] = topic
    return Bank(topics)


def _load(document: Document, places: dict[str, str]) -> Topic:
    """One topic. `places`: where each question id was met so far, in words; filled in."""
    file = document.file
    problems: list[Problem] = []
    if isinstance(document.data.get("topic"), str) and document.data["topic"] != file.stem:
        problems.append(Problem(("topic",), f"is not the file's name; write topic: {file.stem}, or rename the file"))
    topic = cast(Topic, document.check(Topic, problems))
    for index, question in enumerate(topic.questions):
        key = ("questions", index, "id")
        if question.id in places:
            problems.append(Problem(key, f"{question.id!r} is taken by {places[question.id]}; give it another id"))
        places.setdefault(question.id, f"{file.name} line {document.line(key)}")
    if problems:
        document.refuse(problems)
    return topic


__all__ = ["Bank", "KeyPoint", "Level", "PersonaError", "Question", "Topic", "load_questions"]
