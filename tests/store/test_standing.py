"""Looking at a database leaves it as it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from app.store.engine import Database, DatabaseUrlError
from app.store.migrate import upgrade
from app.store.standing import DatabaseUnreachable, database_standing
from tests.server import free_port


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_database_that_is_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/parley.db"
    upgrade(url)
    before = files(tmp_path)
    found = await database_standing(url)
    assert found.there
    assert found.revision
    assert found.behind == 0
    assert files(tmp_path) == before


async def test_a_database_in_use_is_read_with_its_log(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/parley.db"
    upgrade(url)
    db = Database(url)
    try:
        async with db.transaction() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        assert (await database_standing(url)).revision == "later", "as the log has it, not yet the file"
    finally:
        await db.close()


async def test_one_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = await database_standing(f"sqlite:///{tmp_path}/parley.db")
    assert not found.there
    assert found.behind
    assert files(tmp_path) == {}


@pytest.mark.parametrize(("revision", "behind"), [(None, True), ("newer", False)])
async def test_one_without_tables_and_one_of_another_version(
    tmp_path: Path, revision: str | None, behind: bool
) -> None:
    with sqlite3.connect(tmp_path / "parley.db") as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
        if revision:
            connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    connection.close()
    found = await database_standing(f"sqlite:///{tmp_path}/parley.db")
    assert (found.there, found.revision) == (True, revision)
    assert bool(found.behind) is behind
    assert (found.behind is None) is (revision is not None)


async def test_what_cannot_be_opened_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "parley.db").write_text("no database at all, but a text of some length", encoding="utf-8")
    for url in (
        f"sqlite:///{tmp_path}/parley.db",
        f"postgresql://user:secret@127.0.0.1:{free_port()}/parley",
    ):
        with pytest.raises(DatabaseUnreachable) as caught:
            await database_standing(url)
        assert str(caught.value)
        assert "\n" not in str(caught.value)
        assert "secret" not in str(caught.value)
    with pytest.raises(DatabaseUrlError):
        await database_standing("parley")
