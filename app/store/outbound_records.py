"""What a call that we placed has found out, written where it counts: with its attempt, and for all later calls."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialling.policy import Policy
from app.store.attempts import apply_verdict, note_message_left
from app.store.calls import get_call
from app.store.do_not_call import forbid
from app.store.outbound_tables import ScheduledCallRow
from app.store.records import MessageLeftRecord, NoMoreCallsRecord, OutboundRecord, RecognisedRecord
from app.store.settling import finish_call

DO_NOT_CALL = "do-not-call"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_VERDICTS = {"human": "human", "machine": "machine_words"}


async def record_outbound(session: AsyncSession, record: OutboundRecord, policy: Policy) -> None:
    """One record; twice is as good as once."""
    if isinstance(record, RecognisedRecord):
        await apply_verdict(session, record.call_id, _VERDICTS[record.who], "words", policy, record.at)
    elif isinstance(record, MessageLeftRecord):
        await note_message_left(session, record.call_id)
    else:
        await _keep_wish(session, record)


async def _keep_wish(session: AsyncSession, record: NoMoreCallsRecord) -> None:
    """The other side's number is never rung again, and calls to it that wait have failed. One that withholds its number
    cannot be rung anyway."""
    call = await get_call(session, record.call_id)
    if call is None:
        return
    number = call.to_number if call.direction == "outbound" else call.from_number
    if not _E164.fullmatch(number):
        return
    await forbid(session, number, source="callee", note=record.words, call_id=record.call_id, now=record.at)
    await fail_waiting(session, number, record.at)


async def fail_waiting(session: AsyncSession, e164: str, now: datetime) -> int:
    """End every call to a number that waits for its time, for it must not be rung; how many there were."""
    chosen = select(ScheduledCallRow).where(
        col(ScheduledCallRow.to_number) == e164, col(ScheduledCallRow.status) == "waiting"
    )
    chosen = chosen.order_by(col(ScheduledCallRow.id)).with_for_update().execution_options(populate_existing=True)
    waiting = (await session.scalars(chosen)).all()
    for call in waiting:
        call.updated_at, call.revision = now, call.revision + 1
        await finish_call(session, call, "failed", DO_NOT_CALL, now)
    return len(waiting)
