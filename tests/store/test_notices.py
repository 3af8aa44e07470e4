"""Machines on one PostgreSQL tell each other what they wrote, once it is written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.clock import SystemClock
from app.store import listening as listening_module
from app.store.calls import claim_stream, finish
from app.store.engine import Database
from app.store.listening import Listening
from app.store.notices import MOST_IDS, Gap, Notice, read, tell
from app.store.transcripts import record_segments
from tests.databases import POSTGRES_URL
from tests.store.samples import NOON, line, ringing

needs_postgres = pytest.mark.skipif(not POSTGRES_URL, reason="one process on SQLite has nobody to tell")


@asynccontextmanager
async def hearing(db: Database) -> AsyncIterator[AsyncIterator[Notice | Gap]]:
    """What a machine on `db` hears, from now on."""
    listening = Listening(db, SystemClock())
    running = asyncio.create_task(listening.run())
    try:
        async with asyncio.timeout(20):
            await listening.hears.wait()
            heard = listening.heard()
            assert isinstance(await anext(heard), Gap), "whatever was before is to be read"
            yield heard
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def others(emptied_postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two machines' databases, which are one."""
    one, two = Database(emptied_postgres_url), Database(emptied_postgres_url)
    yield one, two
    await one.close()
    await two.close()


@needs_postgres
async def test_a_call_is_told_of_by_its_id_and_those_of_its_lines(others: tuple[Database, Database]) -> None:
    here, there = others
    async with hearing(there) as heard:
        async with here.transaction() as session:
            call = await ringing(session)
            assert await claim_stream(session, call.id, "MZ1", NOON, "m2")
        lines = [line(call.id, "hello"), line(call.id, "there", seq=2)]
        async with here.transaction() as session:
            await record_segments(session, lines)
        async with here.transaction() as session:
            done = {"status": "completed", "end_reason": "completed", "ended_at": NOON, "duration_s": 1.0}
            assert await finish(session, call.id, **done)  # type: ignore[arg-type]
            assert not await finish(session, call.id, **done)  # type: ignore[arg-type]
        assert [await anext(heard) for _ in range(3)] == [
            Notice(here.origin, "started", call.id),
            Notice(here.origin, "lines", call.id, tuple(one.id for one in lines)),
            Notice(here.origin, "ended", call.id),
        ]


@needs_postgres
async def test_what_is_undone_or_ones_own_is_not_heard(others: tuple[Database, Database]) -> None:
    here, there = others
    undone, own, last = uuid4(), uuid4(), uuid4()
    async with hearing(there) as heard:
        with pytest.raises(ZeroDivisionError):  # noqa: PT012 - it is raised within the transaction
            async with here.transaction() as session:
                await tell(session, "ended", undone)
                raise ZeroDivisionError
        for db, call_id in ((there, own), (here, last)):
            async with db.transaction() as session:
                await tell(session, "ended", call_id)
        assert await anext(heard) == Notice(here.origin, "ended", last)


@needs_postgres
async def test_more_lines_than_a_notice_holds_are_not_named(others: tuple[Database, Database]) -> None:
    here, there = others
    call_id, fits = uuid4(), tuple(uuid4() for _ in range(MOST_IDS))
    async with hearing(there) as heard, here.transaction() as session:
        await tell(session, "lines", call_id, fits)
        await tell(session, "lines", call_id, (*fits, uuid4()))
        await session.commit()
        assert [(await anext(heard)).ids for _ in range(2)] == [fits, ()]  # type: ignore[union-attr]


@needs_postgres
@pytest.mark.parametrize("end", ["pg_terminate_backend(pid)", ""])
async def test_a_lost_connection_is_opened_again_and_what_was_missed_is_known_to_be(
    others: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Whether the server ends it, or the network forgets it without a word."""
    here, there = others
    monkeypatch.setattr(listening_module, "PING_S", 0.1)
    async with hearing(there) as heard:
        if end:
            async with here.reading() as session:
                ours = "datname = current_database() AND query IN ('LISTEN \"parley\"', 'SELECT 1')"
                await session.execute(text(f"SELECT {end} FROM pg_stat_activity WHERE {ours}"))
        else:
            monkeypatch.setattr(listening_module, "PING_WITHIN_S", 1e-6)
        missed = await anext(heard)
        monkeypatch.setattr(listening_module, "PING_WITHIN_S", 5.0)
        assert isinstance(missed, Gap)
        call_id = uuid4()
        async with here.transaction() as session:
            await tell(session, "ended", call_id)
        while isinstance(told := await anext(heard), Gap):
            continue
        assert told.call_id == call_id


def test_what_nobody_here_says_is_not_understood_as_something_else() -> None:
    some = UUID(int=1)
    assert read(f"m ended {some.hex}") == Notice("m", "ended", some)
    for payload in ("", "m", "m ended", "m ended x", f"m sings {some.hex}", f"m lines {some.hex} y"):
        assert read(payload) is None


async def test_sqlite_tells_nobody(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    async with db.transaction() as session:
        await tell(session, "ended", uuid4())
    await db.close()
