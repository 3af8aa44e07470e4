"""Judging a talk again by another judge, from the words that were said, by the same table of points.

The talk itself went by its own judge: a hint may have been given where the new judge finds that none was needed, or
left out where it finds one due. What was said counts all the same, and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.dialogue.interviewing.asked import AskedQuestion
from app.dialogue.interviewing.life import Life
from app.dialogue.interviewing.record import Attempt, Kind, Record
from app.dialogue.interviewing.session import Session
from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Answer, Judgement
from app.dialogue.judging.meaning import Meaning
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.later import Rejudged

Judgements = Mapping[tuple[int, Kind], Judgement]
"""By the question's place and the attempt's kind."""


@dataclass(frozen=True, slots=True)
class ToJudge:
    """One attempt that is to be judged again."""

    place: int
    kind: Kind
    question: AskedQuestion
    answer: Answer


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a question is worth by other judgements."""

    place: int
    points: int
    rejudged: tuple[Rejudged, ...]


def to_judge(session: Session) -> tuple[ToJudge, ...]:
    """Every attempt at a question that has its points."""
    return tuple(
        ToJudge(place, attempt.kind, record.question, attempt.said)
        for place, record in enumerate(session.records)
        if record.points is not None
        for attempt in record.attempts
    )


def by_offline(session: Session, meaning: Meaning | None = None) -> Judgements:
    """What the judge that needs nobody finds; the same for ever."""
    return {(it.place, it.kind): offline.judge(it.question, it.answer, meaning) for it in to_judge(session)}


def rescored(session: Session, judgements: Judgements) -> tuple[Rescored, ...]:
    """Every question that has its points, by `judgements` of all its attempts. Raises KeyError for one that is not
    there, and ValueError for one of another question."""
    found: list[Rescored] = []
    for place, record in enumerate(session.records):
        if record.points is None:
            continue
        attempts = tuple(replace(it, judgement=_fitting(record, judgements[place, it.kind])) for it in record.attempts)
        rejudged = tuple(Rejudged(it.kind, it.judgement) for it in attempts if it.judgement is not None)
        points = _as_played(replace(record, attempts=attempts)).points
        if points is not None:
            found.append(Rescored(place, points, rejudged))
    return tuple(found)


def _as_played(record: Record) -> Record:
    """The record as the table of points knows it, in which nobody is asked again who was right or did not know."""
    record = replace(record, life=Life.CLOSED)
    first, hinted = record.attempt("first"), record.attempt("hinted")
    if first is None or first.judgement is None or hinted is None:
        return record
    if first.judgement.verdict is Verdict.CORRECT:
        kept = tuple(it for it in record.attempts if it.kind != "hinted")
        return replace(record, attempts=kept, hints=0)
    if first.judgement.verdict is Verdict.NOT_KNOWN:
        nothing = replace(first.judgement, verdict=Verdict.INCORRECT)
        return replace(record, attempts=_with(record.attempts, replace(first, judgement=nothing)))
    return record


def _with(attempts: tuple[Attempt, ...], changed: Attempt) -> tuple[Attempt, ...]:
    return tuple(changed if it.kind == changed.kind else it for it in attempts)


def _fitting(record: Record, judgement: Judgement) -> Judgement:
    expected = [point.id for point in record.question.key_points]
    if judgement.question != record.question.id or [point.key_point for point in judgement.points] != expected:
        raise ValueError(f"a judgement of {judgement.question!r} was given for {record.question.id!r}")
    return judgement
