"""What is to be told to the customer's system: written in the transaction in which it becomes true, sent afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.engine import HOUSE_WEBHOOK
from app.store.outbound_tables import OutboxRow, ScheduledCallRow
from app.store.records import clean_json

Event = Literal["call.scheduled", "call.started", "call.completed", "call.failed", "interview.scored"]


async def put_event(
    session: AsyncSession,
    call: ScheduledCallRow,
    event: Event,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    interview_id: UUID | None = None,
) -> OutboxRow | None:
    """Have `event` told about `call`, after all that was put for it before; None if nobody wants to be told.

    Whoever calls this has made the call's row, or holds it: its events are counted.
    """
    url = call.webhook_url or session.info.get(HOUSE_WEBHOOK)
    return await _put(session, url, event, payload, now, call.id, call.id, interview_id)


async def put_interview_event(
    session: AsyncSession, interview_id: UUID, event: Event, payload: Mapping[str, Any], now: datetime
) -> OutboxRow | None:
    """The same about an interview that no arranged call has led: the house's own address is told, if there is one."""
    url = session.info.get(HOUSE_WEBHOOK)
    return await _put(session, url, event, payload, now, interview_id, None, interview_id)


async def _put(
    session: AsyncSession,
    url: str | None,
    event: Event,
    payload: Mapping[str, Any],
    now: datetime,
    subject: UUID,
    call_id: UUID | None,
    interview_id: UUID | None,
) -> OutboxRow | None:
    if not url:
        return None
    highest = select(func.max(col(OutboxRow.seq))).where(col(OutboxRow.subject_id) == subject)
    row = OutboxRow(
        subject_id=subject,
        scheduled_call_id=call_id,
        interview_id=interview_id,
        seq=int(await session.scalar(highest) or 0) + 1,
        event=event,
        payload=clean_json(payload),
        url=url,
        created_at=now,
        next_try_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def events_about(session: AsyncSession, subject_id: UUID) -> Sequence[OutboxRow]:
    """All that was or is to be told about a scheduled call, or an interview without one, in its order."""
    chosen = select(OutboxRow).where(col(OutboxRow.subject_id) == subject_id)
    return (await session.scalars(chosen.order_by(col(OutboxRow.seq)))).all()
