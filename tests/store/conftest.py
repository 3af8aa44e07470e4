"""A real, migrated database for every test: SQLite always, PostgreSQL too where TEST_POSTGRES_URL names a server."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from app.store.engine import Database, make_engine
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


async def _administer(statement: str) -> None:
    engine = make_engine(POSTGRES_URL)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture
async def empty_postgres_url() -> AsyncIterator[str]:
    """A database of its own on the given server, gone after the test."""
    name = f"parley_{uuid4().hex}"
    await _administer(f"CREATE DATABASE {name}")
    yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    await _administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES_URL else ["sqlite"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    empty: str = request.getfixturevalue("empty_postgres_url")
    upgrade(empty)
    yield empty


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()
