"""A call's life as stored: admitted, its stream claimed once, kept alive, and ended once and for good.

Every change of status is one UPDATE that names the status it comes from, so two tasks, two processes or a late
callback cannot both succeed. A final status is a latch: nothing here takes a call out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.notices import tell
from app.store.records import Direction, FinalStatus, FinishRecord, clean_json
from app.store.tables import ACTIVE, CallRow, ConversationRow, SegmentRow
from app.store.transcripts import insert_into

_IS_ACTIVE: ColumnElement[bool] = col(CallRow.status).in_(ACTIVE)


async def admit(
    session: AsyncSession,
    *,
    call_id: UUID,
    call_sid: str,
    direction: Direction,
    from_number: str,
    to_number: str,
    persona: str,
    machine: str,
    now: datetime,
    conversation_id: UUID | None = None,
) -> CallRow:
    """Store a new ringing call, and give its row. `conversation_id`: the one that it takes up; None for a new one.

    Carriers repeat webhooks: if `call_sid` is known, its row is given unchanged, and its `id` is not `call_id`.
    """
    known = await by_sid(session, call_sid)
    if known is not None:
        return known
    fresh = uuid4()
    if conversation_id is None:
        session.add(ConversationRow(id=fresh, persona=persona, created_at=now))
        await session.flush()
    statement = insert_into(session, CallRow).values(
        id=call_id,
        call_sid=call_sid,
        conversation_id=conversation_id or fresh,
        direction=direction,
        from_number=from_number[:64],
        to_number=to_number[:64],
        persona=persona,
        status="ringing",
        created_at=now,
        machine=machine,
        heartbeat_at=now,
    )
    added = await _changed(session, statement.on_conflict_do_nothing(index_elements=["call_sid"]))
    if not added:  # someone admitted it between our look and our insert
        await session.execute(delete(ConversationRow).where(col(ConversationRow.id) == fresh))
    row = await by_sid(session, call_sid)
    if row is None:
        raise LookupError("an admitted call has vanished: the database took the insert and does not show it")
    return row


async def get_call(session: AsyncSession, call_id: UUID) -> CallRow | None:
    """The call, or None."""
    return await session.get(CallRow, call_id)


async def by_sid(session: AsyncSession, call_sid: str) -> CallRow | None:
    """The call that its carrier knows as `call_sid`, or None."""
    return (await session.scalars(select(CallRow).where(col(CallRow.call_sid) == call_sid))).one_or_none()


async def still_active(session: AsyncSession, call_ids: Sequence[UUID]) -> bool:
    """Does any of these calls go on?"""
    chosen = select(col(CallRow.id)).where(col(CallRow.id).in_(call_ids), _IS_ACTIVE).limit(1)
    return (await session.scalars(chosen)).first() is not None


async def turn_away(session: AsyncSession, call_id: UUID, reason: str, now: datetime) -> bool:
    """End a call whose stream has come to where no line is free; False if it has a stream by now, or has ended."""
    ended = {"status": "busy", "end_reason": reason, "ended_at": now, "duration_s": 0.0}
    waiting = update(CallRow).where(col(CallRow.id) == call_id, col(CallRow.status) == "ringing")
    if not await _changed(session, waiting.values(ended)):
        return False
    await tell(session, "ended", call_id)
    return True


async def active_on(session: AsyncSession, conversation_id: UUID) -> Sequence[UUID]:
    """The calls that are on this conversation now, or about to be."""
    chosen = select(col(CallRow.id)).where(col(CallRow.conversation_id) == conversation_id, _IS_ACTIVE)
    return (await session.scalars(chosen)).all()


async def changed_since(session: AsyncSession, since: datetime, limit: int = 50) -> Sequence[CallRow]:
    """Calls that were admitted, answered or over since then; the newest `limit` of them, the oldest first."""
    times = (CallRow.created_at, CallRow.started_at, CallRow.ended_at)
    chosen = select(CallRow).where(or_(*(col(time) >= since for time in times)))
    newest = (await session.scalars(chosen.order_by(col(CallRow.created_at).desc()).limit(limit))).all()
    return newest[::-1]


async def claim_stream(
    session: AsyncSession, call_id: UUID, stream_sid: str, now: datetime, machine: str | None = None
) -> bool:
    """Take a ringing call's one media stream; True for exactly one of any number who try. `machine`: whose call it is
    from now on; None leaves it to the one that answered the webhook."""
    taken: dict[str, Any] = {"status": "in-progress", "stream_sid": stream_sid, "started_at": now, "heartbeat_at": now}
    if machine is not None:
        taken["machine"] = machine
    statement = update(CallRow).where(col(CallRow.id) == call_id, col(CallRow.status) == "ringing").values(taken)
    if not await _changed(session, statement):
        return False
    await tell(session, "started", call_id)
    return True


async def finish(
    session: AsyncSession,
    call_id: UUID,
    *,
    status: FinalStatus,
    end_reason: str,
    ended_at: datetime,
    duration_s: float,
    recording_ms: int | None = None,
    line_quality: Mapping[str, Any] | None = None,
) -> bool:
    """End a call; False, and nothing changed, if it had ended before or is not known."""
    values = {
        "status": status,
        "end_reason": end_reason[:64],
        "ended_at": ended_at,
        "duration_s": duration_s,
        "recording_ms": recording_ms,
        "line_quality": None if line_quality is None else clean_json(line_quality),
    }
    statement = update(CallRow).where(col(CallRow.id) == call_id, _IS_ACTIVE).values(values)
    if not await _changed(session, statement):
        return False
    await tell(session, "ended", call_id)
    return True


async def finish_as(session: AsyncSession, record: FinishRecord) -> bool:
    """`finish`, from a record."""
    return await finish(
        session,
        record.call_id,
        status=record.status,
        end_reason=record.end_reason,
        ended_at=record.ended_at,
        duration_s=record.duration_s,
        recording_ms=record.recording_ms,
        line_quality=record.line_quality,
    )


async def heartbeat(session: AsyncSession, machine: str, call_ids: Iterable[UUID], now: datetime) -> int:
    """Say that `machine` still runs these calls; how many of them are indeed its own and running."""
    ours = list(call_ids)
    if not ours:
        return 0
    return await _changed(
        session,
        update(CallRow)
        .where(col(CallRow.id).in_(ours), col(CallRow.machine) == machine, _IS_ACTIVE)
        .values(heartbeat_at=now),
    )


async def mark_lost(
    session: AsyncSession, *, machine: str | None = None, stale_before: datetime | None = None
) -> list[UUID]:
    """End the calls whose process died: all active ones of `machine`, and any not seen alive since `stale_before`.

    Each ends when it was last known to live: its last heartbeat, or the end of its last stored line if that is later.
    Gives the ids of the calls that were marked. With neither argument, none are.
    """
    chosen: list[ColumnElement[bool]] = []
    if machine is not None:
        chosen.append(col(CallRow.machine) == machine)
    if stale_before is not None:
        chosen.append(col(CallRow.heartbeat_at) < stale_before)
    if not chosen:
        return []
    rows = (await session.scalars(select(CallRow).where(_IS_ACTIVE, or_(*chosen)))).all()
    spoken = await _last_line_ms(session, [row.id for row in rows])
    lost = []
    for row in rows:
        ended_at = row.heartbeat_at
        if row.started_at is not None:
            ended_at = max(ended_at, row.started_at + timedelta(milliseconds=spoken.get(row.id, 0)))
        duration_s = (ended_at - row.started_at).total_seconds() if row.started_at is not None else 0.0
        marked = await finish(
            session, row.id, status="lost", end_reason="process-died", ended_at=ended_at, duration_s=duration_s
        )
        if marked:
            lost.append(row.id)
    return lost


async def expire_ringing(session: AsyncSession, *, created_before: datetime, now: datetime) -> list[UUID]:
    """Fail the calls that were answered but whose stream never came; gives their ids."""
    waiting = (col(CallRow.status) == "ringing", col(CallRow.created_at) < created_before)
    call_ids = (await session.scalars(select(col(CallRow.id)).where(*waiting))).all()
    reason: Mapping[str, Any] = {"status": "failed", "end_reason": "stream-never-came", "ended_at": now}
    return [call_id for call_id in call_ids if await finish(session, call_id, duration_s=0.0, **reason)]


async def _last_line_ms(session: AsyncSession, call_ids: list[UUID]) -> dict[UUID, int]:
    if not call_ids:
        return {}
    last = (
        select(col(SegmentRow.call_id), func.max(col(SegmentRow.ended_ms)))
        .where(col(SegmentRow.call_id).in_(call_ids))
        .group_by(col(SegmentRow.call_id))
    )
    return {call_id: int(ended_ms) for call_id, ended_ms in (await session.execute(last)).all()}


async def _changed(session: AsyncSession, statement: Any) -> int:
    """Run a statement that changes rows, and tell how many; rows already loaded are not refreshed."""
    result = await session.execute(statement, execution_options={"synchronize_session": False})
    return result.rowcount if isinstance(result, CursorResult) else 0
