"""Somebody of ours steps into a running call: hangs it up, or has keys pressed, wherever it runs; and it is told there
what the carrier holds of who answered, if that came too late to be written down (`app.runtime.verdicts`).

What another machine has to do is written into the database and taken there within half a second. A machine that takes
nothing is dead or cut off; then the carrier is asked to end the call, which it does whoever has it.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from app.carriers.legs import carrier_sid
from app.carriers.placing import PlacingError
from app.clock import Clock
from app.runtime.across import Across
from app.runtime.placing import Placing
from app.runtime.supervisor import Supervisor
from app.store import calls, orders
from app.store.engine import Database
from app.store.tables import ACTIVE, CallRow

POLL_S = 0.5
TAKEN_WITHIN_S = 2.5
STEP_S = 0.1
DEAD_AFTER = timedelta(seconds=25)
"""Two heartbeats missed. A process that has only lost its database for a while ends its calls' rows itself."""

_log = structlog.get_logger(__name__)


class SteppingIn:
    """One a process; `run` until cancelled. `show_digits`: keys that are pressed may stand in the transcript."""

    def __init__(
        self, db: Database, supervisor: Supervisor, across: Across, placing: Placing, clock: Clock, *, show_digits: bool
    ) -> None:
        self._db = db
        self._supervisor = supervisor
        self._across = across
        self._placing = placing
        self._clock = clock
        self._show_digits = show_digits

    async def run(self) -> None:
        """Take what others ask of the calls that run here."""
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self.take()
            except Exception as error:  # the database may be away for a while
                _log.warning("orders_not_taken", error=type(error).__name__)

    async def take(self) -> None:
        """What has been asked since."""
        running = tuple(self._supervisor.running)
        if not running:
            return
        async with self._db.transaction() as session:
            taken = await orders.take(session, running, self._clock.utc())
        for order in taken:
            if order.order == "digits":
                self._supervisor.send_digits(order.call_id, order.digits, self._shown(order.digits))
            elif order.order == "verdict":
                self._supervisor.answered_by(order.call_id, order.digits)
            else:
                self._supervisor.hang_up(order.call_id, politely=order.order == "goodbye")

    async def hang_up(self, call_id: UUID, *, politely: bool = False) -> bool:
        """End a running call: at once, or with a goodbye that is heard. False if nobody could."""
        if self._supervisor.hang_up(call_id, politely=politely):
            return True
        call = await self._call(call_id)
        if call is None or call.status not in ACTIVE:
            return call is not None
        if not self._dead(call):
            if await (self._ordered(call_id, "goodbye") if politely else self._across.hang_up(call_id)):
                return True
            if not politely and await self._ordered(call_id, "hang-up"):
                return True
        return await self._by_carrier(call)

    async def send_digits(self, call_id: UUID, keys: str) -> bool:
        """Have keys (`0-9*#wW`) pressed on a running call's line. False if nobody could."""
        if self._supervisor.send_digits(call_id, keys, self._shown(keys)):
            return True
        call = await self._call(call_id)
        if call is None or call.status != "in-progress" or self._dead(call):
            return False
        return await self._ordered(call_id, "digits", keys)

    def _shown(self, keys: str) -> str:
        pressed = "".join(key for key in keys if key not in "wW")
        return pressed if self._show_digits else "•" * len(pressed)

    def _dead(self, call: CallRow) -> bool:
        return call.heartbeat_at < self._clock.utc() - DEAD_AFTER

    async def _call(self, call_id: UUID) -> CallRow | None:
        async with self._db.reading() as session:
            return await calls.get_call(session, call_id)

    async def _ordered(self, call_id: UUID, order: orders.Order, keys: str = "") -> bool:
        """Ask whichever machine has the call. False if none took it, and none will."""
        async with self._db.transaction() as session:
            order_id = await orders.give(session, call_id, order, self._clock.utc(), keys)
        for _ in range(round(TAKEN_WITHIN_S / STEP_S)):
            await asyncio.sleep(STEP_S)
            async with self._db.reading() as session:
                if await orders.was_taken(session, order_id):
                    return True
        async with self._db.transaction() as session:
            return not await orders.withdraw(session, order_id)

    async def _by_carrier(self, call: CallRow) -> bool:
        """The carrier ends the call; the row is closed for a process that cannot any more."""
        try:
            if not await self._placing.hang_up(carrier_sid(call.call_sid)):
                return False
        except PlacingError as error:
            _log.warning("call_not_hung_up", call=str(call.id), kind=error.kind, code=error.code)
            return False
        if call.status == "ringing" or self._dead(call):
            await self._close(call, self._clock.utc())
        return True

    async def _close(self, call: CallRow, now: datetime) -> None:
        lasted_s = (now - call.started_at).total_seconds() if call.started_at else 0.0
        async with self._db.transaction() as session:
            await calls.finish(
                session, call.id, status="completed", end_reason="operator", ended_at=now, duration_s=lasted_s
            )
