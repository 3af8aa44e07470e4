"""Cancels a call that was arranged, and hangs up what is being rung for it."""

from __future__ import annotations

from uuid import UUID

import structlog

from app.carriers.placing import PlacingError
from app.clock import Clock
from app.runtime.placing import Placing
from app.store.engine import Database
from app.store.outbound_tables import ScheduledCallRow
from app.store.scheduling import attempts_of, cancel_call

_log = structlog.get_logger(__name__)


async def cancel_and_hang_up(db: Database, placing: Placing, clock: Clock, id_: UUID) -> ScheduledCallRow:
    """The call as it is then; nothing follows. Raises NoSuchScheduledCallError, and NotWaitingError if it is over."""
    async with db.transaction() as session:
        row = await cancel_call(session, id_, clock.utc())
        attempts = await attempts_of(session, id_)
    for one in attempts:
        if one.settled_at is None and one.carrier_sid is not None:
            try:
                await placing.hang_up(one.carrier_sid)
            except PlacingError as error:
                _log.warning("cancelled_call_not_hung_up", attempt=str(one.id), kind=error.kind)
    return row
