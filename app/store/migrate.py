"""Bring a database to the newest migration: run once, before the server starts."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError

from app.store.engine import DatabaseUrlError, make_engine, normalise, prepare_sqlite, sqlite_file

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here so that no ini file can disagree with the settings."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Migrate the database at `url` to head, making an SQLite file and its folder if there is none.

    May be called from anywhere, also where an event loop runs (which it blocks).
    Raises DatabaseUrlError, one line that says what to do, if the database cannot be reached or is newer than we are.
    """
    place = _place(url)
    try:
        file = sqlite_file(url)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            _upgrade_sqlite(file)
        else:
            # asyncpg knows no other way than a loop, and the caller's may be running
            with ThreadPoolExecutor(max_workers=1, thread_name_prefix="migrate") as thread:
                thread.submit(asyncio.run, _upgrade_postgresql(url)).result()
    except CommandError as error:
        raise DatabaseUrlError(
            f"The database {place} does not fit these migrations ({error}): "
            "run the version of Parley that made it, or name another in DATABASE_URL."
        ) from error
    except (OSError, DBAPIError, TimeoutError) as error:
        cause = (str(getattr(error, "orig", None) or error) or type(error).__name__).splitlines()[0]
        raise DatabaseUrlError(
            f"Cannot open the database {place}: {cause}. Start it, or correct DATABASE_URL."
        ) from error


def _to_head(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")


def _upgrade_sqlite(file: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(file)))
    prepare_sqlite(engine)
    try:
        with engine.begin() as connection:
            _to_head(connection)
    finally:
        engine.dispose()


async def _upgrade_postgresql(url: str) -> None:
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_to_head)
    finally:
        await engine.dispose()


def _place(url: str) -> str:
    """Where the database is, without who may enter."""
    parsed = normalise(url)
    if parsed.get_backend_name() == "sqlite":
        return str(parsed.database)
    return f"{parsed.database} at {parsed.host or 'localhost'}:{parsed.port or 5432}"
