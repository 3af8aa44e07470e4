"""Four machines on one database, killed and frozen again and again: every number is rung exactly as often as its plan
says.

They die where it hurts: at random, when the carrier has their request and has not rung, and when it has rung and they
have not heard so. `make bench-dialler` does it with 500 calls; CALLS says how many.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.clock import SystemClock
from app.dialling.outcome import COUNTED
from app.dialling.plan import Plan
from app.store.engine import Database
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.scheduling import create_call
from tests.carriers.twilio_calls import Behaviour
from tests.runtime.a_machine import POLICY
from tests.runtime.fleet import Fleet, a_fleet, deadly
from tests.store.outbound_samples import arrangement

CALLS, MACHINES = int(os.environ.get("CALLS", "80")), 4
REQUESTS_DIED_OF, KILLED_AT_RANDOM, FROZEN = CALLS // 17, CALLS // 23, CALLS // 40
FROZEN_S = (1.0, POLICY.look_up_s + 4.0)
LATE_S = POLICY.request_s + 2.0
"""The carrier may be so slow: longer than anybody waits for it, but not longer than until it is asked."""
PATIENCE_S = 240.0 + CALLS
PLAN = Plan(3, dict.fromkeys(("busy", "no_answer", "voicemail", "failed"), (1,)))

Met = tuple[Behaviour, ...]
KINDS: tuple[tuple[Met, int, str], ...] = (
    ((Behaviour(),), 1, "completed"),
    ((Behaviour(ends="busy"), Behaviour()), 2, "completed"),
    ((Behaviour(ends="no-answer"),) * 3, 3, "failed"),
    ((Behaviour(500),), 1, "completed"),
    ((Behaviour(500, rings=False), Behaviour()), 1, "completed"),
    ((Behaviour(429), Behaviour()), 1, "completed"),
    ((Behaviour(21211),), 0, "failed"),
    ((Behaviour("mute", late_s=LATE_S),), 1, "completed"),
)
"""What a number's requests that reach the carrier meet, one after the other; how often it rings; how its call ends."""


def number(nth: int) -> str:
    return f"+1415555{nth:04d}"


def kind(to: str) -> tuple[Met, int, str]:
    return KINDS[int(to[-4:]) % len(KINDS)]


def meets(to: str, nth: int) -> Behaviour:
    met = kind(to)[0]
    return met[min(nth, len(met)) - 1]


async def _open_calls(db: Database) -> int:
    async with db.reading() as session:
        still = select(func.count()).where(col(ScheduledCallRow.status).in_(("waiting", "calling")))
        return int(await session.scalar(still) or 0)


async def _arrange(db: Database) -> None:
    now = SystemClock().utc()
    async with db.transaction() as session:
        for nth in range(CALLS):
            due = arrangement(to_number=number(nth), scheduled_at=now, first_attempt_at=now, plan=PLAN)
            await create_call(session, due, source="rest", now=now)


@pytest.mark.slow
async def test_each_number_is_rung_exactly_as_often_as_its_plan_says(db: Database, url: str) -> None:
    await _arrange(db)
    chance, loop = random.Random(7), asyncio.get_running_loop()
    fates = ["kill"] * KILLED_AT_RANDOM + ["freeze"] * FROZEN
    chance.shuffle(fates)
    began = loop.time()
    async with a_fleet(Fleet(url, MACHINES, deadly(CALLS, REQUESTS_DIED_OF), meets)) as fleet:
        async with asyncio.timeout(PATIENCE_S):
            while await _open_calls(db):
                await asyncio.sleep(chance.uniform(0.5, 1.5))
                which, fate = chance.randrange(MACHINES), fates.pop() if fates else None
                if fate == "kill":
                    await fleet.kill(which)
                elif fate == "freeze":
                    fleet.freeze(which, chance.uniform(*FROZEN_S))
            took_s = loop.time() - began
            await fleet.thawed()  # whoever wakes up now finds that all is done
            await asyncio.sleep(POLICY.patience_s)
    print(  # noqa: T201 - figures for docs/outbound.md
        f"\n{CALLS} calls, {MACHINES} machines: {fleet.requests} requests, {fleet.rest.rung.total()} rings, "
        f"{fleet.deaths} killed, {fleet.frozen} frozen, {took_s:.0f} s; "
        f"the carrier stood still for {fleet.stood_still_s:.2f} s at most"
    )
    await _all_is_right(db, fleet)


async def _all_is_right(db: Database, fleet: Fleet) -> None:
    slow = f"the stand-in itself stood still for {fleet.stood_still_s:.1f} s"
    wrong = {
        to: (fleet.rest.rung[to], kind(to)[1]) for to in map(number, range(CALLS)) if fleet.rest.rung[to] != kind(to)[1]
    }
    assert not wrong, f"rung, and to be rung ({slow})"
    async with db.reading() as session:
        calls = (await session.scalars(select(ScheduledCallRow))).all()
        attempts = (await session.scalars(select(CallAttemptRow))).all()
    assert {row.to_number: row.status for row in calls} == {to: kind(to)[2] for to in map(number, range(CALLS))}
    known = [one.carrier_sid for one in attempts if one.carrier_sid]
    assert sorted(known) == sorted(fleet.rest.calls), "every call that rang belongs to one attempt"
    counted = Counter(one.to_number for one in attempts if one.disposition in COUNTED)
    assert all(row.attempts == counted[row.to_number] for row in calls)
    assert fleet.deaths >= REQUESTS_DIED_OF
