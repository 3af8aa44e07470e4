"""`interview.scored`: told once, when the interview is over, with what it came to and nothing of what was said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.dialogue.interviewing.life import Phase
from app.runtime.webhook_sending import body_of
from app.store.calls import admit
from app.store.delivering import EventFilters, list_events
from app.store.engine import Database
from app.store.interviews import Candidate, create_interview, lead_on
from app.store.outbound_tables import OutboxRow
from app.store.scheduling import cancel_call
from tests.runtime.interviewed import ANSWERS, Sitting, fill_bank, interviewer, stored, text_interviews
from tests.store.outbound_samples import dialled, scheduled, sid_of, told
from tests.store.samples import NOON, at

URL = "https://ats.example/parley"


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    """A house that has an address to tell everything to."""
    database = Database(url, webhook_url=URL)
    await fill_bank(database)
    yield database
    await database.close()


async def events(db: Database, about: UUID) -> list[OutboxRow]:
    """In their order."""
    async with db.reading() as session:
        page = await list_events(session, EventFilters(about=about))
    return sorted(page.items, key=lambda row: row.seq)


async def a_talk(db: Database) -> Sitting:
    """A whole interview by text."""
    sitting = await (
        await Sitting.begun(text_interviews(db, {"interviewer": interviewer()}), "Ada", candidate_id="c-7")
    ).agrees()
    while not sitting.over:
        assert await events(db, sitting.id) == [], "it is not over yet"
        await sitting.says(ANSWERS[sitting.question])
    return sitting


async def test_the_end_of_an_interview_by_text_is_told_to_the_house(db: Database) -> None:
    sitting = await a_talk(db)
    (row,) = await events(db, sitting.id)
    body = body_of(row)
    assert (body["type"], body["interview_id"], body["call_id"]) == ("interview.scored", str(sitting.id), None)
    assert (body["outcome"], body["reason"]) == ("scored", "complete")
    assert (body["data"]["points"], body["data"]["most"], body["data"]["candidate_id"]) == (90, 90, "c-7")
    assert not any(answer in str(body) for answer in ANSWERS.values())


async def test_who_does_not_agree_is_not_scored(db: Database) -> None:
    sitting = await Sitting.begun(text_interviews(db, {"interviewer": interviewer()}))
    await sitting.happens("start")
    await sitting.says("no, I do not agree")
    (row,) = await events(db, sitting.id)
    assert (row.payload["status"], row.payload["reason"]) == ("not-scored", "refused")


async def test_an_interview_that_we_rang_for_is_told_among_its_calls_events(db: Database) -> None:
    over = (await stored(db, (await a_talk(db)).id)).session
    call = await scheduled(db, webhook_url="https://own.example/", variables={"req": "42"})
    one = await dialled(db)
    await told(db, one, "ringing", "in-progress")
    async with db.transaction() as session:
        row = await admit(
            session,
            call_id=one.attempt_id,
            call_sid=sid_of(one.attempt_id),
            direction="outbound",
            from_number="+14155550199",
            to_number=one.to_number,
            persona="interviewer",
            machine="m1",
            now=at(20),
        )
        fresh = replace(over, conversation=str(row.conversation_id))
        interview = uuid4()
        await create_interview(
            session,
            id_=interview,
            persona="interviewer",
            channel="phone",
            candidate=Candidate(one.to_number),
            topic="python",
            interview=replace(fresh, phase=Phase.ASKING, over=""),
            now=at(21),
        )
    for _ in range(2):  # the writer may write the same twice
        async with db.transaction() as session:
            await lead_on(session, fresh, now=at(25))
    await told(db, one, "completed", answered_by="human")
    rows = await events(db, call)
    assert [row.event for row in rows] == ["call.scheduled", "call.started", "interview.scored", "call.completed"]
    body = body_of(rows[2])
    assert (body["call_id"], body["interview_id"], rows[2].url) == (str(call), str(interview), "https://own.example/")
    assert body["data"]["variables"] == {"req": "42"}
    assert "+1415" not in str(body), "whoever arranged the call knows the number"


async def test_what_is_undone_is_not_told(db: Database) -> None:
    call = await scheduled(db, webhook_url=URL)

    async def cancels_and_dies() -> None:
        async with db.transaction() as session:
            await cancel_call(session, call, NOON)
            raise RuntimeError("the machine dies")

    with pytest.raises(RuntimeError, match="the machine dies"):
        await cancels_and_dies()
    assert [row.event for row in await events(db, call)] == ["call.scheduled"]
