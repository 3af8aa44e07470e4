"""How a database stands, without changing it: is it there, and are its tables those of this version?"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app.store.engine import make_engine, sqlite_file
from app.store.migrate import configuration

_TABLE = "alembic_version"
_REVISION = f"SELECT version_num FROM {_TABLE}"  # noqa: S608 - a constant
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


@dataclass(frozen=True, slots=True)
class DatabaseStanding:
    """`there`: it exists (an SQLite file is made at the first start). `revision`: the migration that it is at; None
    where it has no tables of ours yet. `behind`: migrations to come; None if it is at one that we do not know."""

    there: bool
    revision: str | None
    behind: int | None


class DatabaseUnreachable(Exception):  # noqa: N818 - what it says is the error
    """The database cannot be opened or read; what the driver says, in one line."""


async def database_standing(url: str) -> DatabaseStanding:
    """Look at the database. Raises DatabaseUrlError for a URL that is none, and DatabaseUnreachable."""
    file = sqlite_file(url)
    try:
        if file is None:
            return _standing(await _postgresql_revision(url))
        if not await asyncio.to_thread(file.exists):
            return DatabaseStanding(False, None, _behind(None))
        return _standing(await asyncio.to_thread(_sqlite_revision, file))
    except TimeoutError:
        raise DatabaseUnreachable("it did not answer in time") from None
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        cause = (str(getattr(error, "orig", None) or error) or type(error).__name__).splitlines()[0]
        raise DatabaseUnreachable(cause) from None


def _standing(revision: str | None) -> DatabaseStanding:
    return DatabaseStanding(True, revision, _behind(revision))


def _behind(revision: str | None) -> int | None:
    try:
        return len(list(ScriptDirectory.from_config(configuration()).iterate_revisions("heads", revision or "base")))
    except RevisionError:
        return None


def _sqlite_revision(file: Path) -> str | None:
    if not os.access(file, os.W_OK):
        raise PermissionError("it may not be written")
    # Without a log beside it the file is all there is, and `immutable` leaves no trace; with one, a server is (or was)
    # at work, and the log must be read, too.
    mode = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)) as connection:
        if (_TABLE,) not in connection.execute(_TABLES).fetchall():
            return None
        row = connection.execute(_REVISION).fetchone()
    return str(row[0]) if row else None


async def _postgresql_revision(url: str) -> str | None:
    engine = make_engine(url, 1)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_read_revision)
    finally:
        await engine.dispose()


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_TABLE):
        return None
    return connection.execute(text(_REVISION)).scalar()
