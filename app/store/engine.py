"""The one door to the database: an async engine, and the only place that commits.

SQLite is the default and PostgreSQL the other choice; both are opened here so that no other file knows which it is.
SQLite begins every writing transaction with `BEGIN IMMEDIATE`: a transaction that reads first and writes later would
otherwise fail at once, without waiting, when someone else wrote in between.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

BUSY_TIMEOUT_MS = 5_000
"""How long a writer waits for another before it fails with `database is locked`."""

CONNECT_TIMEOUT_S = 10.0

KEPT_CONNECTIONS = 5
"""The others are opened when these are busy, and closed when they are not."""

IDLE_IN_TRANSACTION_MS = 20_000
"""PostgreSQL ends a session that does nothing in the midst of a transaction for so long. A machine that loses its power
or its network says no goodbye; without this its locks, the one for claims among them, would hold until the system's
keepalive finds out, two hours later."""

ORIGIN = "origin"
"""In every writing session's `info`: which process this is, so that it knows its own notices again."""

HOUSE_WEBHOOK = "webhook_url"
"""In every writing session's `info`: whom to tell what has no address of its own; None for nobody."""

_PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_MS}",  # first: switching to WAL may itself have to wait
    "journal_mode=WAL",
    "synchronous=NORMAL",  # survives the process's death; only a power cut may cost the last transactions
    "foreign_keys=ON",
)

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_EXPECTED = "use sqlite:///path/to/parley.db or postgresql://user:password@host/database"


class DatabaseUrlError(ValueError):
    """DATABASE_URL cannot be used; the message is one line that says what to do and holds no password."""


def normalise(url: str) -> URL:
    """The URL with this house's async driver. Raises DatabaseUrlError for anything that it cannot open."""
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise DatabaseUrlError(f"DATABASE_URL is not a database URL: {_EXPECTED}.") from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise DatabaseUrlError(f"DATABASE_URL names the unknown database {parsed.drivername!r}: {_EXPECTED}.")
    parsed = parsed.set(drivername=driver)
    if driver.startswith("sqlite"):
        if parsed.database in (None, "", ":memory:") or parsed.host:
            raise DatabaseUrlError("DATABASE_URL names no SQLite file: use sqlite:///path/to/parley.db.")
        return parsed
    if not parsed.database:
        raise DatabaseUrlError(f"DATABASE_URL names no PostgreSQL database: {_EXPECTED}.")
    return _with_ssl(parsed)


def _with_ssl(url: URL) -> URL:
    """libpq's `sslmode`, which hosting companies put into the URL, is asyncpg's `ssl`."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(query=query)


def make_engine(url: str, connections: int = 15) -> AsyncEngine:
    """An engine for one URL with at most so many connections, SQLite's pragmas and transactions set. Raises
    DatabaseUrlError."""
    parsed = normalise(url)
    dumps = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
    connect_args: dict[str, Any] = {"timeout": CONNECT_TIMEOUT_S}
    if parsed.get_backend_name() == "sqlite":
        connect_args = {"timeout": BUSY_TIMEOUT_MS / 1000}
    try:
        engine = create_async_engine(
            parsed,
            pool_size=min(connections, KEPT_CONNECTIONS),
            max_overflow=max(0, connections - KEPT_CONNECTIONS),
            pool_pre_ping=parsed.get_backend_name() == "postgresql",
            connect_args=connect_args,
            json_serializer=dumps,
            hide_parameters=True,  # an error in a log must not repeat what a caller said
        )
    except (ArgumentError, TypeError, ValueError):
        raise DatabaseUrlError(f"DATABASE_URL has options that its database does not know: {_EXPECTED}.") from None
    if parsed.get_backend_name() == "sqlite":
        prepare_sqlite(engine.sync_engine)
    else:
        event.listen(engine.sync_engine, "connect", _bound_transactions)
    return engine


def _bound_transactions(dbapi_connection: Any, _record: object) -> None:
    """Outside of any transaction, where a SET stays; not as a parameter of the start, which poolers refuse."""
    statement = f"SET idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS}"
    dbapi_connection.run_async(lambda connection: connection.execute(statement))


def prepare_sqlite(engine: Engine) -> None:
    """Give every connection of an SQLite engine our pragmas and our way to begin a transaction."""
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_sqlite)


def _set_pragmas(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    try:
        for pragma in _PRAGMAS:
            cursor = dbapi_connection.cursor()
            cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
    except Exception:
        dbapi_connection.close()  # it is in no pool yet that would close it, and it holds a thread
        raise


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("parley_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite URL; None for PostgreSQL. Raises DatabaseUrlError."""
    parsed = normalise(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


class Database:
    """One engine and its sessions. Raises DatabaseUrlError at making; nothing is opened before the first use.

    `webhook_url`: told what is put into the outbox without an address of its own. `origin`: this process, among those
    that share the database. `connections`: at most so many at a time.
    """

    def __init__(self, url: str, *, connections: int = 15, webhook_url: str | None = None) -> None:
        self.url = url
        self.origin = uuid4().hex[:12]
        self.engine = make_engine(url, connections)
        info = {HOUSE_WEBHOOK: webhook_url, ORIGIN: self.origin}
        self._writing = async_sessionmaker(self.engine, expire_on_commit=False, info=info)
        self._reading = async_sessionmaker(
            self.engine.execution_options(parley_reads=True), expire_on_commit=False, autoflush=False
        )

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end of the block, or undone whole if it raises."""
        async with self._writing() as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database and keeps nothing; it never waits for a writer."""
        async with self._reading() as session:
            yield session

    async def ping(self) -> None:
        """Ask the database for a sign of life; raises what the driver raises if there is none."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def utc(self) -> datetime | None:
        """What time it is for the database's server; None for SQLite, which has no clock of its own."""
        if self.dialect == "sqlite":
            return None
        async with self.reading() as session:
            now: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
            return now

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
