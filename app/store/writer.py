"""Writes what calls record, behind their backs: the audio path puts a record down and goes on.

Records gather for a moment and go into the database in the order they came, one transaction for all of them. A
process that is killed loses what had not gone yet: `GATHER_S` and one transaction.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from app.dialling.policy import Policy
from app.store.calls import finish_as
from app.store.engine import Database
from app.store.interviews import lead_on
from app.store.outbound_records import record_outbound
from app.store.records import (
    EventRecord,
    FinishRecord,
    InterviewRecord,
    MetricsRecord,
    OutboundRecord,
    Record,
    SegmentRecord,
    UsageRecord,
)
from app.store.transcripts import record_events, record_many_turn_metrics, record_segments
from app.store.usage import record_usage

GATHER_S = 0.2
"""A transaction costs some 5 ms of processor, whatever is in it, and records of ten calls come one by one
(docs/performance.md)."""
BATCH = 500
FIRST_BACKOFF_S = 0.05
LONGEST_BACKOFF_S = 2.0
DOUBTS = 5
"""Attempts at a batch whose failure may be the database's or a record's, before the record is held to be at fault."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class WriterCounts:
    """Since the start: records written, events dropped for want of room, records the database refused, retries."""

    written: int = 0
    dropped: int = 0
    refused: int = 0
    retries: int = 0


class StoreWriter:
    """A queue of records and the one task that empties it.

    `capacity` bounds the queue: when it is full, new events are dropped and counted. Lines, times, usage and ends of
    calls are never dropped; they are as few as people are slow to speak.
    """

    def __init__(
        self, db: Database, *, capacity: int = 20_000, gather_s: float = GATHER_S, policy: Policy | None = None
    ) -> None:
        self._policy = policy or Policy()
        self.counts = WriterCounts()
        self._db = db
        self._capacity = capacity
        self._gather_s = gather_s
        self._queue: deque[tuple[int, Record]] = deque()
        self._put = 0
        self._done = 0
        self._last_of: dict[UUID | None, int] = {}
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._progress = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to write; needs a running event loop. Records put before are kept for it."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="store-writer")

    @property
    def waiting(self) -> int:
        """How many records are not written yet."""
        return len(self._queue)

    @property
    def closed(self) -> bool:
        """Whether it takes no more."""
        return self._closed

    def put_nowait(self, record: Record) -> bool:
        """Take a record, never waiting; False if it, an event, was dropped. Only from the loop's own thread."""
        if self._closed:
            raise RuntimeError("the store's writer is closed: end the calls before it")
        if len(self._queue) >= self._capacity and isinstance(record, EventRecord):
            self.counts.dropped += 1
            return False
        self._put += 1
        self._last_of[record.call_id] = self._put
        self._queue.append((self._put, record))
        self._wake.set()
        return True

    async def flush(self, call_id: UUID | None = None, timeout: float = 5.0) -> bool:
        """Wait until all that was put so far, for one call or for all, is written; False if `timeout` s pass first."""
        target = self._put if call_id is None else self._last_of.get(call_id, 0)
        if self._done >= target:
            return True
        self._hurry.set()
        try:
            async with asyncio.timeout(timeout), self._progress:
                await self._progress.wait_for(lambda: self._done >= target)
        except TimeoutError:
            return False
        return True

    async def aclose(self, timeout: float = 5.0) -> bool:
        """Write what is left, within `timeout` s, and stop; False if records were left unwritten."""
        self._closed = True
        complete = not self._queue or (self._task is not None and await self.flush(timeout=timeout))
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if not complete:
            _log.error("store_writer_left_records", records=len(self._queue))
        return complete

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            if not self._hurry.is_set():
                await self._gather()
            while self._queue:
                await self._write_batch(list(islice(self._queue, BATCH)))
            self._wake.clear()
            self._hurry.clear()

    async def _gather(self) -> None:
        try:
            async with asyncio.timeout(self._gather_s):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _write_batch(self, batch: list[tuple[int, Record]]) -> None:
        """Write a batch and only then forget it, so that a failure loses nothing."""
        await self._insist([record for _, record in batch])
        last = batch[-1][0]
        while self._queue and self._queue[0][0] <= last:
            self._queue.popleft()
        for call_id in {record.call_id for _, record in batch}:
            if self._last_of.get(call_id, 0) <= last:
                self._last_of.pop(call_id, None)
        self._done = last
        async with self._progress:
            self._progress.notify_all()

    async def _insist(self, records: list[Record]) -> None:
        """Write `records` in one transaction, however long the database takes to come back."""
        backoff_s, doubts = FIRST_BACKOFF_S, 0
        while True:
            try:
                async with self._db.transaction() as session:
                    await _write(session, records, self._policy)
            except Exception as error:  # whatever a driver throws, the writer lives on: every call depends on it
                doubts += not _database_is_away(error)
                if _record_is_at_fault(error) or doubts > DOUBTS:
                    await self._refuse(records, error)
                    return
                self.counts.retries += 1
                _log.warning("store_unavailable", error=_name(error), records=len(records), again_in_s=backoff_s)
                await asyncio.sleep(backoff_s)
                backoff_s = min(backoff_s * 2, LONGEST_BACKOFF_S)
            else:
                self.counts.written += len(records)
                return

    async def _refuse(self, records: list[Record], error: Exception) -> None:
        """The database takes no batch with a bad record in it: find it, count it, and write the others."""
        if len(records) == 1:
            self.counts.refused += 1
            _log.error("store_refused_record", record=type(records[0]).__name__, error=_name(error))
            return
        middle = len(records) // 2
        await self._insist(records[:middle])
        await self._insist(records[middle:])


async def _write(session: AsyncSession, records: list[Record], policy: Policy) -> None:
    await record_segments(session, [record for record in records if isinstance(record, SegmentRecord)])
    await record_events(session, [record for record in records if isinstance(record, EventRecord)])
    await record_many_turn_metrics(session, [record for record in records if isinstance(record, MetricsRecord)])
    await record_usage(session, [record for record in records if isinstance(record, UsageRecord)])
    newest = {record.session.conversation: record for record in records if isinstance(record, InterviewRecord)}
    for interview in newest.values():
        await lead_on(session, interview.session, now=interview.at)
    for record in records:
        if isinstance(record, FinishRecord):
            await finish_as(session, record)
        elif isinstance(record, OutboundRecord):
            await record_outbound(session, record, policy)


def _database_is_away(error: Exception) -> bool:
    """Locked, full, restarting or out of reach: worth any number of attempts."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError)
    return isinstance(error, OSError | TimeoutError | PoolTimeoutError)


def _record_is_at_fault(error: Exception) -> bool:
    """The database will never take one of these records: its call is unknown, or a value does not fit."""
    if isinstance(error, DBAPIError):
        # asyncpg finds some bad values itself, and then calls them an error of the interface
        return isinstance(error, IntegrityError | DataError) or isinstance(
            getattr(error.orig, "__cause__", None), ValueError
        )
    return isinstance(error, StatementError | ValueError | TypeError | OverflowError | LookupError)


def _name(error: Exception) -> str:
    """What kind of error it is; its text may quote the record."""
    return type(getattr(error, "orig", None) or error).__name__
