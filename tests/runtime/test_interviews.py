"""Which interview a call leads, told with a database: fresh ones, and those that broke off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.dialogue import flows
from app.dialogue.flow import Beginning
from app.dialogue.interviewing.happening import BrokenOff, Resumed, Start, turn
from app.dialogue.interviewing.leading import engine_of
from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.session import Session
from app.runtime.interviews import beginning_of, broken_off, candidate_key
from app.store import calls, interviews
from app.store.engine import Database
from app.store.migrate import upgrade
from app.store.question_files import sync_questions
from app.store.questions import retire_question
from app.store.tables import CallRow
from tests.dialogue.desk import BANK, PERSONAS
from tests.store.outbound_samples import dialled, scheduled

NOW = datetime(2024, 5, 1, tzinfo=UTC)

ALEX, ASSISTANT = PERSONAS["interviewer"], PERSONAS["assistant"]
FLOW = flows.find("interview")(ALEX, BANK)
ENGINE = engine_of(ALEX)
ANN = "+15550100001"


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'parley.db'}"
    upgrade(url)
    database = Database(url)
    async with database.transaction() as session:
        await sync_questions(session, BANK.everything(), NOW)
    yield database
    await database.close()


async def rings(db: Database, number: str = ANN, minutes: float = 0, conversation: UUID | None = None) -> CallRow:
    """A call that has just been answered."""
    async with db.transaction() as session:
        return await calls.admit(
            session, call_id=uuid4(), call_sid=uuid4().hex, direction="inbound", from_number=number,
            to_number="+15550100000", persona=ALEX.id, machine="m", now=NOW + timedelta(minutes=minutes),
            conversation_id=conversation,
        )  # fmt: skip


async def begins(db: Database, call: CallRow) -> Session:
    async with db.transaction() as session:
        beginning = await beginning_of(session, call, ALEX, FLOW, NOW)
    assert beginning.kept is not None
    return beginning.kept


async def ends(db: Database, call: CallRow, kept: Session, minutes: float = 0) -> None:
    """The interview stands as `kept`, and its call is over."""
    now = NOW + timedelta(minutes=minutes)
    async with db.transaction() as session:
        await interviews.lead_on(session, kept, now=now)
        await calls.finish(session, call.id, status="completed", end_reason="x", ended_at=now, duration_s=1.0)


async def found(db: Database, key: str = ANN, minutes: float = 1, who: object = ALEX) -> UUID | None:
    async with db.transaction() as session:
        taken = await broken_off(session, who, key, NOW + timedelta(minutes=minutes), locked=True)  # type: ignore[arg-type]
    return taken.conversation if taken is not None and not taken.busy else None


def asked(kept: Session) -> Session:
    """Agreed, and the first question put."""
    return ENGINE.handle(ENGINE.handle(kept, Start()).session, turn("yes")).session


def dropped(kept: Session) -> Session:
    return ENGINE.handle(asked(kept), BrokenOff()).session


async def test_an_interview_is_stored_when_it_begins_and_the_same_call_finds_it_again(db: Database) -> None:
    call = await rings(db)
    first, again = await begins(db, call), await begins(db, call)
    assert first == again
    assert first.conversation == str(call.conversation_id)
    assert len(first.records) == 10
    async with db.reading() as session:
        stored = await interviews.interview_of(session, call.conversation_id)
    assert stored is not None
    assert (stored.candidate.key, stored.channel, stored.session) == (ANN, "phone", first)


async def test_one_that_broke_off_is_taken_up_by_the_same_number_and_persona_in_time(db: Database) -> None:
    call = await rings(db)
    kept = dropped(await begins(db, call))
    await ends(db, call, kept)
    assert ALEX.interview
    window = ALEX.interview.resume_within_min
    assert await found(db) == call.conversation_id
    assert await found(db, minutes=window - 1) == call.conversation_id
    assert await found(db, minutes=window + 1) is None
    assert await found(db, key="+15550100002") is None
    assert await found(db, who=ASSISTANT) is None
    assert await found(db, who=PERSONAS["python-interviewer"]) is None
    again = await rings(db, conversation=call.conversation_id)
    assert await begins(db, again) == kept


async def test_one_that_is_over_or_has_another_call_on_it_is_not(db: Database) -> None:
    call = await rings(db)
    kept = dropped(await begins(db, call))
    await ends(db, call, kept)
    busy = await rings(db, conversation=call.conversation_id)
    assert await found(db) is None
    stopping = ENGINE.handle(ENGINE.handle(kept, Resumed()).session, turn("stop")).session
    over = ENGINE.handle(stopping, turn("yes"))
    await ends(db, busy, over.session)
    assert await found(db) is None


async def test_withheld_numbers_match_nobody(db: Database) -> None:
    for number in ("anonymous", "+266696687", "", "sip:ann@example.org"):
        call = await rings(db, number)
        await ends(db, call, dropped(await begins(db, call)))
        key = candidate_key("inbound", number, "+15550100000")
        assert (key, await found(db, key)) == ("", None)


def test_of_a_call_that_we_place_the_other_side_is_the_candidate() -> None:
    assert candidate_key("outbound", "+15550100000", ANN) == ANN


async def test_a_returning_candidate_gets_other_questions(db: Database) -> None:
    first = await rings(db)
    kept = await begins(db, first)
    engine, now = ENGINE, asked(kept)
    for _ in range(4):
        step = engine.handle(now, turn("skip"))
        now = step.session
    await ends(db, first, now)
    had = {record.question.id for record in now.records[:5]}
    other = {record.question.id for record in (await begins(db, await rings(db))).records}
    assert not had & other


async def test_what_was_begun_beside_another_interview_asks_nothing_of_it_again(db: Database) -> None:
    first = await rings(db)
    kept = dropped(await begins(db, first))
    beside = await rings(db)
    hung_up = ENGINE.handle(ENGINE.handle(await begins(db, beside), Start()).session, BrokenOff()).session
    await ends(db, first, kept, minutes=1)
    await ends(db, beside, hung_up, minutes=2)
    assert await found(db, minutes=3) == first.conversation_id, "the one that holds answers"
    again = ENGINE.handle(kept, Resumed()).session
    while again.phase is Phase.ASKING:
        again = ENGINE.handle(again, turn("I do not know")).session
    await ends(db, await rings(db, conversation=first.conversation_id), again, minutes=4)
    assert await found(db, minutes=5) is None, "its questions were chosen before the other's were asked"


async def test_where_too_few_questions_are_in_use_those_of_the_files_are_asked(db: Database) -> None:
    async with db.transaction() as session:
        for question in BANK.items("general")[2:]:
            await retire_question(session, question.id, source="rest", now=NOW)
    kept = await begins(db, await rings(db))
    assert kept == FLOW.kept(FLOW.start(Beginning(kept.conversation)))


async def placed(db: Database, voicemail: str = "hang_up", **variables: object) -> Beginning:
    """A call that was arranged with these variables, and has just been answered."""
    await scheduled(db, to_number=ANN, persona=ALEX.id, variables=variables, voicemail=voicemail)
    one = await dialled(db)
    async with db.transaction() as session:
        call = await calls.admit(
            session, call_id=one.attempt_id, call_sid=uuid4().hex, direction="outbound", from_number="+15550100000",
            to_number=ANN, persona=ALEX.id, machine="m", now=NOW,
        )  # fmt: skip
        return await beginning_of(session, call, ALEX, FLOW, NOW)


async def test_an_arranged_interview_is_of_whom_it_was_arranged_for(db: Database) -> None:
    began = await placed(db, "leave_message", candidate_name="Ada", role="Developer", topic="Python", company="Acme")
    assert (began.candidate_name, began.role, began.voicemail) == ("Ada", "Developer", "leave_message")
    assert began.variables == {"candidate_name": "Ada", "role": "Developer", "topic": "Python", "company": "Acme"}
    assert began.kept is not None
    async with db.reading() as session:
        stored = await interviews.interview_of(session, UUID(began.seed))
    assert stored is not None
    assert (stored.topic, stored.candidate.key) == ("python", ANN)
    assert {record.question.id for record in began.kept.records} <= {item.id for item in BANK.items("python")}


async def test_a_topic_of_which_there_are_no_questions_leaves_the_personas_own(db: Database) -> None:
    began = await placed(db, topic="falconry")
    async with db.reading() as session:
        stored = await interviews.interview_of(session, UUID(began.seed))
    assert stored is not None
    assert ALEX.interview is not None
    assert stored.topic == ALEX.interview.topic
    assert began.variables == {"topic": "falconry"}, "the lines may say it all the same"


async def test_one_who_rings_back_is_known_by_the_interview_that_broke_off(db: Database) -> None:
    began = await placed(db, candidate_name="Ada", role="Developer")
    call = await rings(db, conversation=UUID(began.seed), minutes=5)
    async with db.transaction() as session:
        again = await beginning_of(session, call, ALEX, FLOW, NOW)
    assert again.variables == {"candidate_name": "Ada", "role": "Developer"}
    assert again.voicemail == "", "who rings us is no machine"
