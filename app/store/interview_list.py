"""Lists of interviews: filtered, newest first, a page at a time, with the points that count now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from app.dialogue.interviewing.life import Phase
from app.store.interview_tables import InterviewQuestionStateRow, InterviewScoreRow, InterviewSessionRow
from app.store.interviews import NOT_ASKED, Channel
from app.store.listing import MAXIMUM_LIMIT, cursor_of, key_of
from app.store.records import clean
from app.store.tables import UtcDateTime

Standing = Literal["open", "complete", "stopped", "refused", "not-agreed"]


@dataclass(frozen=True, slots=True)
class InterviewFilters:
    """What to list; None and empty let everything through. Times are aware; `since` is included, `until` is not.

    `standing`: how it ended, or that it has not. `candidate`: a part of the name, the role, or the telephone number.
    """

    persona: str | None = None
    channel: Channel | None = None
    phase: Phase | None = None
    standing: Standing | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    candidate: str | None = None


@dataclass(frozen=True, slots=True)
class ListedInterview:
    """An interview as a row of the list. `points`: what counts now; `talk_points`: without a person's overrules.
    `asked`: how many of its `questions` have been put."""

    id: UUID
    conversation_id: UUID
    persona: str
    channel: Channel
    candidate_key: str
    candidate_name: str
    role: str
    topic: str
    phase: Phase
    standing: Standing
    points: int
    talk_points: int
    most: int
    asked: int
    questions: int
    consent_agreed: bool | None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class InterviewPage:
    """Interviews, and the cursor of those after them; None at the end."""

    items: Sequence[ListedInterview]
    next_cursor: str | None


async def list_interviews(
    session: AsyncSession, filters: InterviewFilters, cursor: str | None = None, limit: int = 50
) -> InterviewPage:
    """One page of interviews, newest first. `limit` is brought into 1..200. Raises listing.CursorError."""
    limit = max(1, min(limit, MAXIMUM_LIMIT))
    chosen = _rows().where(*_conditions(filters))
    if cursor:
        created_at, id_ = key_of(cursor)
        last = tuple_(literal(created_at, UtcDateTime()), literal(id_, Uuid()))
        chosen = chosen.where(tuple_(col(InterviewSessionRow.created_at), col(InterviewSessionRow.id)) < last)
    newest = (col(InterviewSessionRow.created_at).desc(), col(InterviewSessionRow.id).desc())
    rows = (await session.scalars(chosen.order_by(*newest).limit(limit + 1))).all()
    items = await _listed(session, rows[:limit])
    return InterviewPage(items, cursor_of(rows[limit - 1]) if len(rows) > limit else None)


async def listed_interview(session: AsyncSession, id_: UUID) -> ListedInterview | None:
    """One interview as the list has it; None if there is none."""
    found = (await session.scalars(_rows().where(col(InterviewSessionRow.id) == id_))).all()
    items = await _listed(session, found)
    return items[0] if items else None


async def interview_in(session: AsyncSession, conversation_id: UUID) -> UUID | None:
    """The id of the interview that is led in a conversation, or None."""
    mine = col(InterviewSessionRow.conversation_id) == conversation_id
    found: UUID | None = await session.scalar(select(col(InterviewSessionRow.id)).where(mine))
    return found


async def topics_had(session: AsyncSession) -> Sequence[str]:
    """The topics of interviews so far, in alphabetical order."""
    topic = col(InterviewSessionRow.topic)
    return (await session.scalars(select(topic).distinct().order_by(topic))).all()


def _rows() -> Select[Any]:
    """Interviews without the session itself, which is long."""
    return select(InterviewSessionRow).options(defer(cast(Any, InterviewSessionRow.state)))


def _conditions(filters: InterviewFilters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    same = (
        (InterviewSessionRow.persona, filters.persona),
        (InterviewSessionRow.channel, filters.channel),
        (InterviewSessionRow.phase, filters.phase and filters.phase.value),
        (InterviewSessionRow.topic, filters.topic),
    )
    wanted += [col(column) == clean(value) for column, value in same if value]
    if filters.standing:
        wanted.append(col(InterviewSessionRow.over) == ("" if filters.standing == "open" else filters.standing))
    if filters.since:
        wanted.append(col(InterviewSessionRow.created_at) >= filters.since)
    if filters.until:
        wanted.append(col(InterviewSessionRow.created_at) < filters.until)
    part = clean(filters.candidate).strip() if filters.candidate else ""
    if part:
        columns = (InterviewSessionRow.candidate_name, InterviewSessionRow.role, InterviewSessionRow.candidate_key)
        wanted.append(or_(*(col(column).icontains(part, autoescape=True) for column in columns)))
    return wanted


async def _listed(session: AsyncSession, rows: Sequence[InterviewSessionRow]) -> list[ListedInterview]:
    ids = [row.id for row in rows]
    states, given = await _states(session, ids), await _overruled(session, ids)
    return [_item(row, states.get(row.id, {}), given.get(row.id, {})) for row in rows]


def _item(
    row: InterviewSessionRow, states: Mapping[int, InterviewQuestionStateRow], given: Mapping[int, int]
) -> ListedInterview:
    more = sum(points - (states[place].points or 0) for place, points in given.items() if place in states)
    return ListedInterview(
        id=row.id,
        conversation_id=row.conversation_id,
        persona=row.persona,
        channel=cast(Channel, row.channel),
        candidate_key=row.candidate_key,
        candidate_name=row.candidate_name,
        role=row.role,
        topic=row.topic,
        phase=Phase(row.phase),
        standing=cast(Standing, row.over or "open"),
        points=row.points + more,
        talk_points=row.points,
        most=row.most,
        asked=sum(state.life not in NOT_ASKED for state in states.values()),
        questions=len(states),
        consent_agreed=row.consent_agreed,
        created_at=row.created_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
    )


async def _states(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[int, InterviewQuestionStateRow]]:
    """Where every question of these interviews stands, by place."""
    found: dict[UUID, dict[int, InterviewQuestionStateRow]] = {}
    chosen = select(InterviewQuestionStateRow).where(col(InterviewQuestionStateRow.session_id).in_(ids))
    for row in await session.scalars(chosen):
        found.setdefault(row.session_id, {})[row.place] = row
    return found


async def _overruled(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[int, int]]:
    """The points of the newest overrule of every question that has one, by place."""
    given: dict[UUID, dict[int, int]] = {}
    chosen = (
        select(col(InterviewScoreRow.session_id), col(InterviewScoreRow.place), col(InterviewScoreRow.points))
        .where(col(InterviewScoreRow.session_id).in_(ids), col(InterviewScoreRow.kind) == "overruled")
        .order_by(col(InterviewScoreRow.created_at))
    )
    for id_, place, points in (await session.execute(chosen)).all():
        given.setdefault(id_, {})[place] = points
    return given
