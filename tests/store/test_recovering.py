"""Machines that die between two steps: the call is neither lost nor rung twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from app.dialling.policy import Policy
from app.store.attempts import Told, apply_status, begin_dialling, record_doubt, record_sid
from app.store.engine import Database
from app.store.recovering import LONGEST_CALL_S, give_back_undialled, give_up_asking, record_nothing_found, take_unheard
from tests.store.outbound_samples import POLICY, attempts, call_of, claimed, dialled, scheduled, sid_of
from tests.store.samples import at


async def test_a_machine_that_dies_before_dialling_loses_nothing(db: Database) -> None:
    id_ = await scheduled(db)
    (one,) = await claimed(db)
    async with db.transaction() as session:
        assert await give_back_undialled(session, POLICY, at(POLICY.lease_s - 1)) == []
        assert await give_back_undialled(session, POLICY, at(POLICY.lease_s)) == [one.attempt_id]
    row = await call_of(db, id_)
    assert (row.status, row.attempts, row.next_attempt_at) == ("waiting", 0, at(POLICY.lease_s))
    (again,) = await claimed(db, at(61), "m2")
    assert again.attempt_id != one.attempt_id
    async with db.transaction() as session:
        assert not await begin_dialling(session, one.attempt_id, "m1", POLICY, at(62)), "it only was slow"


async def test_who_gives_a_call_back_and_who_begins_to_dial_it_at_that_moment_are_never_both_right(
    db: Database,
) -> None:
    """The machine looked while its lease lasted, and its transaction ends only after the lease has."""
    await scheduled(db)
    (one,) = await claimed(db)

    async def give_back() -> list[UUID]:
        async with db.transaction() as session:
            return await give_back_undialled(session, POLICY, at(POLICY.lease_s + 1))

    async with db.transaction() as session:
        assert await begin_dialling(session, one.attempt_id, "m1", POLICY, at(POLICY.lease_s - 1))
        giving_back = asyncio.create_task(give_back())
        await asyncio.sleep(0.3)  # it finds the attempt as it was, and waits for us
        assert not giving_back.done()
    assert await giving_back == []
    assert (await attempts(db, one.scheduled_call_id))[0].status == "dialling"


async def test_a_machine_that_dies_after_dialling_is_asked_about_by_one_other(db: Database) -> None:
    await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        assert await give_back_undialled(session, POLICY, at(3600)) == [], "it may have rung"
        assert await take_unheard(session, POLICY, at(POLICY.look_up_s - 1)) == []
        (unheard,) = await take_unheard(session, POLICY, at(POLICY.look_up_s))
        assert await take_unheard(session, POLICY, at(POLICY.look_up_s)) == [], "one asks"
    assert (unheard.attempt_id, unheard.carrier_sid, unheard.in_doubt) == (one.attempt_id, None, False)


async def test_what_the_carrier_does_not_know_is_rung_and_counts_only_then(db: Database) -> None:
    id_ = await scheduled(db)
    await dialled(db)
    async with db.transaction() as session:
        (unheard,) = await take_unheard(session, POLICY, at(60))
        await record_nothing_found(session, unheard, POLICY, at(60))
    row = await call_of(db, id_)
    assert (row.status, row.attempts, row.reason) == ("waiting", 0, "never-dialled")


async def test_what_the_carrier_answered_with_an_error_counts_as_an_attempt_that_failed(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        await record_doubt(session, one.attempt_id, "HTTP 500", POLICY, at(1))
        assert await take_unheard(session, POLICY, at(POLICY.look_up_s)) == [], "it is asked later than that"
        (unheard,) = await take_unheard(session, POLICY, at(POLICY.look_up_s + 1))
        await record_nothing_found(session, unheard, POLICY, at(60))
    row = await call_of(db, id_)
    assert (row.status, row.attempts, row.reason, row.next_attempt_at) == ("waiting", 1, "failed", at(90))


async def test_a_message_names_the_call_that_a_dead_machine_did_not_write_down(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        ringing = Told("ringing", at(3))
        await apply_status(session, one.attempt_id, sid_of(one.attempt_id), ringing, POLICY, at(3))
        assert await take_unheard(session, POLICY, at(62)) == []
        (unheard,) = await take_unheard(session, POLICY, at(63))
        await record_nothing_found(session, unheard, POLICY, at(63))
    assert unheard.carrier_sid == sid_of(one.attempt_id)
    assert ((await attempts(db, id_))[0].status, (await call_of(db, id_)).status) == ("ringing", "calling")


async def test_a_call_whose_messages_never_come_is_asked_about_again_and_again(db: Database) -> None:
    await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        await record_sid(session, one.attempt_id, "CA1", POLICY, at(1))
        when = 1 + POLICY.ring_s + POLICY.check_s
        assert await take_unheard(session, POLICY, at(when - 1)) == []
        for round_ in range(3):
            (unheard,) = await take_unheard(session, POLICY, at(when + round_ * POLICY.check_s))
            assert unheard.carrier_sid == "CA1"


async def test_a_carrier_that_cannot_be_asked_ends_the_call_as_unknown_rather_than_ring_again(db: Database) -> None:
    policy = Policy(limits=POLICY.limits, doubt_s=600)
    id_ = await scheduled(db)
    await dialled(db)
    async with db.transaction() as session:
        (unheard,) = await take_unheard(session, policy, at(60))
        await give_up_asking(session, unheard, policy, at(599))
    assert (await call_of(db, id_)).status == "calling"
    async with db.transaction() as session:
        await give_up_asking(session, unheard, policy, at(600))
    row, (attempt,) = await call_of(db, id_), await attempts(db, id_)
    assert (row.status, row.reason, attempt.disposition) == ("failed", "outcome-unknown", "unknown")


async def test_a_long_call_is_not_given_up_because_the_carrier_is_silent(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        await record_sid(session, one.attempt_id, "CA1", POLICY, at(1))
        (unheard,) = await take_unheard(session, POLICY, at(4000))
        await give_up_asking(session, unheard, POLICY, at(4000))
    assert (await call_of(db, id_)).status == "calling"
    async with db.transaction() as session:
        over = at(0) + timedelta(seconds=LONGEST_CALL_S + POLICY.doubt_s)
        await give_up_asking(session, unheard, POLICY, over)
    assert (await call_of(db, id_)).reason == "outcome-unknown"
