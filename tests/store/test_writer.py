from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from app.store import writer as writer_module
from app.store.calls import get_call
from app.store.engine import Database
from app.store.records import EventRecord, FinishRecord, MetricsRecord
from app.store.transcripts import events_of, segments_of, turn_metrics_of
from app.store.writer import StoreWriter
from tests.store.samples import at, line, talking


@pytest.fixture
async def call_id(db: Database) -> UUID:
    async with db.transaction() as session:
        return (await talking(session)).id


@pytest.fixture
async def writer(db: Database) -> AsyncIterator[StoreWriter]:
    made = StoreWriter(db, gather_s=0.001)
    made.start()
    yield made
    await made.aclose()


class Flaky:
    """A database whose next transactions fail as they are told to."""

    def __init__(self, db: Database, *failures: Exception) -> None:
        self.db = db
        self.failures = list(failures)
        self.transactions = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        self.transactions += 1
        if self.failures:
            raise self.failures.pop(0)
        async with self.db.transaction() as session:
            yield session


def locked() -> Exception:
    return OperationalError("INSERT", {}, Exception("database is locked"))


async def texts(db: Database, call_id: UUID) -> list[str]:
    async with db.reading() as session:
        return [row.text for row in await segments_of(session, call_id)]


async def test_all_that_a_call_records_is_written(db: Database, writer: StoreWriter, call_id: UUID) -> None:
    said = line(call_id, "Hello")
    writer.put_nowait(said)
    writer.put_nowait(EventRecord(call_id, 3, "barge-in"))
    writer.put_nowait(replace(said, text="Hello there"))
    writer.put_nowait(MetricsRecord(call_id, 1, decided_ms=5))
    writer.put_nowait(FinishRecord(call_id, "completed", "goodbye", at(9), 9.0, 8_900, {"snr_db": 20.5}))
    assert await writer.flush(call_id)
    async with db.reading() as session:
        call = await get_call(session, call_id)
        assert [row.text for row in await segments_of(session, call_id)] == ["Hello there"]
        assert [row.kind for row in await events_of(session, call_id)] == ["barge-in"]
        assert [row.decided_ms for row in await turn_metrics_of(session, call_id)] == [5]
    assert call is not None
    assert (call.status, call.recording_ms, call.line_quality) == ("completed", 8900, {"snr_db": 20.5})
    assert (writer.counts.written, writer.waiting) == (5, 0)


async def test_what_waits_goes_in_one_transaction(db: Database, call_id: UUID) -> None:
    counting = Flaky(db)
    writer = StoreWriter(counting, gather_s=0.001)  # type: ignore[arg-type]
    for number in range(40):
        writer.put_nowait(line(call_id, str(number), seq=number))
    writer.start()
    assert await writer.flush()
    assert counting.transactions == 1
    assert await texts(db, call_id) == [str(number) for number in range(40)]
    assert await writer.aclose()


async def test_a_flush_does_not_wait_for_more_to_gather(db: Database, call_id: UUID) -> None:
    writer = StoreWriter(db, gather_s=3600)
    writer.start()
    writer.put_nowait(line(call_id, "now"))
    assert await writer.flush(call_id)
    assert await texts(db, call_id) == ["now"]
    assert await writer.flush(uuid4())
    assert await writer.aclose()


