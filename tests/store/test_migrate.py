from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from app.store.engine import Database, DatabaseUrlError
from app.store.metadata import TABLES
from app.store.migrate import configuration, upgrade
from tests.databases import POSTGRES_URL


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES_URL else ["sqlite"])
def url(request: pytest.FixtureRequest) -> str:
    """A migrated database that no other test will have: these tests change its tables."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    empty = str(request.getfixturevalue("empty_postgres_url"))
    upgrade(empty)
    return empty


def _differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), TABLES))


async def test_migrations_from_nothing_to_head_make_exactly_the_tables(db: Database) -> None:
    async with db.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        names = await connection.run_sync(lambda plain: set(inspect(plain).get_table_names()))
    assert names == {table.name for table in TABLES.tables.values()} | {"alembic_version"}


async def test_a_change_of_the_tables_without_a_migration_would_be_seen(db: Database) -> None:
    async with db.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE phone_number ADD COLUMN extra VARCHAR(3)")
    async with db.engine.connect() as connection:
        assert await connection.run_sync(_differences) != []


async def test_migrations_can_be_undone(db: Database) -> None:
    async with db.engine.begin() as connection:
        await connection.run_sync(lambda plain: command.downgrade(configuration(plain), "base"))
    async with db.engine.connect() as connection:
        assert await connection.run_sync(lambda plain: inspect(plain).get_table_names()) == ["alembic_version"]


def test_migrating_twice_is_migrating_once(url: str) -> None:
    upgrade(url)
    upgrade(url)


def test_the_folder_of_a_new_sqlite_file_is_made(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path}/new 100%/parley.db")
    assert (tmp_path / "new 100%" / "parley.db").exists()


async def test_it_may_be_called_where_a_loop_runs(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path}/parley.db")


def test_a_database_from_a_newer_version_is_told_in_one_line(sqlite_url: str) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    plain.close()
    with pytest.raises(DatabaseUrlError, match="run the version of Parley that made it") as refused:
        upgrade(sqlite_url)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("url", ["postgresql://u:secret@127.0.0.1:1/d", "sqlite:////proc/parley.db"])
def test_a_database_out_of_reach_is_told_in_one_line(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="Cannot open the database") as refused:
        upgrade(url)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(DatabaseUrlError, match=r"letter\.db: file is not a database"):
        upgrade(f"sqlite:///{tmp_path}/letter.db")
