"""Attempts as their carriers tell of them: in order, in none, twice, too late, or never."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace

import pytest

from app.dialling.outcome import Disposition
from app.store.attempts import (
    Told,
    apply_status,
    apply_verdict,
    attempt_of_sid,
    begin_dialling,
    note_end,
    note_message_left,
    record_refusal,
    record_sid,
)
from app.store.campaigns import get_campaign, resume_campaign
from app.store.claiming import Claimed, claim
from app.store.engine import Database
from app.store.outbox import events_about
from app.store.scheduling import cancel_call
from app.store.settling import settle_due
from tests.store.outbound_samples import POLICY, attempts, call_of, claimed, dialled, scheduled, sid_of, told
from tests.store.samples import at

TOLD = ["call.scheduled", "call.started", "call.completed"]
ONCE_THEN_OVER = ("queued", "ringing", "in-progress", "completed")


async def test_a_person_answers_and_the_call_is_done(db: Database) -> None:
    id_ = await scheduled(db, webhook_url="https://ats.example/hook")
    one = await dialled(db)
    await told(db, one, "initiated", "ringing", "in-progress", answered_by="human")
    await told(db, one, "completed", duration_s=63)
    row, (attempt,) = await call_of(db, id_), await attempts(db, id_)
    assert (row.status, row.reason, row.attempts, row.finished_at) == ("completed", "answered", 1, at(30))
    assert (attempt.disposition, attempt.duration_s, attempt.carrier_sid) == ("person", 63, sid_of(one.attempt_id))
    async with db.reading() as session:
        assert [event.event for event in await events_about(session, id_)] == TOLD


@pytest.mark.parametrize("order", list(itertools.permutations(ONCE_THEN_OVER))[::5])
async def test_in_any_order_and_twice_it_ends_the_same(db: Database, order: tuple[str, ...]) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, *order, *order, answered_by="human")
    row = await call_of(db, id_)
    assert (row.status, row.attempts, len(await attempts(db, id_))) == ("completed", 1, 1)


async def test_told_by_many_at_once_it_is_settled_once(db: Database) -> None:
    id_ = await scheduled(db, webhook_url="https://ats.example/hook")
    one = await dialled(db)
    await asyncio.gather(*(told(db, one, "busy") for _ in range(8)))
    row = await call_of(db, id_)
    assert (row.status, row.reason, row.attempts, row.next_attempt_at) == ("waiting", "busy", 1, at(90))


async def test_busy_then_nobody_then_a_person(db: Database) -> None:
    id_ = await scheduled(db)
    await told(db, await dialled(db), "busy", when=at(10))
    assert await claimed(db, at(69)) == []
    await told(db, await dialled(db, at(70)), "no-answer", when=at(100))
    assert (await call_of(db, id_)).next_attempt_at == at(700)
    await told(db, await dialled(db, at(700)), "completed", when=at(760), answered_by="human")
    assert [one.disposition for one in await attempts(db, id_)] == ["busy", "no-answer", "person"]
    assert (await call_of(db, id_)).status == "completed"


async def test_whoever_picked_up_and_found_our_lines_full_was_not_reached(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress", when=at(10))
    async with db.transaction() as session:
        await note_end(session, one.attempt_id, Disposition.LINES_FULL)
    await told(db, one, "completed", when=at(20), duration_s=9)
    row, (attempt,) = await call_of(db, id_), await attempts(db, id_)
    assert (row.status, row.reason, row.attempts) == ("waiting", "lines-full", 1)
    assert row.next_attempt_at == at(50), "the delay of `failed`"
    assert (attempt.status, attempt.disposition) == ("completed", "lines-full")


async def test_lines_that_were_full_after_a_talk_was_settled_change_nothing(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "completed", answered_by="human")
    async with db.transaction() as session:
        await note_end(session, one.attempt_id, Disposition.LINES_FULL)
    assert (await call_of(db, id_)).reason == "answered"
    assert [it.disposition for it in await attempts(db, id_)] == ["person"]


async def test_after_as_many_attempts_as_were_allowed_it_has_failed(db: Database) -> None:
    id_ = await scheduled(db)
    for when in (0, 1000, 2000):
        await told(db, await dialled(db, at(when)), "no-answer", when=at(when + 30))
    row = await call_of(db, id_)
    assert (row.status, row.reason, row.next_attempt_at) == ("failed", "no-answer-every-time", None)
    assert await claimed(db, at(99_999)) == []


async def test_a_machine_is_tried_again_unless_it_got_the_message(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress", answered_by="machine_start")
    await told(db, one, "completed")
    assert ((await call_of(db, id_)).reason, (await attempts(db, id_))[0].disposition) == ("voicemail", "machine")
    one = await dialled(db, at(2000))
    await told(db, one, "in-progress", answered_by="machine_end_beep", when=at(2001))
    async with db.transaction() as session:
        await note_message_left(session, one.attempt_id)
    await told(db, one, "completed", when=at(2020))
    assert ((await call_of(db, id_)).status, (await call_of(db, id_)).reason) == ("completed", "message-left")


async def test_a_verdict_that_comes_after_the_end_is_waited_for_a_little(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress", "completed")
    assert (await call_of(db, id_)).status == "calling"
    async with db.transaction() as session:
        assert await apply_verdict(session, one.attempt_id, "machine_start", "carrier", POLICY, at(31))
    assert ((await call_of(db, id_)).status, (await call_of(db, id_)).reason) == ("waiting", "voicemail")


async def test_without_a_verdict_who_answered_was_a_person(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress", "completed")
    async with db.transaction() as session:
        assert await settle_due(session, POLICY, at(39)) == []
    async with db.transaction() as session:
        assert await settle_due(session, POLICY, at(40)) == [one.attempt_id]
    assert (await call_of(db, id_)).reason == "answered"


async def test_a_person_who_spoke_is_no_machine_whatever_the_carrier_says_afterwards(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress")
    async with db.transaction() as session:
        assert await apply_verdict(session, one.attempt_id, "human", "words", POLICY, at(31))
        assert not await apply_verdict(session, one.attempt_id, "machine_start", "carrier", POLICY, at(32))
    await told(db, one, "completed", when=at(60))
    assert (await call_of(db, id_)).reason == "answered"


async def test_words_put_a_wrong_verdict_right(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress", answered_by="machine_start")
    async with db.transaction() as session:
        assert await apply_verdict(session, one.attempt_id, "human", "words", POLICY, at(31))
    await told(db, one, "completed", when=at(60))
    assert (await call_of(db, id_)).reason == "answered"


async def test_a_message_about_another_call_changes_nothing(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "ringing")
    async with db.transaction() as session:
        assert await apply_status(session, one.attempt_id, "CAother", Told("completed", at(5)), POLICY, at(5)) is None
        assert await attempt_of_sid(session, "CAother") is None
    assert (await attempts(db, id_))[0].status == "ringing"


@pytest.mark.parametrize("told_of", ["planned", "abandoned", "exploded", ""])
async def test_words_that_no_carrier_uses_change_nothing(db: Database, told_of: str) -> None:
    id_ = await scheduled(db)
    await told(db, await dialled(db), told_of)
    assert (await attempts(db, id_))[0].status == "dialling"


async def test_only_the_machine_that_claimed_it_dials_and_only_once(db: Database) -> None:
    await scheduled(db)
    (one,) = await claimed(db)
    async with db.transaction() as session:
        assert not await begin_dialling(session, one.attempt_id, "m2", POLICY, at(1))
        assert await begin_dialling(session, one.attempt_id, "m1", POLICY, at(1))
        assert not await begin_dialling(session, one.attempt_id, "m1", POLICY, at(2))


async def test_a_machine_whose_lease_is_over_may_not_dial_any_more(db: Database) -> None:
    await scheduled(db)
    (one,) = await claimed(db)
    async with db.transaction() as session:
        assert not await begin_dialling(session, one.attempt_id, "m1", POLICY, at(POLICY.lease_s))


async def test_a_permanent_refusal_is_final_and_keeps_the_carriers_words(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        refused = Disposition.REFUSED
        await record_refusal(session, one.attempt_id, refused, POLICY, at(1), code=21211, words="Invalid 'To'")
    row, (attempt,) = await call_of(db, id_), await attempts(db, id_)
    assert (row.status, row.reason, row.attempts) == ("failed", "refused-by-carrier", 1)
    assert (attempt.status, attempt.error_code, attempt.error) == ("refused", 21211, "Invalid 'To'")


async def test_a_throttled_attempt_costs_nothing(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        await record_refusal(session, one.attempt_id, Disposition.THROTTLED, POLICY, at(1), code=20429)
    row = await call_of(db, id_)
    assert (row.status, row.reason, row.attempts, row.next_attempt_at) == ("waiting", "carrier-busy", 0, at(6))


async def test_what_the_carrier_has_taken_is_refused_no_more(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        assert await record_sid(session, one.attempt_id, "CA1", POLICY, at(1))
        assert await record_sid(session, one.attempt_id, "CA1", POLICY, at(2)), "the same again is the same"
        assert not await record_sid(session, one.attempt_id, "CA2", POLICY, at(2)), "to be hung up"
        assert await record_refusal(session, one.attempt_id, Disposition.FAILED, POLICY, at(3)) is None
    assert (await call_of(db, id_)).status == "calling"


async def test_a_call_cancelled_while_it_rings_is_not_tried_again(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "ringing")
    async with db.transaction() as session:
        assert (await cancel_call(session, id_, at(5))).status == "calling"
    await told(db, one, "canceled")
    assert ((await call_of(db, id_)).status, (await call_of(db, id_)).reason) == ("cancelled", "cancelled")


async def test_a_call_cancelled_between_claim_and_dialling_is_not_dialled(db: Database) -> None:
    id_ = await scheduled(db)
    (one,) = await claimed(db)
    async with db.transaction() as session:
        await cancel_call(session, id_, at(1))
    async with db.transaction() as session:
        assert not await begin_dialling(session, one.attempt_id, "m1", POLICY, at(2))
        await record_refusal(session, one.attempt_id, Disposition.ABANDONED, POLICY, at(2))
    assert (await call_of(db, id_)).status == "cancelled"


async def test_a_campaign_most_of_whose_calls_fail_stops_and_others_go_on(db: Database) -> None:
    policy = replace(POLICY, verdict_s=None)
    for number in range(12):
        await scheduled(db, to_number=f"+1415555{number:04d}", campaign="spring")
    for second in range(10):
        one = await dialled_one(db, second)
        async with db.transaction() as session:
            await record_refusal(session, one.attempt_id, Disposition.REFUSED, policy, at(second), code=21214)
    async with db.reading() as session:
        stopped = await get_campaign(session, "spring")
    assert stopped is not None
    assert (stopped.stopped_at, stopped.reason) == (at(9), "most-calls-fail")
    other = await scheduled(db, campaign="summer")
    assert [one.scheduled_call_id for one in await claimed(db, at(20))] == [other]
    async with db.transaction() as session:
        await resume_campaign(session, "spring", at(30))
    one = await dialled_one(db, 31)
    async with db.transaction() as session:
        await record_refusal(session, one.attempt_id, Disposition.REFUSED, policy, at(32))
        again = await get_campaign(session, "spring")
    assert again is not None
    assert again.stopped_at is None, "what was before it was set going is forgiven"


async def dialled_one(db: Database, second: float) -> Claimed:
    async with db.transaction() as session:
        (one,) = await claim(session, "m1", POLICY, at(second), most=1)
        assert await begin_dialling(session, one.attempt_id, "m1", POLICY, at(second))
    return one


async def test_a_carrier_that_refuses_us_stops_the_campaign_at_the_first_call(db: Database) -> None:
    refused, spared = await scheduled(db), await scheduled(db, to_number="+14155550124", first_attempt_at=at(1))
    one = await dialled(db)
    async with db.transaction() as session:
        await record_refusal(
            session, one.attempt_id, Disposition.REFUSED, POLICY, at(1), code=20003, words="Authenticate", account=True
        )
        campaign = await get_campaign(session, "")
    assert campaign is not None
    assert campaign.reason == "account-refused"
    assert await claimed(db, at(5)) == []
    assert ((await call_of(db, refused)).status, (await call_of(db, spared)).status) == ("failed", "waiting")
