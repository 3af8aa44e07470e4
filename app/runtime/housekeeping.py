"""Keeps the calls' rows true: says which calls live, and finds those whose process died."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from app.clock import Clock
from app.runtime.admission import UNCLAIMED_S
from app.runtime.fixed_lines import FixedLines
from app.runtime.supervisor import Supervisor
from app.store import calls, orders, transfers
from app.store.engine import Database

HEARTBEAT_S = 10.0
LOST_AFTER_S = 60.0
"""Six heartbeats missed: the process is gone, not slow."""
CLOCK_S = 2.0
"""When to ring, and when to ask what came of it, is by machines' own clocks (docs/scaling.md)."""
TIDY_S = 24 * 3600.0

_log = structlog.get_logger(__name__)


class Housekeeping:
    """Runs beside the calls; one round every `HEARTBEAT_S`."""

    def __init__(self, db: Database, supervisor: Supervisor, machine: str, clock: Clock, lines: FixedLines) -> None:
        self._db = db
        self._supervisor = supervisor
        self._machine = machine
        self._clock = clock
        self._lines = lines
        self._tidied_at: float | None = None

    async def after_start(self) -> None:
        """Calls that this machine was running when it last went down are lost, not running for ever."""
        async with self._db.transaction() as session:
            lost = await calls.mark_lost(session, machine=self._machine)
        if lost:
            _log.warning("calls_lost_with_the_last_process", calls=len(lost))

    async def run(self) -> None:
        """Until cancelled. A round that fails is logged, and the next one comes."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            await self.tidy()
            try:
                await self.round()
            except Exception as error:  # the database may be away for a while; the calls go on without it
                _log.warning("housekeeping_failed", error=type(error).__name__)

    async def round(self) -> None:
        """Say which calls live; mark those of dead processes lost, and those whose stream never came failed.

        By the database's clock, if it has one: a machine whose own goes wrong must not take others' calls for lost.
        """
        now = await self._db.utc() or self._clock.utc()
        ahead_s = (self._clock.utc() - now).total_seconds()
        if abs(ahead_s) > CLOCK_S:
            _log.error(
                "clock_is_wrong", ahead_s=round(ahead_s, 1), says="keep the machines' clocks to the second (NTP)"
            )
        async with self._db.transaction() as session:
            await calls.heartbeat(session, self._machine, self._supervisor.running, now)
            await calls.mark_lost(session, stale_before=now - timedelta(seconds=LOST_AFTER_S))
            await transfers.forget_lost(session, now)
            await orders.forget(session, now)
            await calls.expire_ringing(session, created_before=now - timedelta(seconds=2 * UNCLAIMED_S), now=now)

    async def tidy(self) -> None:
        """Lines that nobody uses any more go; does nothing more than once a day."""
        now = self._clock.now()
        if self._tidied_at is None or now - self._tidied_at > TIDY_S:
            self._tidied_at = now
            await self._lines.tidy()
