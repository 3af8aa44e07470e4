"""A real, migrated database for any test: SQLite always, PostgreSQL too where TEST_POSTGRES_URL names a server."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from app.store.engine import Database, make_engine
from app.store.metadata import TABLES
from app.store.migrate import upgrade

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "parley.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    copy = tmp_path / "parley.db"
    shutil.copyfile(migrated_sqlite, copy)
    return f"sqlite:///{copy}"


async def _administer(statement: str, url: str = POSTGRES_URL) -> None:
    engine = make_engine(url)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """A migrated database that tests have one after the other: making one takes a second, emptying it a hundredth."""
    with a_postgres_database() as url:
        upgrade(url)
        yield url


@pytest.fixture
async def emptied_postgres_url(migrated_postgres: str) -> str:
    """A migrated database in which there is nothing yet."""
    tables = ", ".join(f'"{name}"' for name in TABLES.tables)
    await _administer(f"TRUNCATE {tables}", migrated_postgres)
    return migrated_postgres


def _named(database: str) -> str:
    return make_url(POSTGRES_URL).set(database=database).render_as_string(hide_password=False)


@contextmanager
def a_postgres_database() -> Iterator[str]:
    """A database of its own without any table, as long as the `with` lasts; its URL."""
    name = f"parley_{uuid4().hex}"
    asyncio.run(_administer(f"CREATE DATABASE {name}"))
    yield _named(name)
    asyncio.run(_administer(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def empty_postgres_url() -> Iterator[str]:
    """A database of its own without any table, gone after the test."""
    with a_postgres_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES_URL else ["sqlite"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    yield request.getfixturevalue("emptied_postgres_url")


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()
