from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from app.store import engine as engine_module
from app.store.calls import by_sid
from app.store.claiming import CLAIM_LOCK
from app.store.engine import Database, DatabaseUrlError, normalise
from tests.databases import POSTGRES_URL
from tests.store.samples import NOON, ringing


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("sqlite:///data/parley.db", "sqlite+aiosqlite:///data/parley.db"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+asyncpg://u:p@h:5433/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
        (" postgresql+asyncpg://u@h/d\n", "postgresql+asyncpg://u@h/d"),
    ],
)
def test_urls_as_people_write_them_get_our_drivers(given: str, opened: str) -> None:
    assert normalise(given).render_as_string(hide_password=False) == opened


@pytest.mark.parametrize(
    "url",
    ["", "parley.db", "mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "sqlite://host/file", "postgres://h"],
)
def test_a_bad_url_is_told_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUrlError) as refused:
        Database(url)
    message = str(refused.value)
    assert "DATABASE_URL" in message
    assert "use " in message
    assert "\n" not in message
    assert "secret" not in message


async def test_a_transaction_that_raises_leaves_nothing(db: Database) -> None:
    async def breaks_off() -> None:
        async with db.transaction() as session:
            await ringing(session, call_sid="CA1")
            raise RuntimeError("no good")

    with pytest.raises(RuntimeError, match="no good"):
        await breaks_off()
    async with db.reading() as session:
        assert await by_sid(session, "CA1") is None


async def test_reading_keeps_nothing(db: Database) -> None:
    async with db.reading() as session:
        await ringing(session, call_sid="CA1")
    async with db.reading() as session:
        assert await by_sid(session, "CA1") is None


async def test_readers_do_not_wait_for_a_writer_and_do_not_see_half_of_its_work(db: Database) -> None:
    async with db.transaction() as writing:
        await ringing(writing, call_sid="CA1")
        async with db.reading() as session:
            assert await by_sid(session, "CA1") is None
    async with db.reading() as session:
        assert await by_sid(session, "CA1") is not None


async def test_times_come_back_aware_and_in_utc_whatever_zone_they_had(db: Database) -> None:
    india = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    async with db.transaction() as session:
        await ringing(session, call_sid="CA1", now=india)
    async with db.reading() as session:
        call = await by_sid(session, "CA1")
    assert call is not None
    assert call.created_at == NOON
    assert call.created_at.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with db.transaction() as session:
            await ringing(session, now=datetime(2026, 3, 1, 12, 0))  # noqa: DTZ001 - the point of the test


async def test_sqlite_is_set_to_survive(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    found = {}
    async with db.reading() as session:
        for pragma in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout"):
            found[pragma] = (await session.execute(text(f"PRAGMA {pragma}"))).scalar_one()
    await db.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 5000}


async def test_ping_tells_a_live_database_from_one_out_of_reach(db: Database) -> None:
    await db.ping()
    nowhere = Database("postgresql://u:p@127.0.0.1:1/d")
    with pytest.raises(OSError, match="Connect call failed"):
        await nowhere.ping()
    await nowhere.close()


@pytest.mark.skipif(not POSTGRES_URL, reason="SQLite's writers are processes of one machine: their locks die with them")
async def test_what_a_machine_locked_that_then_lost_its_power_is_free_again_soon(
    emptied_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(emptied_postgres_url)
    monkeypatch.setattr(engine_module, "IDLE_IN_TRANSACTION_MS", 200)
    gone, lock = Database(emptied_postgres_url), text("SELECT pg_advisory_xact_lock(:key)")

    async def loses_its_power() -> None:
        async with gone.transaction() as session:
            await session.execute(lock, {"key": CLAIM_LOCK})
            async with asyncio.timeout(10), db.transaction() as another:
                await another.execute(lock, {"key": CLAIM_LOCK})

    with pytest.raises(DBAPIError):  # had it come back, it would have found that its transaction is over
        await loses_its_power()
    await gone.close()
    await db.close()
