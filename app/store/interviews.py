"""Interviews as stored: what is known of each, which one a caller may take up again, and what they were asked before.

The engine's session is the truth and is kept whole; what can be listed or searched is written beside it, from it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialogue.interviewing import kept
from app.dialogue.interviewing.life import Life, Phase
from app.dialogue.interviewing.score import total
from app.dialogue.interviewing.session import Session
from app.store.interview_tables import InterviewQuestionStateRow, InterviewSessionRow
from app.store.records import clean
from app.store.scored import tell_scored
from app.store.transcripts import insert_into

Channel = Literal["phone", "text"]

NOT_ASKED = frozenset({Life.WAITING.value})


class NoSuchInterviewError(LookupError):
    """There is no interview of this id."""


class InterviewMovedError(RuntimeError):
    """Somebody else has led this interview on meanwhile; read it again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is interviewed, as far as is known. `key`: a telephone number, or the customer's own id for the person."""

    key: str = ""
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class StoredInterview:
    """An interview and what is known about it. `session` is the engine's; `id` is what REST and pages call it."""

    id: UUID
    conversation_id: UUID
    persona: str
    channel: Channel
    candidate: Candidate
    topic: str
    session: Session
    revision: int
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: InterviewSessionRow) -> Self:
        """What a row holds. Raises kept.UnreadableSessionError."""
        return cls(
            id=row.id,
            conversation_id=row.conversation_id,
            persona=row.persona,
            channel=cast(Channel, row.channel),
            candidate=Candidate(row.candidate_key, row.candidate_name, row.role),
            topic=row.topic,
            session=kept.load(row.state),
            revision=row.revision,
            created_at=row.created_at,
            updated_at=row.updated_at,
            ended_at=row.ended_at,
        )


async def create_interview(
    session: AsyncSession,
    *,
    id_: UUID,
    persona: str,
    channel: Channel,
    candidate: Candidate,
    topic: str,
    interview: Session,
    now: datetime,
) -> StoredInterview:
    """Store an interview that was begun; its conversation (`interview.conversation`, a UUID) must exist."""
    row = InterviewSessionRow(
        id=id_,
        conversation_id=UUID(interview.conversation),
        persona=persona,
        channel=channel,
        candidate_key=clean(candidate.key)[:100],
        candidate_name=clean(candidate.name)[:200],
        role=clean(candidate.role)[:200],
        topic=topic,
        created_at=now,
        **_told(interview, now),
    )
    session.add(row)
    await session.flush()
    await _write_questions(session, id_, interview)
    return StoredInterview.of(row)


async def change_interview(
    session: AsyncSession, id_: UUID, interview: Session, *, now: datetime, based_on: int | None = None
) -> None:
    """Store what has become of an interview. `based_on`: the revision that it was led on from; None where one writer
    alone leads it. One that is over now is told of. Raises NoSuchInterviewError and InterviewMovedError."""
    named = col(InterviewSessionRow.id) == id_
    ends = interview.phase is Phase.OVER and await _still_open(session, id_)
    statement = update(InterviewSessionRow).where(named)
    if based_on is not None:
        statement = statement.where(col(InterviewSessionRow.revision) == based_on)
    values = {**_told(interview, now), "revision": InterviewSessionRow.revision + 1}
    done = await session.execute(statement.values(**values).execution_options(synchronize_session=False))
    if not (isinstance(done, CursorResult) and done.rowcount):
        known = await session.scalar(select(col(InterviewSessionRow.id)).where(named))
        raise InterviewMovedError(str(id_)) if known else NoSuchInterviewError(str(id_))
    await _write_questions(session, id_, interview)
    if ends:
        await tell_scored(session, id_, now)


async def _still_open(session: AsyncSession, id_: UUID) -> bool:
    """Is it not over yet? Held until the transaction ends, so that it ends once."""
    phase = select(col(InterviewSessionRow.phase)).where(col(InterviewSessionRow.id) == id_)
    return await session.scalar(phase.with_for_update()) not in (None, Phase.OVER.value)


async def lead_on(session: AsyncSession, interview: Session, *, now: datetime) -> None:
    """Store what has become of the interview of this conversation, whose one call leads it. Raises
    NoSuchInterviewError."""
    named = col(InterviewSessionRow.conversation_id) == UUID(interview.conversation)
    id_ = await session.scalar(select(col(InterviewSessionRow.id)).where(named))
    if id_ is None:
        raise NoSuchInterviewError(interview.conversation)
    await change_interview(session, id_, interview, now=now)


