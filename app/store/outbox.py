"""What is to be told to the customer's system: written in the transaction in which it becomes true, sent afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.outbound_tables import OutboxRow, ScheduledCallRow
from app.store.records import clean_json

Event = Literal["call.scheduled", "call.started", "call.completed", "call.failed", "interview.scored"]


async def put_event(
    session: AsyncSession, call: ScheduledCallRow, event: Event, payload: Mapping[str, Any], now: datetime
) -> OutboxRow | None:
    """Have `event` told about `call`, after all that was put for it before; None if nobody wants to be told."""
    if not call.webhook_url:
        return None
    highest = select(func.max(col(OutboxRow.seq))).where(col(OutboxRow.scheduled_call_id) == call.id)
    row = OutboxRow(
        scheduled_call_id=call.id,
        seq=int(await session.scalar(highest) or 0) + 1,
        event=event,
        payload=clean_json(payload),
        url=call.webhook_url,
        created_at=now,
        next_try_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def events_about(session: AsyncSession, scheduled_call_id: UUID) -> Sequence[OutboxRow]:
    """All that was or is to be told about a call, in its order."""
    chosen = select(OutboxRow).where(col(OutboxRow.scheduled_call_id) == scheduled_call_id)
    return (await session.scalars(chosen.order_by(col(OutboxRow.seq)))).all()
