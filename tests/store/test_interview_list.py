"""The list of interviews: newest first, filtered, with the points that count now."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.dialogue.interviewing.life import Phase
from app.store.engine import Database
from app.store.interview_list import (
    InterviewFilters,
    interview_in,
    list_interviews,
    listed_interview,
    topics_had,
)
from app.store.interviews import Candidate
from app.store.listing import CursorError
from app.store.scores import overrule
from tests.dialogue.scoring.told import POINTS, Talk
from tests.store.samples import NOON
from tests.store.talks import a_told_talk, by_text


async def a_written_one(db: Database, minute: int, name: str = "Bob", **given: object) -> UUID:
    """An interview in writing whose first question is open."""
    async with db.transaction() as session:
        talk = Talk(str(uuid4())).agrees()
        candidate = Candidate("cand-7", name, "100%_sure")
        made = await by_text(session, talk, NOON + timedelta(minutes=minute), candidate=candidate, **given)
    return made.id


async def found(db: Database, **given: object) -> list[UUID]:
    async with db.reading() as session:
        return [it.id for it in (await list_interviews(session, InterviewFilters(**given))).items]  # type: ignore[arg-type]


async def test_a_row_tells_who_and_how_far_and_what_counts(db: Database) -> None:
    async with db.transaction() as session:
        told = await a_told_talk(session)
        for points in (9, 4):
            await overrule(session, told.interview.id, 2, points=points, reason="because", by="", now=NOON)
    async with db.reading() as session:
        (row,) = (await list_interviews(session, InterviewFilters())).items
        assert await listed_interview(session, told.interview.id) == row
        assert await listed_interview(session, uuid4()) is None
        assert await interview_in(session, told.call.conversation_id) == told.interview.id
        assert await interview_in(session, uuid4()) is None
        assert await topics_had(session) == ["python"]
    assert (row.points, row.talk_points, row.most) == (sum(POINTS) + 3, sum(POINTS), 90)
    assert (row.candidate_name, row.standing, row.asked, row.questions) == ("Ada Lovelace", "complete", 10, 10)
    assert row.phase is Phase.OVER


async def test_every_filter_lets_through_what_it_names(db: Database) -> None:
    async with db.transaction() as session:
        spoken = (await a_told_talk(session)).interview.id
    written = await a_written_one(db, 5)
    other = await a_written_one(db, 9, "Ünal", persona="coach", topic="javascript")
    assert await found(db) == [other, written, spoken]
    assert await found(db, persona="coach") == [other]
    assert await found(db, channel="phone") == [spoken]
    assert await found(db, phase=Phase.ASKING) == [other, written]
    assert await found(db, standing="open") == [other, written]
    assert await found(db, standing="complete") == [spoken]
    assert await found(db, standing="refused") == []
    assert await found(db, topic="javascript") == [other]
    assert await found(db, since=NOON + timedelta(minutes=5)) == [other, written]
    assert await found(db, until=NOON + timedelta(minutes=5)) == [spoken]
    assert await found(db, candidate="lovel") == [spoken]
    assert await found(db, candidate="555") == [spoken]
    assert await found(db, candidate="100%_") == [other, written]
    assert await found(db, candidate="a%e") == []
    assert await found(db, candidate="  ") == [other, written, spoken]
    assert await found(db, persona="nobody\x00") == []


async def test_pages_hold_each_interview_once(db: Database) -> None:
    made = [await a_written_one(db, minute // 2) for minute in range(7)]
    seen: list[UUID] = []
    cursor = None
    async with db.reading() as session:
        for _ in range(9):
            page = await list_interviews(session, InterviewFilters(), cursor, 2)
            seen += [row.id for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(seen) == sorted(made)
        with pytest.raises(CursorError):
            await list_interviews(session, InterviewFilters(), "rubbish")
