"""What differs where several machines take the calls: a stream may come to one that is full, and a call that somebody
takes up again may still be closing on another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from uuid import UUID

import structlog

from app.dialling.outcome import Disposition
from app.runtime.supervisor import GRACE_S
from app.store import calls
from app.store.attempts import note_end
from app.store.tables import CallRow
from app.web.reception import Reception

TURN_AWAY_S = 2.0
"""The caller hears nothing meanwhile."""
STEP_S = 0.1
LINES_BUSY = "all-lines-busy"

_log = structlog.get_logger(__name__)
_under_way: set[asyncio.Task[None]] = set()


async def closed(reception: Reception, call_ids: Iterable[UUID], within_s: float) -> None:
    """Wait for calls that are ending, here or elsewhere, until what is known of them is stored; for one that goes on,
    not long."""
    asked = tuple(call_ids)
    await reception.supervisor.closed(asked, within_s)
    if not reception.has_others:
        return
    for _ in range(round(GRACE_S / STEP_S)):
        async with reception.db.reading() as session:
            if not await calls.still_active(session, asked):
                return
        await asyncio.sleep(STEP_S)


async def turn_away(reception: Reception, call_id: UUID) -> None:
    """Another machine let this call in, and its stream has come here, where all lines are taken. Told after the stream
    (`refusal`); nothing happens to a call that has its stream."""
    task = asyncio.create_task(_turn_away(reception, call_id))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    await asyncio.wait({task}, timeout=TURN_AWAY_S)  # a driver that waits is not cancelled in its midst


async def _turn_away(reception: Reception, call_id: UUID) -> None:
    try:
        async with reception.db.transaction() as session:
            if await calls.turn_away(session, call_id, LINES_BUSY, reception.supervisor.clock.utc()):
                await note_end(session, call_id, Disposition.LINES_FULL)
    except Exception as error:  # the stream is refused all the same; housekeeping lets the call expire
        _log.error("busy_call_not_stored", error=type(error).__name__)


def refusal(reception: Reception, call: CallRow) -> str | None:
    """What to say to somebody who was turned away at the stream's door; None for anybody else."""
    if call.stream_sid is not None or (call.status, call.end_reason) != ("busy", LINES_BUSY):
        return None
    return reception.carrier.busy() if call.direction == "inbound" else reception.carrier.sorry()
