"""What an interview is worth so far: the sum of its questions, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.dialogue.interviewing.session import Session
from app.dialogue.judging.points import MOST
from app.personas.questions import Level


@dataclass(frozen=True, slots=True)
class Sum:
    """Points had of those there were to have. `asked`: how many questions that were asked and closed."""

    points: int
    most: int
    asked: int


def total(session: Session, level: Level | None = None) -> Sum:
    """Of all questions, or of one level's. A question that was never asked, because the candidate stopped, is worth
    nothing and counts among those there were: ten questions are at most 90."""
    records = [record for record in session.records if level in (None, record.question.level)]
    closed = [points for record in records if (points := record.points) is not None]
    return Sum(sum(closed), MOST * len(records), len(closed))


def by_level(session: Session) -> Mapping[Level, Sum]:
    """Every level that has a question, the easiest first."""
    levels = {record.question.level for record in session.records}
    return MappingProxyType({level: total(session, level) for level in Level if level in levels})
