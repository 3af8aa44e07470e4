"""Interviews in the database: the engine's session whole, and beside it what can be listed and searched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.dialogue.interviewing.asked import as_asked
from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.happening import BrokenOff, Start, turn
from app.dialogue.interviewing.session import Session, begin
from app.personas.questions import load_questions
from app.store.engine import Database
from app.store.interview_tables import InterviewQuestionStateRow, InterviewSessionRow
from app.store.interviews import (
    Candidate,
    InterviewMovedError,
    NoSuchInterviewError,
    StoredInterview,
    change_interview,
    create_interview,
    find_interview,
    interview_of,
    open_interview,
    questions_had,
)
from app.store.tables import ConversationRow
from tests.store.samples import NOON

BANK = load_questions(Path("personas/questions"))
NUMBER = "+14155550100"
ENGINE = Engine()


def begun(conversation: UUID) -> Session:
    return begin(str(conversation), "interview", [as_asked(question) for question in BANK.items("general")])


def answering(session: Session) -> Session:
    """The first question is open."""
    asked = ENGINE.handle(ENGINE.handle(session, Start()).session, turn("yes I agree", at="2026-03-01T12:00:05Z"))
    return asked.session


async def stored(db: Database, key: str = NUMBER) -> StoredInterview:
    conversation = uuid4()
    async with db.transaction() as session:
        session.add(ConversationRow(id=conversation, persona="interviewer", created_at=NOON))
        await session.flush()
        return await create_interview(
            session,
            id_=uuid4(),
            persona="interviewer",
            channel="phone",
            candidate=Candidate(key, "Ada\x00 Lovelace"),
            topic="general",
            interview=begun(conversation),
            now=NOON,
        )


async def test_an_interview_comes_back_as_the_engine_left_it(db: Database) -> None:
    kept = await stored(db)
    moved = answering(kept.session)
    async with db.transaction() as session:
        await change_interview(session, kept.id, moved, now=NOON + timedelta(seconds=9), based_on=1)
    async with db.reading() as session:
        found = await find_interview(session, kept.id)
        row = await session.get(InterviewSessionRow, kept.id)
        same = await interview_of(session, kept.conversation_id)
    assert found.session == moved
    assert found == same
    assert (found.revision, found.candidate.name) == (2, "Ada Lovelace")
    assert row is not None
    assert (row.phase, row.consent_agreed, row.consent_words) == ("asking", True, "yes I agree")
    assert row.consent_at == "2026-03-01T12:00:05Z"
    assert (row.points, row.most, row.ended_at) == (0, 90, None)


async def test_two_who_lead_the_same_interview_on_do_not_overwrite_each_other(db: Database) -> None:
    kept = await stored(db)
    async with db.transaction() as session:
        await change_interview(session, kept.id, answering(kept.session), now=NOON, based_on=1)
    with pytest.raises(InterviewMovedError):
        async with db.transaction() as session:
            await change_interview(session, kept.id, kept.session, now=NOON, based_on=1)
    with pytest.raises(NoSuchInterviewError):
        async with db.transaction() as session:
            await change_interview(session, uuid4(), kept.session, now=NOON)


async def test_every_question_has_a_row_that_says_where_it_stands(db: Database) -> None:
    kept = await stored(db)
    async with db.transaction() as session:
        await change_interview(session, kept.id, answering(kept.session), now=NOON)
    async with db.reading() as session:
        chosen = select(InterviewQuestionStateRow).where(col(InterviewQuestionStateRow.session_id) == kept.id)
        rows = (await session.scalars(chosen.order_by(col(InterviewQuestionStateRow.place)))).all()
    assert [row.life for row in rows] == ["asked"] + ["waiting"] * 9
    assert [row.level for row in rows] == ["basic"] * 4 + ["moderate"] * 3 + ["advanced"] * 3


async def test_a_caller_takes_up_their_own_newest_interview_and_only_for_so_long(db: Database) -> None:
    first, second, other = await stored(db), await stored(db), await stored(db, "+14155550999")
    async with db.transaction() as session:
        broken = ENGINE.handle(answering(second.session), BrokenOff()).session
        await change_interview(session, second.id, broken, now=NOON + timedelta(minutes=5))

    async def found(key: str, minute: int, persona: str = "interviewer") -> UUID | None:
        since = NOON + timedelta(minutes=minute)
        async with db.reading() as session:
            there = await open_interview(session, persona=persona, candidate_key=key, since=since)
        return there.id if there else None

    assert await found(NUMBER, 0) == second.id
    assert await found(NUMBER, 6) is None
    assert await found("+14155550999", 0) == other.id
    assert await found("", 0) is None
    assert await found(NUMBER, 0, "another") is None
    assert first.id not in (second.id, other.id)


async def test_a_second_call_that_agreed_to_nothing_does_not_hide_the_interview_that_broke_off(db: Database) -> None:
    answered = await stored(db)
    async with db.transaction() as session:
        broken = ENGINE.handle(answering(answered.session), BrokenOff()).session
        await change_interview(session, answered.id, broken, now=NOON)
    late = await stored(db)
    async with db.transaction() as session:
        unanswered = ENGINE.handle(ENGINE.handle(late.session, Start()).session, BrokenOff()).session
        await change_interview(session, late.id, unanswered, now=NOON + timedelta(minutes=2))
    async with db.reading() as session:
        found = await open_interview(session, persona="interviewer", candidate_key=NUMBER, since=NOON)
    assert found is not None
    assert found.id == answered.id


async def test_what_somebody_was_asked_is_known_when_they_come_back(db: Database) -> None:
    kept, moved = await stored(db), None
    async with db.reading() as session:
        assert await questions_had(session, NUMBER) == frozenset()
    async with db.transaction() as session:
        moved = answering(kept.session)
        await change_interview(session, kept.id, moved, now=NOON)
    async with db.reading() as session:
        assert await questions_had(session, NUMBER) == {moved.records[0].question.id}
        assert await questions_had(session, "") == frozenset()
