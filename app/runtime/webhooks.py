"""Empties the outbox: claims what is due, sends it, and tries again for a day where it was not taken.

What may be done by several machines at once, and in which order, is settled in the database (`app.store.delivering`).
docs/webhooks.md tells the customer what to expect.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta

import structlog

from app.clock import Clock
from app.runtime.webhook_sending import Sender, Sent
from app.store.delivering import claim_events, record_delivered, record_failed
from app.store.engine import Database
from app.store.outbound_tables import OutboxRow

POLL_S = 1.0
MOST_AT_ONCE = 16
FAREWELL_S = 3.0
"""At the end, deliveries under way are waited for; one that is cut off is made again when its lease is over."""
_HOUR = 3600.0
DELAYS_S = (10.0, 30.0, 120.0, 300.0, 900.0, 1800.0, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 8 * _HOUR)
"""After each try in vain; together just under a day, then it is given up."""
JITTER = 0.2
"""Each delay is up to a fifth shorter or longer, so that what failed together does not come back together."""

_log = structlog.get_logger(__name__)


class Webhooks:
    """One a machine; any number of machines."""

    def __init__(self, db: Database, sender: Sender, clock: Clock, chance: Callable[[], float] = random.random) -> None:
        self._db = db
        self._sender = sender
        self._clock = clock
        self._chance = chance
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled. A round that fails is logged, and the next one comes."""
        try:
            while True:
                try:
                    taken = await self.round()
                except Exception as error:  # the database may be away for a while; nothing is lost
                    taken = 0
                    _log.warning("webhooks_not_looked_for", error=type(error).__name__)
                if taken:  # what follows in its order is due as soon as what was before it is delivered
                    await asyncio.wait(set(self._tasks), timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await asyncio.sleep(POLL_S)
        finally:
            if self._tasks:
                _, late = await asyncio.wait(set(self._tasks), timeout=FAREWELL_S)
                for task in late:
                    task.cancel()
                await asyncio.gather(*late, return_exceptions=True)

    async def round(self) -> int:
        """Claim what is due and begin to send it; how much that was."""
        most = MOST_AT_ONCE - len(self._tasks)
        if most <= 0:
            return 0
        async with self._db.transaction() as session:
            claimed = await claim_events(session, self._clock.utc(), most)
        for row in claimed:
            task = asyncio.create_task(self._told(row))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(claimed)

    async def settled(self) -> None:
        """Wait until every delivery under way is over."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _told(self, row: OutboxRow) -> None:
        try:
            sent = await self._sender.send(row, self._clock.utc())
            await self._written(row, sent)
        except Exception as error:  # its lease runs out, and it is sent again
            _log.error("webhook_failed", event_id=str(row.id), error=type(error).__name__)

    async def _written(self, row: OutboxRow, sent: Sent) -> None:
        now = self._clock.utc()
        async with self._db.transaction() as session:
            if not sent.error:
                await record_delivered(session, row.id, sent.status or 0, now)
                return
            again_at = None if sent.for_good else self._again(row.tries)
            when = None if again_at is None else now + timedelta(seconds=again_at)
            await record_failed(session, row, sent.error, now, status=sent.status, again_at=when)
        given_up = when is None
        _log.warning("webhook_given_up" if given_up else "webhook_not_taken", event_id=str(row.id), status=sent.status)

    def _again(self, tries: int) -> float | None:
        """Seconds until the next try, after so many; None if that was the last."""
        if tries > len(DELAYS_S):
            return None
        return DELAYS_S[tries - 1] * (1 - JITTER + 2 * JITTER * self._chance())
