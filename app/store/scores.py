"""Later words on an interview's points: a person's, with a reason, and other judges'. Rows are added; none is changed.

Whoever adds one holds the interview's row meanwhile, and no two are of the same moment, so their order is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialogue.judging.points import RUBRIC
from app.dialogue.scoring.later import (
    LEAST_POINTS,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_POINTS,
    SHORTEST_REASON,
    Score,
    ScoreKind,
    as_detail,
    of_detail,
)
from app.dialogue.scoring.rescoring import Rescored
from app.store.interview_tables import InterviewScoreRow, InterviewSessionRow
from app.store.interviews import NoSuchInterviewError, StoredInterview, find_interview
from app.store.records import clean, clean_json

PERSON = "person"
"""Who overruled, where they gave no name."""
MOST_SCORES = 5_000
"""Of one interview that are read: 500 rescorings, which nobody makes by hand."""


class NoSuchPlaceError(LookupError):
    """The interview has no question of this number."""


class NotScoredError(RuntimeError):
    """The talk has not given points to it, so there is nothing to overrule or to judge again."""


class OverruleError(ValueError):
    """An overrule that cannot be; the message is a sentence for whoever made it."""


class KeyReusedError(ValueError):
    """This idempotency key came with another request before."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request that may come again and counts once: the `key` that tells it, and a hash of what it asks for."""

    key: str
    body_hash: str


async def scores_of(session: AsyncSession, id_: UUID) -> tuple[Score, ...]:
    """The later words on an interview, in the order in which they were given; the newest 5,000."""
    mine = col(InterviewScoreRow.session_id) == id_
    newest = (col(InterviewScoreRow.created_at).desc(), col(InterviewScoreRow.place).desc())
    rows = await session.scalars(select(InterviewScoreRow).where(mine).order_by(*newest).limit(MOST_SCORES))
    return tuple(map(_score, reversed(rows.all())))


async def given_before(session: AsyncSession, id_: UUID, once: Once | None) -> InterviewScoreRow | None:
    """A score of the request that came with this key before, None if there is none. Raises KeyReusedError."""
    if once is None:
        return None
    chosen = select(InterviewScoreRow).where(
        col(InterviewScoreRow.session_id) == id_, col(InterviewScoreRow.idempotency_key) == once.key
    )
    row = (await session.scalars(chosen.limit(1))).first()
    if row is not None and row.body_hash != once.body_hash:
        raise KeyReusedError
    return row


async def overrule(
    session: AsyncSession,
    id_: UUID,
    place: int,
    *,
    points: int,
    reason: str,
    by: str,
    now: datetime,
    once: Once | None = None,
) -> Score:
    """A person's word on the question at `place`. `by`: their name, or nothing. What was there before stays.

    Raises NoSuchInterviewError, NoSuchPlaceError, NotScoredError (the talk has no points for it yet), OverruleError,
    KeyReusedError.
    """
    reason, by = " ".join(clean(reason).split()), " ".join(clean(by).split())
    if not LEAST_POINTS <= points <= MOST_POINTS:
        raise OverruleError(f"Points are from {LEAST_POINTS} to {MOST_POINTS}.")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise OverruleError(f"A reason has {SHORTEST_REASON} to {LONGEST_REASON} letters.")
    if len(by) > LONGEST_NAME:
        raise OverruleError(f"A name has at most {LONGEST_NAME} letters.")
    interview, now = await _held(session, id_, now)
    if not 0 <= place < len(interview.session.records):
        raise NoSuchPlaceError(str(place))
    if interview.session.records[place].points is None:
        raise NotScoredError(str(place))
    before = await given_before(session, id_, once)
    if before is not None:
        return _score(before)
    row = InterviewScoreRow(
        session_id=id_,
        place=place,
        kind="overruled",
        run=uuid4(),
        points=points,
        judge=by or PERSON,
        rubric=RUBRIC,
        reason=reason,
        created_at=now,
        **_of(once),
    )
    session.add(row)
    await session.flush()
    return _score(row)


async def add_run(
    session: AsyncSession,
    id_: UUID,
    made: Sequence[Rescored],
    *,
    judge: str,
    version: str,
    now: datetime,
    once: Once | None = None,
) -> UUID:
    """Another judge's word on every question that has points: the id of the run. `judge` and `version` are told of
    questions to which nothing was said, and so nobody judged.

    Raises NoSuchInterviewError, NotScoredError if there is no such question, and KeyReusedError.
    """
    _, now = await _held(session, id_, now)
    before = await given_before(session, id_, once)
    if before is not None:
        return before.run
    if not made:
        raise NotScoredError("nothing of the interview has points yet")
    run = uuid4()
    for score in made:
        last = score.rejudged[-1].judgement if score.rejudged else None
        row = InterviewScoreRow(
            session_id=id_,
            place=score.place,
            kind="rescored",
            run=run,
            points=score.points,
            judge=(last.judge if last else judge)[:100],
            judge_version=(last.version if last else version)[:40],
            rubric=RUBRIC,
            detail=clean_json(as_detail(score.rejudged)),
            created_at=now,
            **_of(once),
        )
        session.add(row)
    await session.flush()
    return run


def _of(once: Once | None) -> dict[str, Any]:
    return {} if once is None else {"idempotency_key": once.key, "body_hash": once.body_hash}


async def _held(session: AsyncSession, id_: UUID, now: datetime) -> tuple[StoredInterview, datetime]:
    """The interview, its row held until the transaction ends; and a moment after every score that it has."""
    named = col(InterviewSessionRow.id) == id_
    found = await session.scalar(select(col(InterviewSessionRow.id)).where(named).with_for_update())
    if found is None:
        raise NoSuchInterviewError(str(id_))
    mine = col(InterviewScoreRow.session_id) == id_
    last = await session.scalar(select(func.max(col(InterviewScoreRow.created_at))).where(mine))
    after = now if last is None else max(now, last + timedelta(microseconds=1))
    return await find_interview(session, id_), after


def _score(row: InterviewScoreRow) -> Score:
    return Score(
        place=row.place,
        kind=cast(ScoreKind, row.kind),
        run=str(row.run),
        points=row.points,
        judge=row.judge,
        version=row.judge_version,
        rubric=row.rubric,
        reason=row.reason,
        at=row.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        rejudged=of_detail(row.detail),
    )
