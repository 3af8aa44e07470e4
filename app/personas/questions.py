"""The question bank: what interviewing personas ask, one topic per file under `personas/questions/`.

A question is kept whole (what a good answer holds, in which wordings, a hint, a model answer, and how long thinking may
take), so that whoever coaches or scores finds everything in one place. The same rules hold for a question that comes by
REST or from a page. docs/questions.md says how to write a good one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self, cast

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.personas.part import Part, Phrase
from app.personas.problems import PersonaError, Problem
from app.personas.yaml_file import Document, read, yaml_files

LONGEST_QUESTION = 300
"""Characters: some twenty seconds of speech, as much as is kept in mind after one hearing."""
FEWEST_POINTS, MOST_POINTS = 3, 6
FEWEST_WORDINGS, MOST_WORDINGS = 4, 30

_SENTENCE_END = re.compile(r"[.!?]\s*")
_UNSPEAKABLE = re.compile(r"[<>{}\[\]()=_*#/\\|~^@&%$£€+`]")


class Level(StrEnum):
    """How hard a question is, the easiest first."""

    BASIC = "basic"
    MODERATE = "moderate"
    ADVANCED = "advanced"


_ORDER = {level: place for place, level in enumerate(Level)}


def _one_line(text: str) -> str:
    """`text` without line breaks. Raises PydanticCustomError for a sign that cannot be shown."""
    text = " ".join(text.split())
    hidden = next((sign for sign in text if not sign.isprintable()), None)
    if hidden is not None:
        raise PydanticCustomError("persona", "holds {sign}; take it out", {"sign": f"\\u{ord(hidden):04x}"})
    return text


def _speakable(text: str) -> str:
    """`text` on one line. Raises PydanticCustomError for a sign that a voice cannot say."""
    text = _one_line(text)
    sign = _UNSPEAKABLE.search(text)
    if sign is not None:
        raise PydanticCustomError("persona", "holds {sign}, which nobody can hear; say it in words", {"sign": sign[0]})
    return text


def _told_apart(wordings: tuple[str, ...]) -> tuple[str, ...]:
    for place, wording in enumerate(wordings):
        if wording in wordings[:place]:
            found = {"key": place, "wording": wording}
            raise PydanticCustomError("persona", "'{wording}' is there twice; keep one", found)
    return wordings


def _distinct(points: tuple[KeyPoint, ...]) -> tuple[KeyPoint, ...]:
    """No id twice, and no wording that would cover two key points at once."""
    owner: dict[str, str] = {}
    for place, point in enumerate(points):
        if point.id in {other.id for other in points[:place]}:
            text = "another key point of this question has the id {id}; give it another"
            raise PydanticCustomError("persona", text, {"key": place, "id": point.id})
        for wording in point.wordings:
            if owner.setdefault(wording, point.id) != point.id:
                text = "the wording '{wording}' belongs to {owner} too; take it out of one"
                found = {"key": place, "wording": wording, "owner": owner[wording]}
                raise PydanticCustomError("persona", text, found)
    return points


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
"""A slug: of a question, a key point, or a topic."""
Said = AfterValidator(_speakable)
Wording = Annotated[Phrase, Said, AfterValidator(str.lower)]
Wordings = Annotated[
    tuple[Wording, ...], Field(min_length=FEWEST_WORDINGS, max_length=MOST_WORDINGS), AfterValidator(_told_apart)
]


class KeyPoint(Part):
    """Something that a good answer holds. `point`: a sentence for the scorecard. `wordings`: what people say who say
    it, in lower case."""

    id: Name
    point: Annotated[Phrase, AfterValidator(_one_line)]
    wordings: Wordings


KeyPoints = Annotated[
    tuple[KeyPoint, ...], Field(min_length=FEWEST_POINTS, max_length=MOST_POINTS), AfterValidator(_distinct)
]


class QuestionBody(Part):
    """All of a question but its name. `think_s`: silence a candidate may take before the first word, in seconds."""

    level: Level
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION), Said]
    key_points: KeyPoints
    hint: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Said]
    model_answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200), Said]
    think_s: float = Field(default=8.0, ge=1, le=60)


class Question(QuestionBody):
    """One question of the bank. `id`: unique over all topics, and the same through all its versions."""

    id: Name


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

    @classmethod
    def of(cls, questions: Iterable[tuple[str, Question]]) -> Self:
        """A bank of questions that come with their topics, as from the database."""
        found: dict[str, list[Question]] = {}
        for topic, question in questions:
            found.setdefault(topic, []).append(question)
        return cls({name: Topic(topic=name, title=name, questions=tuple(items)) for name, items in found.items()})

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(self._topics)

    def everything(self) -> tuple[tuple[str, Question], ...]:
        """Every question with its topic."""
        return tuple((name, question) for name in self._topics for question in self.items(name))

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


__all__ = [
    "Bank", "KeyPoint", "Level", "PersonaError", "Question", "QuestionBody", "Topic", "load_questions",
]  # fmt: skip