async def test_a_database_that_was_locked_or_away_costs_nothing(
    db: Database, call_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FIRST_BACKOFF_S", 0.001)
    flaky = Flaky(db, locked(), OSError("refused"), TimeoutError(), RuntimeError("of unknown cause"))
    writer = StoreWriter(flaky, gather_s=0)  # type: ignore[arg-type]
    writer.start()
    for number in range(3):
        writer.put_nowait(line(call_id, str(number), seq=number))
    assert await writer.flush()
    assert await texts(db, call_id) == ["0", "1", "2"]
    assert (writer.counts.retries, writer.counts.refused) == (4, 0)
    assert await writer.aclose()


async def test_a_failure_that_lasts_and_is_not_the_databases_gives_the_record_up(
    db: Database, call_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FIRST_BACKOFF_S", 0.0)
    flaky = Flaky(db, *(RuntimeError("for ever") for _ in range(writer_module.DOUBTS + 1)))
    writer = StoreWriter(flaky, gather_s=0)  # type: ignore[arg-type]
    writer.start()
    writer.put_nowait(line(call_id, "cursed"))
    assert await writer.flush()
    writer.put_nowait(line(call_id, "fine"))
    assert await writer.flush()
    assert await texts(db, call_id) == ["fine"]
    assert writer.counts.refused == 1
    assert await writer.aclose()


async def test_one_bad_record_does_not_take_the_others_along(db: Database, writer: StoreWriter, call_id: UUID) -> None:
    writer.put_nowait(line(call_id, "before", seq=1))
    writer.put_nowait(line(uuid4(), "of a call that no one knows"))
    writer.put_nowait(MetricsRecord(call_id, 1, decided_ms=2**80))
    writer.put_nowait(line(call_id, "after", seq=2))
    assert await writer.flush()
    assert await texts(db, call_id) == ["before", "after"]
    assert (writer.counts.refused, writer.counts.written) == (2, 2)


async def test_a_full_queue_drops_events_and_never_lines(db: Database, call_id: UUID) -> None:
    writer = StoreWriter(db, capacity=2, gather_s=0)
    kept = [writer.put_nowait(EventRecord(call_id, number, "e")) for number in range(5)]
    assert kept == [True, True, False, False, False]
    assert all(writer.put_nowait(line(call_id, str(number), seq=number)) for number in range(5))
    assert writer.counts.dropped == 3
    writer.start()
    assert await writer.flush()
    assert len(await texts(db, call_id)) == 5
    async with db.reading() as session:
        assert [event.at_ms for event in await events_of(session, call_id)] == [0, 1]
    assert await writer.aclose()


async def test_a_flush_that_takes_too_long_says_so_and_loses_nothing(db: Database, call_id: UUID) -> None:
    flaky = Flaky(db, locked())
    writer = StoreWriter(flaky, gather_s=0)  # type: ignore[arg-type]
    writer.start()
    writer.put_nowait(line(call_id, "late"))
    assert not await writer.flush(timeout=0.01)
    assert await writer.flush(timeout=5)
    assert await texts(db, call_id) == ["late"]
    assert await writer.aclose()


async def test_closing_writes_what_is_left_and_takes_no_more(db: Database, call_id: UUID) -> None:
    writer = StoreWriter(db, gather_s=3600)
    writer.start()
    writer.put_nowait(line(call_id, "last words"))
    assert await writer.aclose()
    assert await texts(db, call_id) == ["last words"]
    with pytest.raises(RuntimeError, match="closed"):
        writer.put_nowait(line(call_id, "too late"))


async def test_closing_is_bounded_when_the_database_is_away(db: Database, call_id: UUID) -> None:
    flaky = Flaky(db, *(OSError("refused") for _ in range(1000)))
    writer = StoreWriter(flaky, gather_s=0)  # type: ignore[arg-type]
    writer.start()
    writer.put_nowait(line(call_id, "unheard of"))
    async with asyncio.timeout(2):
        assert not await writer.aclose(timeout=0.05)


_VICTIM = """
import asyncio, os, sys, time
from app.store.engine import Database
from app.store.writer import StoreWriter
from tests.store.samples import line, talking

async def main():
    db = Database(sys.argv[1])
    async with db.transaction() as session:
        call = await talking(session, call_sid="CAvictim")
    writer = StoreWriter(db)
    writer.start()
    for seq in range(10_000):
        writer.put_nowait(line(call.id, "sentence", seq=seq))
        print(seq, time.monotonic(), flush=True)
        await asyncio.sleep(0.01)

asyncio.run(main())
"""


@pytest.mark.slow
def test_a_killed_process_loses_less_than_the_sentence_in_the_air(sqlite_url: str) -> None:
    root = Path(__file__).resolve().parents[2]
    victim = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, sqlite_url], cwd=root, stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert victim.stdout is not None
    put: dict[int, float] = {}
    for said in victim.stdout:
        seq, when = said.split()
        put[int(seq)] = float(when)
        if int(seq) == 60:
            victim.send_signal(signal.SIGKILL)
            break
    for said in victim.stdout:
        seq, when = said.split()
        put[int(seq)] = float(when)
    victim.stdout.close()
    victim.wait()
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as plain:
        stored = [row[0] for row in plain.execute("SELECT seq FROM segment ORDER BY seq")]
    plain.close()
    assert stored == list(range(len(stored)))
    # 200 ms to gather and one transaction; the rest is room for a machine that does other things as well
    assert put[max(put)] - put[stored[-1]] < 0.5
