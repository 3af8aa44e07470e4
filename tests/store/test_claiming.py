from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from app.dialling.limits import Limits
from app.dialling.policy import Policy
from app.dialling.window import Window, read_hours
from app.store.campaigns import resume_campaign, stop_campaign
from app.store.claiming import claim
from app.store.do_not_call import allow_again, forbid, is_forbidden, list_forbidden
from app.store.engine import Database
from tests.store.outbound_samples import POLICY, attempts, call_of, claimed, dialled, scheduled, told
from tests.store.samples import NOON, at


def with_limits(**given: float) -> Policy:
    return replace(POLICY, limits=replace(POLICY.limits, **given))


async def test_a_call_is_claimed_when_it_is_due_and_its_attempt_is_written_with_it(db: Database) -> None:
    id_ = await scheduled(db, first_attempt_at=at(10))
    assert await claimed(db, at(9)) == []
    (one,) = await claimed(db, at(10))
    (attempt,) = await attempts(db, id_)
    assert (attempt.id, attempt.status, attempt.machine, attempt.number) == (one.attempt_id, "planned", "m1", 1)
    row = await call_of(db, id_)
    assert (row.status, row.leased_by) == ("calling", "m1")


async def test_of_many_machines_at_once_each_call_is_claimed_by_one(db: Database) -> None:
    wanted = {await scheduled(db, to_number=f"+1415555{number:04d}") for number in range(30)}
    found = await asyncio.gather(*(claimed(db, NOON, f"m{number}") for number in range(8)))
    ids = [one.scheduled_call_id for some in found for one in some]
    assert sorted(ids) == sorted(wanted)


async def test_those_due_first_are_taken_first(db: Database) -> None:
    late, early = await scheduled(db, first_attempt_at=at(5)), await scheduled(db, to_number="+14155550124")
    async with db.transaction() as session:
        (one,) = await claim(session, "m1", POLICY, at(10), most=1)
    assert (one.scheduled_call_id, (await call_of(db, late)).status) == (early, "waiting")


async def test_all_machines_together_have_so_many_calls_at_once(db: Database) -> None:
    policy = with_limits(at_once=3)
    for number in range(8):
        await scheduled(db, to_number=f"+1415555{number:04d}")
    found = await asyncio.gather(*(claimed(db, NOON, f"m{number}", policy) for number in range(4)))
    assert sum(len(some) for some in found) == 3
    one = next(one for some in found for one in some)
    await told(db, one, "completed", answered_by="human")
    assert len(await claimed(db, at(40), "m9", policy)) == 1


async def test_all_machines_together_begin_so_many_calls_a_second(db: Database) -> None:
    policy = with_limits(per_second=2)
    for number in range(9):
        await scheduled(db, to_number=f"+1415555{number:04d}")
    begun = []
    for tenth in range(30):
        both = await asyncio.gather(*(claimed(db, at(tenth / 10), machine, policy) for machine in ("m1", "m2")))
        begun += [tenth] * sum(len(some) for some in both)
    assert begun == [0, 0, 10, 10, 20, 20]


async def test_one_number_is_not_rung_for_two_calls_at_once(db: Database) -> None:
    first, second = await scheduled(db), await scheduled(db)
    (one,) = await claimed(db)
    waiting = second if one.scheduled_call_id == first else first
    row = await call_of(db, waiting)
    assert (row.status, row.reason, row.next_attempt_at) == ("waiting", "number-in-use", at(120))


async def test_a_number_is_rung_so_often_a_day_whatever_calls_are_for_it(db: Database) -> None:
    policy = with_limits(per_number_a_day=2)
    for _ in range(3):
        await scheduled(db)
    for minute in (0, 10):
        one = await dialled(db, at(minute * 60), policy=policy)
        await told(db, one, "completed", when=at(minute * 60 + 5), answered_by="human", policy=policy)
    assert await claimed(db, at(3600), policy=policy) == []
    assert len(await claimed(db, NOON + timedelta(hours=11), policy=policy)) == 1, "midnight in Berlin has passed"


async def test_outside_its_window_a_call_is_put_off_and_says_so(db: Database) -> None:
    id_ = await scheduled(db, windows=(Window(frozenset(range(7)), 18 * 60, 20 * 60),))
    assert await claimed(db) == []
    row = await call_of(db, id_)
    assert (row.status, row.reason, row.next_attempt_at) == ("waiting", "outside-window", NOON + timedelta(hours=5))


async def test_a_window_that_the_houses_hours_never_meet_ends_the_call(db: Database) -> None:
    id_ = await scheduled(db, windows=(Window(frozenset(range(7)), 22 * 60, 23 * 60),))
    assert await claimed(db, policy=Policy(limits=Limits(hours=read_hours("08:00-21:00")))) == []
    row = await call_of(db, id_)
    assert (row.status, row.reason) == ("failed", "never-allowed")


async def test_who_must_not_be_rung_is_not(db: Database) -> None:
    id_ = await scheduled(db)
    async with db.transaction() as session:
        assert await forbid(session, "+14155550123", source="callee", now=NOON, note="asked on the phone")
        assert not await forbid(session, "+14155550123", source="rest", now=NOON)
    assert await claimed(db) == []
    row = await call_of(db, id_)
    assert (row.status, row.reason, row.attempts) == ("failed", "do-not-call", 0)
    async with db.transaction() as session:
        assert [one.source for one in await list_forbidden(session)] == ["callee"]
        assert await allow_again(session, "+14155550123", source="rest", reason="they asked for it", now=NOON)
        assert not await is_forbidden(session, "+14155550123")


async def test_many_that_may_not_be_dialled_do_not_keep_one_that_may_from_its_turn(db: Database) -> None:
    evening = (Window(frozenset(range(7)), 18 * 60, 20 * 60),)
    for number in range(25):
        await scheduled(db, to_number=f"+1415555{number:04d}", windows=evening)
    id_ = await scheduled(db, first_attempt_at=at(1), to_number="+14155559999")
    assert [one.scheduled_call_id for one in await claimed(db, at(2))] == [id_]


async def test_a_stopped_campaign_is_not_dialled_until_it_goes_on(db: Database) -> None:
    id_ = await scheduled(db, campaign="spring")
    async with db.transaction() as session:
        await stop_campaign(session, "spring", "operator", NOON)
    assert await claimed(db) == []
    async with db.transaction() as session:
        assert await resume_campaign(session, "spring", at(1))
        assert not await resume_campaign(session, "spring", at(1))
    assert [one.scheduled_call_id for one in await claimed(db, at(2))] == [id_]
