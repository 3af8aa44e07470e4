"""Who answers a call that the house places, over real sockets: a person, a machine, somebody who wants none of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.cli.replaying import replay_files
from app.clock import SystemClock
from app.store.do_not_call import get_forbidden
from tests.carriers.twilio_calls import Behaviour
from tests.end_to_end.answered import picked_up
from tests.end_to_end.placed import TO, placed

PICKED_UP = Behaviour(ends=None)
MAILBOX = "hi this is ada please leave a message after the tone"


async def replayed(folder: Path) -> None:
    """Every call decides again as it did."""
    timelines = sorted((folder / "data" / "timelines").glob("*.jsonl"))
    assert timelines
    for timeline in timelines:
        assert replay_files(timeline, None).differences == []


async def test_a_machine_gets_the_message_after_its_beep_and_the_call_is_done(tmp_path: Path) -> None:
    async with placed(tmp_path, PICKED_UP) as house:
        id_ = await house.schedule(voicemail="leave_message", variables={"candidate_name": "Ada", "topic": "<b>Python"})
        async with picked_up(house) as machine:
            await machine.verdict("machine_end_beep")
            await machine.is_spoken_to()
            await machine.is_hung_up_on()
            row = await house.until(id_, "completed", "failed", "waiting")
            assert (row.status, row.reason) == ("completed", "message-left")
            attempt = await machine.attempt()
            assert (attempt.answered_by, attempt.verdict_by, attempt.message_left) == (
                "machine_end_beep",
                "carrier",
                True,
            )
            assert (await machine.call()).end_reason == "message-left"
            ((who, said),) = await machine.lines()
            assert who == "agent"
            assert said.startswith("Hello, Ada. This is Parley, an automated assistant")
            assert "about b Python. Please ring back" in said
    await replayed(tmp_path)


async def test_a_machine_that_is_found_out_by_its_words_is_hung_up_on_and_rung_again(tmp_path: Path) -> None:
    async with placed(tmp_path, PICKED_UP, MOCK_TRANSCRIPTS=MAILBOX) as house:
        id_ = await house.schedule()
        async with picked_up(house) as machine:
            await machine.says(3.0)
            await machine.is_hung_up_on()
            row = await house.until(id_, "completed", "failed", "waiting")
            assert (row.status, row.reason) == ("waiting", "voicemail")
            attempt = await machine.attempt()
            assert (attempt.answered_by, attempt.verdict_by) == ("machine_words", "words")
            assert machine.media == 0, "nothing was said to it"
            assert await machine.lines() == [("caller", MAILBOX)]
    await replayed(tmp_path)


async def test_a_person_is_greeted_and_stays_one_whatever_the_carrier_holds(tmp_path: Path) -> None:
    async with placed(tmp_path, PICKED_UP, MOCK_TRANSCRIPTS="hello|what can you do|goodbye") as house:
        id_ = await house.schedule(voicemail="leave_message")
        async with picked_up(house) as person:
            await person.says(0.7)
            await person.is_spoken_to()
            await person.verdict("machine_end_beep")
            for seed in (2, 3):
                await person.has_heard_all()
                await person.says(1.0, seed=seed)
            await person.is_hung_up_on()
            row = await house.until(id_, "completed", "failed", "waiting")
            assert (row.status, row.reason) == ("completed", "answered")
            assert ((await person.attempt()).answered_by, (await person.attempt()).verdict_by) == ("human", "words")
            lines = await person.lines()
            assert lines[0] == ("caller", "hello")
            assert lines[1][1].startswith("Hello, you have reached Parley")
    await replayed(tmp_path)


@pytest.mark.parametrize("first", [True, False])
async def test_who_wants_no_more_calls_is_never_rung_again(tmp_path: Path, first: bool) -> None:
    wish = "please don't call me again"
    said = wish if first else f"hello|{wish}"
    async with placed(tmp_path, PICKED_UP, MOCK_TRANSCRIPTS=said) as house:
        id_ = await house.schedule()
        later = SystemClock().utc() + timedelta(days=1)
        waiting = await house.schedule(scheduled_at=later, first_attempt_at=later)
        async with picked_up(house) as person:
            await person.says(1.0)
            if not first:
                await person.has_heard_all()
                await person.says(1.0, seed=2)
            await person.is_hung_up_on()
            assert (await person.call()).end_reason == "do-not-call"
            who, line = (await person.lines())[-1]
            assert (who, line) == ("agent", "All right. I will not ring this number again. Goodbye.")
            failed = await house.until(waiting, "failed")
            assert failed.reason == "do-not-call"
            async with house.lodging.house.db.reading() as session:
                kept = await get_forbidden(session, TO)
            assert kept is not None
            assert (kept.source, kept.note, kept.call_id) == ("callee", wish, person.id)
            await house.until(id_, "completed")
    await replayed(tmp_path)
