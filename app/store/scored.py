"""An interview is over: the customer's system is told what it came to, without a word of what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.interview_tables import InterviewSessionRow
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.outbox import put_event, put_interview_event
from app.store.tables import CallRow


async def tell_scored(session: AsyncSession, interview_id: UUID, now: datetime) -> None:
    """Put `interview.scored` for an interview whose row says that it is over: among the events of the call that we
    placed for it, if there is one."""
    chosen = select(InterviewSessionRow).where(col(InterviewSessionRow.id) == interview_id)
    row = (await session.scalars(chosen.execution_options(populate_existing=True))).one()
    call = await _arranged(session, row.conversation_id)
    if call is None:
        await put_interview_event(session, row.id, "interview.scored", _told(row), now)
        return
    told = _told(row) | {"variables": call.variables, "campaign": call.campaign}
    await put_event(session, call, "interview.scored", told, now, interview_id=row.id)


async def _arranged(session: AsyncSession, conversation_id: UUID) -> ScheduledCallRow | None:
    """The newest arrangement that led to a call of this conversation, held so that its events are counted."""
    newest = (
        select(col(CallAttemptRow.scheduled_call_id))
        .join(CallRow, col(CallRow.id) == col(CallAttemptRow.id))
        .where(col(CallRow.conversation_id) == conversation_id)
        .order_by(col(CallRow.created_at).desc())
        .limit(1)
    )
    held = select(ScheduledCallRow).where(col(ScheduledCallRow.id).in_(newest.scalar_subquery())).with_for_update()
    return (await session.scalars(held)).one_or_none()


def _told(row: InterviewSessionRow) -> dict[str, Any]:
    """`candidate_id` is the customer's own; by telephone it would be a number, which is not ours to send about."""
    return {
        "id": str(row.id),
        "persona": row.persona,
        "channel": row.channel,
        "topic": row.topic,
        "candidate_id": row.candidate_key if row.channel == "text" else None,
        "status": "scored" if row.over in ("complete", "stopped") else "not-scored",
        "reason": row.over,
        "points": row.points,
        "most": row.most,
    }
