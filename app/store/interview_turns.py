"""The events of interviews by text, each with the answer that was given to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.interview_tables import InterviewTurnRow
from app.store.records import clean, clean_json
from app.store.tables import CallRow, SegmentRow


async def add_turn(
    session: AsyncSession,
    interview: UUID,
    *,
    seq: int,
    event_id: str,
    event_type: str,
    text: str,
    reply: Mapping[str, Any],
    at: datetime,
) -> InterviewTurnRow:
    """Store an event and its answer. Raises IntegrityError if the event, or the number, is there already."""
    row = InterviewTurnRow(
        session_id=interview,
        seq=seq,
        event_id=event_id,
        event_type=event_type,
        text=clean(text),
        reply=clean_json(reply),
        at=at,
    )
    session.add(row)
    await session.flush()
    return row


async def turn_of(session: AsyncSession, interview: UUID, event_id: str) -> InterviewTurnRow | None:
    """The turn of an event; None if it has not come yet."""
    chosen = select(InterviewTurnRow).where(
        col(InterviewTurnRow.session_id) == interview, col(InterviewTurnRow.event_id) == event_id
    )
    return (await session.scalars(chosen)).one_or_none()


async def last_turn(session: AsyncSession, interview: UUID) -> InterviewTurnRow | None:
    """The newest turn; None before the first."""
    chosen = select(InterviewTurnRow).where(col(InterviewTurnRow.session_id) == interview)
    return (await session.scalars(chosen.order_by(col(InterviewTurnRow.seq).desc()).limit(1))).first()


async def turns_after(
    session: AsyncSession, interview: UUID, after: int = 0, limit: int = 200
) -> Sequence[InterviewTurnRow]:
    """The turns behind the one numbered `after`, in order; at most `limit`."""
    chosen = select(InterviewTurnRow).where(
        col(InterviewTurnRow.session_id) == interview, col(InterviewTurnRow.seq) > after
    )
    return (await session.scalars(chosen.order_by(col(InterviewTurnRow.seq)).limit(limit))).all()


async def spoken_lines(
    session: AsyncSession, conversation: UUID, after: int = 0, limit: int = 200
) -> Sequence[tuple[CallRow, SegmentRow]]:
    """The lines of all calls of a conversation, in the order in which they were said, behind the first `after` of them;
    at most `limit`."""
    chosen = (
        select(CallRow, SegmentRow)
        .join(SegmentRow, col(SegmentRow.call_id) == col(CallRow.id))
        .where(col(CallRow.conversation_id) == conversation)
        .order_by(col(CallRow.created_at), col(CallRow.id), col(SegmentRow.seq), col(SegmentRow.started_ms))
    )
    rows = await session.execute(chosen.offset(after).limit(limit))
    return [(call, segment) for call, segment in rows.all()]