async def find_interview(session: AsyncSession, id_: UUID) -> StoredInterview:
    """The interview of this id. Raises NoSuchInterviewError."""
    row = await session.get(InterviewSessionRow, id_, populate_existing=True)
    if row is None:
        raise NoSuchInterviewError(str(id_))
    return StoredInterview.of(row)


async def interview_of(session: AsyncSession, conversation_id: UUID) -> StoredInterview | None:
    """The interview that is led in this conversation, or None."""
    chosen = select(InterviewSessionRow).where(col(InterviewSessionRow.conversation_id) == conversation_id)
    row = (await session.scalars(chosen)).one_or_none()
    return None if row is None else StoredInterview.of(row)


async def open_interview(
    session: AsyncSession, *, persona: str, candidate_key: str, since: datetime, locked: bool = False
) -> StoredInterview | None:
    """The newest interview of this persona with this candidate by phone that is not over and was led on after `since`;
    None if there is none, or the candidate is not known. `locked`: nobody else finds it so until the transaction is
    over.

    One that was agreed to comes before any that was not: somebody who rang a second time and hung up again has not
    given up what they had answered."""
    if not candidate_key:
        return None
    chosen = select(InterviewSessionRow).where(
        col(InterviewSessionRow.candidate_key) == candidate_key,
        col(InterviewSessionRow.persona) == persona,
        col(InterviewSessionRow.channel) == "phone",
        col(InterviewSessionRow.phase) != Phase.OVER.value,
        col(InterviewSessionRow.updated_at) >= since,
    )
    agreed_to = col(InterviewSessionRow.consent_agreed).is_(True)
    chosen = chosen.order_by(agreed_to.desc(), col(InterviewSessionRow.updated_at).desc()).limit(1)
    if locked:  # SQLite has no such lock and needs none: it has one writer at a time
        chosen = chosen.with_for_update()
    row = (await session.scalars(chosen)).first()
    return None if row is None else StoredInterview.of(row)


async def questions_had(session: AsyncSession, candidate_key: str) -> frozenset[str]:
    """The ids of all questions that this candidate was ever asked, by phone or by text."""
    if not candidate_key:
        return frozenset()
    chosen = (
        select(col(InterviewQuestionStateRow.question_id))
        .join(InterviewSessionRow, col(InterviewSessionRow.id) == col(InterviewQuestionStateRow.session_id))
        .where(col(InterviewSessionRow.candidate_key) == candidate_key)
        .where(col(InterviewQuestionStateRow.life).not_in(NOT_ASKED))
    )
    return frozenset(await session.scalars(chosen))


def _told(interview: Session, now: datetime) -> dict[str, Any]:
    """What a session tells of itself, as columns."""
    worth, consent = total(interview), interview.consent
    return {
        "phase": interview.phase.value,
        "over": interview.over,
        "state": kept.dump(interview),
        "points": worth.points,
        "most": worth.most,
        "consent_agreed": None if consent is None else consent.agreed,
        "consent_words": "" if consent is None else clean(consent.words),
        "consent_at": "" if consent is None else consent.at[:40],
        "updated_at": now,
        "ended_at": now if interview.phase is Phase.OVER else None,
    }


async def _write_questions(session: AsyncSession, id_: UUID, interview: Session) -> None:
    rows = [_question_values(id_, place, interview) for place in range(len(interview.records))]
    if not rows:
        return
    statement = insert_into(session, InterviewQuestionStateRow)
    same: Collection[str] = ("session_id", "place")
    grows = {name: statement.excluded[name] for name in rows[0] if name not in same}
    await session.execute(statement.on_conflict_do_update(index_elements=list(same), set_=grows), rows)


def _question_values(id_: UUID, place: int, interview: Session) -> dict[str, Any]:
    record = interview.records[place]
    judgement = record.counted[-1] if record.counted else None
    return {
        "session_id": id_,
        "place": place,
        "question_id": record.question.id,
        "question_version": record.question.version,
        "level": record.question.level.value,
        "life": record.life.value,
        "hints": record.hints,
        "verdict": judgement.verdict.value if judgement else "",
        "points": record.points,
        "judge": judgement.judge[:100] if judgement else "",
        "judge_version": judgement.version[:40] if judgement else "",
    }
