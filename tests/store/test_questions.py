"""The question bank in the database: versions are added, files count once, and people's changes stay."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.personas.questions import Bank, Level, Question, QuestionBody, load_questions
from app.store.engine import Database
from app.store.listing import CursorError
from app.store.question_files import Brought, sync_questions
from app.store.question_list import QuestionFilters, list_questions, topic_counts, topic_questions
from app.store.questions import (
    ChangedMeanwhileError,
    NoSuchQuestionError,
    QuestionExistsError,
    StoredQuestion,
    change_question,
    create_question,
    find_question,
    questions_in_use,
    restore_question,
    retire_question,
    versions_of,
)
from tests.store.samples import a_question

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHIPPED = load_questions(Path("personas/questions"))


def body(**given: Any) -> QuestionBody:
    return QuestionBody.model_validate(a_question(**given).model_dump(exclude={"id"}))


async def start(db: Database, *questions: Question, topic: str = "web", later_s: float = 0) -> Brought:
    """The server starts with these in its files."""
    return await start_with(db, [(topic, question) for question in questions], later_s)


async def start_with(db: Database, everything: Iterable[tuple[str, Question]], later_s: float = 0) -> Brought:
    async with db.transaction() as session:
        return await sync_questions(session, everything, NOW + timedelta(seconds=later_s))


async def change(
    db: Database, id_: str = "one", based_on: int = 1, source: Any = "page", **given: Any
) -> StoredQuestion:
    async with db.transaction() as session:
        return await change_question(
            session, id_, "web", body(**given), based_on=based_on, source=source, now=NOW + timedelta(hours=1)
        )


async def retire(db: Database, id_: str = "one", source: Any = "page") -> None:
    async with db.transaction() as session:
        await retire_question(session, id_, source=source, now=NOW + timedelta(hours=2))


async def now(db: Database, id_: str = "one", version: int | None = None) -> StoredQuestion:
    async with db.reading() as session:
        return await find_question(session, id_, version)


async def used(db: Database, topic: str | None = None) -> list[str]:
    async with db.reading() as session:
        return [found.question.id for found in await questions_in_use(session, topic)]


async def test_the_shipped_bank_comes_in_whole_and_once(db: Database) -> None:
    assert await start_with(db, SHIPPED.everything()) == Brought(added=60)
    assert await start_with(db, SHIPPED.everything(), later_s=9) == Brought()
    async with db.reading() as session:
        stored = await questions_in_use(session)
    again = Bank.of((found.topic, found.question) for found in stored)
    assert {t: set(again.items(t)) for t in again.topics} == {t: set(SHIPPED.items(t)) for t in SHIPPED.topics}
    assert [question.level for question in again.items("python")] == [q.level for q in SHIPPED.items("python")]
    assert {(found.version, found.source, found.created_at) for found in stored} == {(1, "file", NOW)}


async def test_a_changed_file_makes_a_version_and_the_one_that_was_asked_can_still_be_read(db: Database) -> None:
    await start(db, a_question("one", text="What was?"), a_question("two"))
    assert await start(db, a_question("one", text="What is?"), a_question("two"), later_s=60) == Brought(added=1)
    newest = await now(db)
    assert (newest.version, newest.question.text, newest.active) == (2, "What is?", True)
    first = await now(db, version=1)
    assert (first.question.text, first.active, first.created_at) == ("What was?", False, NOW)
    assert await used(db) == ["one", "two"]


async def test_a_file_that_goes_back_to_what_it_was_makes_a_third_version(db: Database) -> None:
    await start(db, a_question("one", text="What was?"))
    await start(db, a_question("one", text="What is?"))
    await start(db, a_question("one", text="What was?"))
    assert ((await now(db)).version, (await now(db)).question.text) == (3, "What was?")


async def test_a_question_that_moves_to_another_topic_is_a_new_version(db: Database) -> None:
    await start(db, a_question("one"))
    await start(db, a_question("one"), topic="css")
    assert (await used(db, "web"), await used(db, "css")) == ([], ["one"])


async def test_a_question_that_has_gone_from_the_files_is_kept_out_of_use_and_may_come_back(db: Database) -> None:
    await start(db, a_question("one"), a_question("two"))
    assert await start(db, a_question("two"), later_s=60) == Brought(retired=1)
    gone = await now(db)
    assert (gone.active, gone.retired_by, gone.retired_at) == (False, "file", NOW + timedelta(seconds=60))
    assert await used(db) == ["two"]
    assert await start(db, a_question("two")) == Brought()
    assert await start(db, a_question("one"), a_question("two")) == Brought(restored=1)
    assert ((await now(db)).version, (await now(db)).active, (await now(db)).retired_by) == (1, True, None)


async def test_what_was_changed_on_a_page_stays_until_its_file_changes(db: Database) -> None:
    await start(db, a_question("one", text="File?"))
    changed = await change(db, text="Page?")
    assert (changed.version, changed.source, changed.question.text) == (2, "page", "Page?")
    assert await start(db, a_question("one", text="File?")) == Brought()
    assert (await now(db)).question.text == "Page?"
    assert await start(db, a_question("one", text="New file?")) == Brought(added=1)
    assert ((await now(db)).version, (await now(db)).question.text) == (3, "New file?")


async def test_what_a_person_took_out_of_use_stays_out_whatever_the_file_does(db: Database) -> None:
    await start(db, a_question("one"))
    await retire(db)
    assert await start(db, a_question("one")) == Brought()
    assert await start(db, a_question("one", text="Corrected?")) == Brought(added=1)
    out = await now(db)
    assert (out.version, out.active, out.retired_by, out.question.text) == (2, False, "page", "Corrected?")
    async with db.transaction() as session:
        await restore_question(session, "one")
    assert await used(db) == ["one"]


async def test_what_a_person_put_back_after_its_file_went_stays_in_use(db: Database) -> None:
    await start(db, a_question("one"))
    await start(db)
    assert (await change(db, text="Kept?")).active
    assert await start(db) == Brought()
    assert await used(db) == ["one"]


async def test_a_question_that_came_by_rest_is_none_of_the_files_business(db: Database) -> None:
    async with db.transaction() as session:
        await create_question(session, "sql", a_question("mine"), source="rest", now=NOW)
    assert await start(db, a_question("one")) == Brought(added=1)
    assert (await used(db, "sql"), (await now(db, "mine")).source) == (["mine"], "rest")


async def test_an_id_is_taken_by_a_question_out_of_use_too(db: Database) -> None:
    await start(db, a_question("one"))
    await retire(db)
    with pytest.raises(QuestionExistsError):
        async with db.transaction() as session:
            await create_question(session, "sql", a_question("one"), source="rest", now=NOW)
    assert (await now(db)).topic == "web"


async def test_a_change_of_what_somebody_else_has_changed_is_refused(db: Database) -> None:
    await start(db, a_question("one"))
    await change(db, text="First?")
    with pytest.raises(ChangedMeanwhileError) as refused:
        await change(db, text="Second?")
    assert refused.value.newest == 2
    assert (await now(db)).question.text == "First?"


async def test_of_many_changes_at_once_one_is_made(db: Database) -> None:
    await start(db, a_question("one"))
    done = await asyncio.gather(*(change(db, text=f"Number {number}?") for number in range(12)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["ChangedMeanwhileError"] * 11 + ["StoredQuestion"]
    async with db.reading() as session:
        assert [(found.version, found.active) for found in await versions_of(session, "one")] == [(2, True), (1, False)]


async def test_servers_that_start_together_bring_the_files_once(db: Database) -> None:
    started = await asyncio.gather(*(start_with(db, SHIPPED.everything()) for _ in range(3)))
    assert sum(brought.added for brought in started) == 60


async def test_the_same_again_makes_no_version(db: Database) -> None:
    await start(db, a_question("one"))
    assert (await change(db)).version == 1
    await retire(db)
    assert (await change(db)).version == 2, "but it puts the question into use"
    assert await used(db) == ["one"]


async def test_what_there_is_not_is_told(db: Database) -> None:
    for missing in (now(db), change(db), retire(db), now(db, version=7)):
        with pytest.raises(NoSuchQuestionError):
            await missing
    async with db.reading() as session:
        assert not await versions_of(session, "one")


async def test_the_list_turns_pages_through_every_question_once(db: Database) -> None:
    await start_with(db, SHIPPED.everything())
    await change(db, SHIPPED.items("python")[0].id, level="advanced")
    seen: list[tuple[str, str]] = []
    cursor = None
    async with db.reading() as session:
        for _ in range(9):
            page = await list_questions(session, QuestionFilters(), cursor, limit=7)
            seen += [(found.topic, found.question.id) for found in page.items]
            cursor = page.next_cursor
        assert cursor is None
        assert seen == sorted(seen)
        assert len(seen) == len(set(seen)) == 60
        exactly = await list_questions(session, QuestionFilters(topic="javascript"), limit=20)
        assert (len(exactly.items), exactly.next_cursor) == (20, None)


async def test_the_list_is_filtered_by_topic_level_and_use(db: Database) -> None:
    await start_with(db, SHIPPED.everything())
    await retire(db, "py-gil")
    async with db.reading() as session:
        hard = await list_questions(session, QuestionFilters("python", Level.ADVANCED))
        out = await list_questions(session, QuestionFilters(active=False))
        assert len(hard.items) == 6
        assert [found.question.id for found in out.items] == ["py-gil"]
        assert await topic_counts(session) == {"general": 20, "javascript": 20, "python": 19}
        of_topic = await topic_questions(session, "python")
        assert [found.question.level for found in of_topic] == [
            *(["basic"] * 8),
            *(["moderate"] * 6),
            *(["advanced"] * 6),
        ]


@pytest.mark.parametrize("cursor", ["x", "é", "AAAA", "%%%", "cHl0aG9u"])
async def test_a_foreign_cursor_is_refused(db: Database, cursor: str) -> None:
    async with db.reading() as session:
        with pytest.raises(CursorError):
            await list_questions(session, QuestionFilters(), cursor)
