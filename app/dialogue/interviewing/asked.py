"""A question as it was asked: kept with the session, whatever becomes of the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.dialogue.judging.judgement import KeyPoint
from app.personas.questions import Level


class Banked(Protocol):
    """A question of the bank, as far as an interview goes; the bank's `Question` is one."""

    @property
    def id(self) -> str: ...
    @property
    def level(self) -> Level: ...
    @property
    def text(self) -> str: ...
    @property
    def key_points(self) -> Sequence[KeyPoint]: ...
    @property
    def hint(self) -> str: ...
    @property
    def think_s(self) -> float: ...


@dataclass(frozen=True, slots=True)
class AskedPoint:
    """A key point, as it was."""

    id: str
    point: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question, as it was. `version`: the bank's. `think_s`: silence allowed before the first word, in seconds."""

    id: str
    version: int
    level: Level
    text: str
    key_points: tuple[AskedPoint, ...]
    hint: str
    think_s: float


def as_asked(question: Banked, version: int = 1) -> AskedQuestion:
    """A copy of `question` that nothing can change any more. `version`: 1 for a bank that is read from files."""
    points = tuple(AskedPoint(point.id, point.point, tuple(point.wordings)) for point in question.key_points)
    return AskedQuestion(
        question.id, version, question.level, question.text, points, question.hint, float(question.think_s)
    )
