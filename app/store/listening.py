"""Hears what other machines tell, over a connection of its own that is asked for a sign of life and opened again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from app.clock import Clock
from app.store.engine import Database, make_engine
from app.store.notices import CHANNEL, Gap, Notice, read

FIRST_BACKOFF_S = 0.2
LONGEST_BACKOFF_S = 10.0
PING_S = 15.0
"""A network that forgets silent connections does so without a word; they are mostly kept for minutes."""
PING_WITHIN_S = 5.0
MOST_WAITING = 2_000
"""Beyond, what waits is forgotten, and read from the tables instead."""

_log = structlog.get_logger(__name__)


class Listening:
    """`run` until cancelled; `heard` gives what comes, meanwhile. Notices of our own are not among it."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._alive_at = self._behind_since = clock.utc()
        self._waiting: asyncio.Queue[Notice | Gap] = asyncio.Queue()
        self.hears = asyncio.Event()

    async def heard(self) -> AsyncIterator[Notice | Gap]:
        """What is told, in its order; a `Gap` wherever something may be missing, the very beginning included."""
        while True:
            yield await self._waiting.get()

    async def run(self) -> None:
        """Listen; whatever goes wrong, again, at most `LONGEST_BACKOFF_S` later."""
        backoff_s = FIRST_BACKOFF_S
        while True:
            try:
                async with self._connection() as connection:
                    lost = asyncio.Event()
                    connection.add_termination_listener(lambda *_, lost=lost: lost.set())
                    await connection.add_listener(CHANNEL, self._hear)
                    self._waiting.put_nowait(Gap(self._alive_at))
                    self.hears.set()
                    backoff_s = FIRST_BACKOFF_S
                    await self._while_alive(connection, lost)
            except Exception as error:  # the database may be away; calls go on, and so must this
                _log.warning("notices_not_heard", error=type(error).__name__, again_in_s=backoff_s)
            self.hears.clear()
            await asyncio.sleep(backoff_s)
            backoff_s = min(backoff_s * 2, LONGEST_BACKOFF_S)

    async def _while_alive(self, connection: Any, lost: asyncio.Event) -> None:
        while not lost.is_set():
            self._alive_at = self._clock.utc()
            try:
                async with asyncio.timeout(PING_S):
                    await lost.wait()
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=PING_WITHIN_S)
        raise ConnectionError

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        """asyncpg's own connection, outside of any transaction and of the pool that everybody shares."""
        engine = make_engine(self._db.url, 1)
        connection = await engine.connect()
        raw: Any = (await connection.get_raw_connection()).driver_connection
        try:
            yield raw
        finally:
            raw.terminate()  # it may be dead, and a polite end would wait for its answer
            await connection.invalidate()
            await connection.close()
            await engine.dispose()

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: str) -> None:
        notice = read(payload)
        if notice is None or notice.origin == self._db.origin:
            return
        if self._waiting.empty():
            self._behind_since = self._clock.utc()
        if self._waiting.qsize() < MOST_WAITING:
            self._waiting.put_nowait(notice)
            return
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(Gap(self._behind_since))
