"""Joins this machine to the others on the same PostgreSQL: what happens there is seen here, and calls that run there
can be ended from here. On SQLite there are no others, and nothing here runs."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from uuid import UUID

import structlog

from app.clock import Clock
from app.runtime.live import CallEnded, CallStarted, LiveHub
from app.runtime.supervisor import Supervisor
from app.store.calls import get_call
from app.store.engine import Database
from app.store.listening import Listening
from app.store.notices import Gap, Notice, tell
from app.store.records import SegmentRecord
from app.store.tables import ACTIVE, SegmentRow
from app.store.transcripts import segments_named

ASK_TIMES = 4
ASK_EVERY_S = 0.8
"""A machine that has the call ends it within a tenth of a second; one whose connection was just lost hears the next."""
STEP_S = 0.1

_FIELDS = tuple(field.name for field in fields(SegmentRecord))
_log = structlog.get_logger(__name__)


class Across:
    """One a process. `run` until cancelled."""

    def __init__(self, db: Database, hub: LiveHub, supervisor: Supervisor, clock: Clock) -> None:
        self._db = db
        self._hub = hub
        self._supervisor = supervisor
        self._clock = clock
        self.listening = Listening(db, clock) if db.dialect == "postgresql" else None

    async def run(self) -> None:
        """Hear, and pass on what others say."""
        if self.listening is None:
            return
        hearing = asyncio.create_task(self.listening.run())
        try:
            async for heard in self.listening.heard():
                try:
                    await self._take(heard)
                except Exception as error:  # the database may be away; whoever looks is told to read again
                    _log.warning("notice_not_taken", error=type(error).__name__)
                    self._hub.miss(None)
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def hang_up(self, call_id: UUID) -> bool:
        """End a call, wherever it runs. False if nobody has ended it: it rings, or its machine does not answer."""
        if self._supervisor.hang_up(call_id):
            return True
        if self.listening is None:
            return False
        for _ in range(ASK_TIMES):
            async with self._db.transaction() as session:
                row = await get_call(session, call_id)
                if row is None or row.status != "in-progress":
                    return row is not None and row.status not in ACTIVE
                await tell(session, "hang-up", call_id)
            if await self._ends(call_id):
                return True
        return False

    async def _ends(self, call_id: UUID) -> bool:
        for _ in range(round(ASK_EVERY_S / STEP_S)):
            await asyncio.sleep(STEP_S)
            async with self._db.reading() as session:
                row = await get_call(session, call_id)
            if row is None or row.status not in ACTIVE:
                return True
        return False

    async def _take(self, heard: Notice | Gap) -> None:
        if isinstance(heard, Gap):
            self._hub.miss(heard.since)
        elif heard.kind == "started":
            self._hub.publish(CallStarted(heard.call_id))
            await self._goes_elsewhere(heard.call_id)
        elif heard.kind == "ended":
            await self._ended(heard.call_id)
        elif heard.kind == "hang-up":
            self._supervisor.hang_up(heard.call_id)
        elif self._hub.watches(heard.call_id):
            await self._lines(heard)

    async def _goes_elsewhere(self, call_id: UUID) -> None:
        """We may have answered its webhook, and keep a slot for a stream that another machine has now."""
        admission = self._supervisor.admission
        if not admission.expects(self._clock.now()):
            return
        async with self._db.reading() as session:
            row = await get_call(session, call_id)
        if row is not None:
            admission.give_back(row.call_sid)

    async def _ended(self, call_id: UUID) -> None:
        async with self._db.reading() as session:
            row = await get_call(session, call_id)
        self._hub.publish(CallEnded(call_id, (row and row.end_reason) or ""))
        if row is not None:
            self._supervisor.admission.give_back(row.call_sid)

    async def _lines(self, heard: Notice) -> None:
        async with self._db.reading() as session:
            rows = await segments_named(session, heard.call_id, heard.ids)
        for row in rows:
            self._hub.publish(_record(row))


def _record(row: SegmentRow) -> SegmentRecord:
    return SegmentRecord(**{name: getattr(row, name) for name in _FIELDS})
