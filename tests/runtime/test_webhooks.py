"""Telling the customer's system: signed, in order, at least once, for a day, by however many machines."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Any
from uuid import UUID

import pytest

from app.runtime.webhook_address import Permissions
from app.runtime.webhook_sending import Sender
from app.runtime.webhooks import DELAYS_S, Webhooks
from app.store.delivering import LEASE_S, claim_events, find_event, replay, state_of
from app.store.engine import Database
from app.store.outbound_tables import OutboxRow
from app.store.outbox import events_about
from app.store.scheduling import cancel_call
from tests.runtime.customer import AWAY, OK, Customer, a_customer
from tests.runtime.dialling_stage import SetClock
from tests.store.outbound_samples import dialled, scheduled, told
from tests.store.samples import at

SECRET = "a secret of both sides"
OPEN = Permissions(http=True, private=True)


def machine(db: Database, clock: SetClock, **sender: Any) -> Webhooks:
    return Webhooks(db, Sender(SECRET, **({"allowed": OPEN} | sender)), clock, chance=lambda: 0.5)


async def emptied(hooks: Webhooks) -> int:
    """Send all that can be sent now; how many tries that took."""
    tries = 0
    while taken := await hooks.round():
        tries += taken
        await hooks.settled()
    return tries


async def outbox(db: Database, about: UUID) -> list[OutboxRow]:
    async with db.reading() as session:
        return list(await events_about(session, about))


async def a_whole_call(db: Database, customer: Customer) -> UUID:
    call = await scheduled(db, webhook_url=customer.url, variables={"candidate": "Ada"})
    await told(db, await dialled(db), "ringing", "in-progress", "completed", answered_by="human")
    return call


async def test_a_call_is_told_from_its_making_to_its_end(db: Database) -> None:
    async with a_customer() as customer:
        call = await a_whole_call(db, customer)
        assert await emptied(machine(db, SetClock(40))) == 3
        assert customer.events == ["call.scheduled", "call.started", "call.completed"]
        last = customer.told[-1].event
        assert last["call_id"] == str(call)
        assert (last["sequence"], last["outcome"], last["reason"]) == (3, "completed", "answered")
        assert last["data"]["variables"] == {"candidate": "Ada"}
        assert last["interview_id"] is None
        assert last["time"] == at(30).isoformat(timespec="milliseconds")
        assert [state_of(row) for row in await outbox(db, call)] == ["delivered"] * 3
        assert await emptied(machine(db, SetClock(99_999))) == 0


async def test_whoever_has_the_secret_can_tell_that_it_is_ours_and_new(db: Database) -> None:
    async with a_customer() as customer:
        await scheduled(db, webhook_url=customer.url)
        await emptied(machine(db, SetClock(77)))
        (one,) = customer.told
        fields = dict(part.split("=", 1) for part in one.headers["parley-signature"].split(","))
        signed = fields["t"].encode() + b"." + one.body
        assert hmac.compare_digest(fields["v1"], hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest())
        assert int(fields["t"]) == int(at(77).timestamp())
        assert one.headers["content-type"] == "application/json"
        assert (one.path, one.headers["host"]) == ("/parley", f"127.0.0.1:{customer.port}")


async def test_what_comes_later_waits_for_what_was_not_taken(db: Database) -> None:
    async with a_customer(lambda nth: AWAY if nth <= 2 else OK) as customer:
        call = await a_whole_call(db, customer)
        clock = SetClock(40)
        hooks = machine(db, clock)
        assert await emptied(hooks) == 1
        first, *rest = await outbox(db, call)
        assert (first.tries, first.last_status, first.next_try_at) == (1, 503, at(40 + DELAYS_S[0]))
        assert [row.tries for row in rest] == [0, 0]
        clock.seconds += DELAYS_S[0] - 1
        assert await emptied(hooks) == 0
        clock.seconds += 1
        assert await emptied(hooks) == 1
        clock.seconds += DELAYS_S[1]
        assert await emptied(hooks) == 3
        assert customer.events == ["call.scheduled"] * 3 + ["call.started", "call.completed"]
        assert len({one.body for one in customer.told[:3]}) == 1, "the same at every try"


async def test_one_customer_who_is_away_keeps_no_other_waiting(db: Database) -> None:
    async with a_customer(lambda nth: AWAY) as away, a_customer() as there:
        for number in range(20):
            await scheduled(db, webhook_url=away.url, to_number=f"+1415555{number:04}")
        await scheduled(db, webhook_url=there.url)
        await emptied(machine(db, SetClock()))
        assert (len(away.told), there.events) == (20, ["call.scheduled"])


async def test_it_is_tried_for_a_day_and_then_given_up_until_somebody_replays_it(db: Database) -> None:
    async with a_customer(lambda nth: AWAY) as customer:
        call = await scheduled(db, webhook_url=customer.url)
        clock = SetClock()
        hooks = machine(db, clock)
        while (row := (await outbox(db, call))[0]).next_try_at is not None:
            clock.seconds = (row.next_try_at - at(0)).total_seconds()
            assert await emptied(hooks) == 1
        assert len(customer.told) == len(DELAYS_S) + 1
        assert 23 * 3600 < clock.seconds <= 24 * 3600
        assert (state_of(row), row.given_up_at, row.last_status) == ("given-up", at(clock.seconds), 503)
        customer.answers = lambda nth: OK
        assert await emptied(hooks) == 0
        async with db.transaction() as session:
            await replay(session, row.id, clock.utc())
        assert await emptied(hooks) == 1
        (row,) = await outbox(db, call)
        assert (state_of(row), row.tries, row.last_error) == ("delivered", 1, "")
        assert customer.told[-1].event["id"] == str(row.id) == customer.told[0].event["id"]


async def test_what_was_given_up_does_not_hold_up_what_follows(db: Database) -> None:
    async with a_customer() as customer:
        call = await scheduled(db, webhook_url="http://127.0.0.1:9/")
        hooks = Webhooks(db, Sender(SECRET), SetClock())  # https alone: this one can never be sent
        assert await emptied(hooks) == 1
        assert [state_of(row) for row in await outbox(db, call)] == ["given-up"]
        async with db.transaction() as session:
            row = await cancel_call(session, call, at(5))
            row.webhook_url = customer.url
        async with db.transaction() as session:
            (_, second) = await events_about(session, call)
            second.url = customer.url
            session.add(second)
        assert await emptied(machine(db, SetClock(6))) == 1
        assert customer.events == ["call.failed"]


async def test_delays_are_spread_by_a_fifth(db: Database) -> None:
    seen = []
    for chance in (0.0, 1.0):
        async with a_customer(lambda nth: AWAY) as customer:
            call = await scheduled(db, webhook_url=customer.url)
            await emptied(Webhooks(db, Sender(SECRET, OPEN), SetClock(), chance=lambda drawn=chance: drawn))
            (row,) = await outbox(db, call)
            assert row.next_try_at is not None
            seen.append((row.next_try_at - at(0)).total_seconds())
    assert seen == [pytest.approx(DELAYS_S[0] * 0.8), pytest.approx(DELAYS_S[0] * 1.2)]


async def test_two_machines_share_the_work_and_send_nothing_twice(db: Database) -> None:
    async with a_customer() as customer:
        calls = [await scheduled(db, webhook_url=customer.url, to_number=f"+1415555{n:04}") for n in range(30)]
        one, other = machine(db, SetClock()), machine(db, SetClock())
        while sum(await asyncio.gather(one.round(), other.round())):
            await one.settled()
            await other.settled()
        assert sorted(told.event["call_id"] for told in customer.told) == sorted(map(str, calls))


async def test_a_machine_that_dies_in_the_middle_loses_nothing(db: Database) -> None:
    async with a_customer() as customer:
        call = await scheduled(db, webhook_url=customer.url)
        async with db.transaction() as session:
            assert len(await claim_events(session, at(0), 10)) == 1  # and then no word of it
        assert await emptied(machine(db, SetClock(LEASE_S - 1))) == 0
        assert await emptied(machine(db, SetClock(LEASE_S))) == 1
        (row,) = await outbox(db, call)
        assert (state_of(row), row.tries, customer.events) == ("delivered", 2, ["call.scheduled"])


async def test_a_machine_that_wakes_up_too_late_undoes_nothing(db: Database) -> None:
    async with a_customer(lambda nth: None if nth == 1 else OK) as customer:
        await scheduled(db, webhook_url=customer.url)
        slept = machine(db, SetClock())
        await slept.round()
        await customer.arrived.wait()
        assert await emptied(machine(db, SetClock(LEASE_S))) == 1
        customer.let_go.set()  # the first request ends without an answer
        await slept.settled()
        async with db.reading() as session:
            row = await find_event(session, UUID(customer.told[0].event["id"]))
        assert (state_of(row), row.last_error) == ("delivered", "")


async def test_replaying_what_is_being_sent_changes_nothing(db: Database) -> None:
    call = await scheduled(db, webhook_url="https://ats.example/")
    async with db.transaction() as session:
        await claim_events(session, at(0), 1)
    before = (await outbox(db, call))[0].model_dump()
    async with db.transaction() as session:
        await replay(session, before["id"], at(1))
    assert (await outbox(db, call))[0].model_dump() == before


async def test_the_houses_own_address_is_told_what_has_none(url: str) -> None:
    async with a_customer() as customer:
        db = Database(url, webhook_url=customer.url)
        try:
            await scheduled(db)
            await emptied(machine(db, SetClock()))
        finally:
            await db.close()
        assert customer.events == ["call.scheduled"]


async def test_what_nobody_wants_to_know_is_not_kept(db: Database) -> None:
    assert await outbox(db, await scheduled(db)) == []
