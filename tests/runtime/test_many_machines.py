"""Four machines on one database, killed again and again: every number is rung exactly as often as its plan says.

They die where it hurts: at random, when the carrier has their request and has not rung, and when it has rung and they
have not heard so.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.clock import SystemClock
from app.dialling.outcome import COUNTED
from app.dialling.plan import Plan
from app.store.engine import Database
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.scheduling import create_call
from tests.carriers.twilio_calls import Behaviour, Form, TwilioCalls
from tests.runtime import a_machine
from tests.store.outbound_samples import arrangement

CALLS, MACHINES = 140, 4
REQUESTS_DIED_OF, KILLED_AT_RANDOM = 8, 6
PATIENCE_S = 240.0
PLAN = Plan(3, dict.fromkeys(("busy", "no_answer", "voicemail", "failed"), (1,)))
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(
    ["tests.runtime.a_machine", "twilio.rest", "app.carriers.twilio_http", "aiosqlite", "asyncpg"]
)

Met = tuple[Behaviour, ...]
KINDS: tuple[tuple[Met, int, str], ...] = (
    ((Behaviour(),), 1, "completed"),
    ((Behaviour(ends="busy"), Behaviour()), 2, "completed"),
    ((Behaviour(ends="no-answer"),) * 3, 3, "failed"),
    ((Behaviour(500),), 1, "completed"),
    ((Behaviour(500, rings=False), Behaviour()), 1, "completed"),
    ((Behaviour(429), Behaviour()), 1, "completed"),
    ((Behaviour(21211),), 0, "failed"),
)
"""What a number's requests that reach the carrier meet, one after the other; how often it rings; how its call ends."""


def number(nth: int) -> str:
    return f"+1415555{nth:04d}"


@dataclass
class Fleet:
    """`dies`: at which of all requests the machine that made it is killed, before (`False`) or after it rings."""

    database_url: str
    rest: TwilioCalls
    dies: dict[int, bool]
    urls: list[str] = field(default_factory=list)
    machines: dict[int, BaseProcess] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    killing: list[asyncio.Future[None]] = field(default_factory=list)
    requests: int = 0
    deaths: int = 0

    def start(self, which: int) -> None:
        given = (self.database_url, self.urls[which], f"m{which}-{self.deaths}")
        machine = FORK.Process(target=a_machine.run, args=given, daemon=True)
        machine.start()
        self.machines[which] = machine

    async def kill(self, which: int) -> None:
        """Kill a machine and put another in its place; the carrier goes on meanwhile."""
        machine = self.machines[which]
        machine.kill()
        self.deaths += 1
        await asyncio.to_thread(machine.join, 10)
        if self.machines[which] is machine:
            await asyncio.to_thread(self.start, which)

    def behave(self, to: str, nth: int) -> Behaviour:
        """Only what reached the carrier counts as a turn of the plan."""
        met = KINDS[int(to[-4:]) % len(KINDS)][0]
        self.met[to] += 1
        return met[min(self.met[to], len(met)) - 1]

    def receives(self, which: int, form: Form, method: str, target: str) -> bool:
        """A request of the machine `which` has come; True if it died of it unheard."""
        if method != "POST":
            return False
        self.requests += 1
        rings = self.dies.get(self.requests)
        if rings is None:
            return False
        if rings:
            self.rest.reply(method, target, form)
        self.machines[which].kill()
        self.killing.append(asyncio.ensure_future(self.kill(which)))
        return True

    async def stop(self) -> None:
        await asyncio.gather(*self.killing)
        for machine in self.machines.values():
            machine.kill()
            machine.join(10)


class _Line(TwilioCalls):
    """The carrier as one machine reaches it, so that it is known whose request it is."""

    def __init__(self, fleet: Fleet, which: int) -> None:
        super().__init__()
        self._fleet, self._which = fleet, which

    def reply(self, method: str, target: str, form: Form) -> tuple[int, dict[str, object]] | None:
        if self._fleet.receives(self._which, form, method, target):
            return None
        return self._fleet.rest.reply(method, target, form)


@asynccontextmanager
async def a_fleet(url: str) -> AsyncIterator[Fleet]:
    chance = random.Random(6)
    dies = {request: chance.random() < 0.6 for request in chance.sample(range(10, CALLS), REQUESTS_DIED_OF)}
    fleet = Fleet(url, TwilioCalls(), dies)
    fleet.rest.behave = fleet.behave
    lines = [_Line(fleet, which) for which in range(MACHINES)]
    servers = [await asyncio.start_server(line.serve, "127.0.0.1", 0) for line in lines]
    fleet.urls = [f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers]
    try:
        yield fleet
    finally:
        await fleet.stop()
        for server, line in zip(servers, lines, strict=True):
            server.close()
            await line.close()
            await server.wait_closed()


async def _open_calls(db: Database) -> int:
    async with db.reading() as session:
        still = select(func.count()).where(col(ScheduledCallRow.status).in_(("waiting", "calling")))
        return int(await session.scalar(still) or 0)


@pytest.mark.slow
async def test_each_number_is_rung_exactly_as_often_as_its_plan_says(db: Database, url: str) -> None:
    now = SystemClock().utc()
    async with db.transaction() as session:
        for nth in range(CALLS):
            due = arrangement(to_number=number(nth), scheduled_at=now, first_attempt_at=now, plan=PLAN)
            await create_call(session, due, source="rest", now=now)
    chance = random.Random(7)
    async with a_fleet(url) as fleet, asyncio.timeout(PATIENCE_S):
        for which in range(MACHINES):
            fleet.start(which)
        killed = 0
        while await _open_calls(db):
            await asyncio.sleep(chance.uniform(0.3, 0.6))
            if killed < KILLED_AT_RANDOM:
                killed += 1
                await fleet.kill(chance.randrange(MACHINES))
    await _all_is_right(db, fleet)


async def _all_is_right(db: Database, fleet: Fleet) -> None:
    expected = {number(nth): KINDS[nth % len(KINDS)][1] for nth in range(CALLS)}
    assert {to: fleet.rest.rung[to] for to in expected} == expected
    async with db.reading() as session:
        calls = (await session.scalars(select(ScheduledCallRow))).all()
        attempts = (await session.scalars(select(CallAttemptRow))).all()
    assert {row.to_number: row.status for row in calls} == {
        number(nth): KINDS[nth % len(KINDS)][2] for nth in range(CALLS)
    }
    known = [one.carrier_sid for one in attempts if one.carrier_sid]
    assert sorted(known) == sorted(fleet.rest.calls), "every call that rang belongs to one attempt"
    counted = Counter(one.to_number for one in attempts if one.disposition in COUNTED)
    assert all(row.attempts == counted[row.to_number] for row in calls)
    assert fleet.deaths == REQUESTS_DIED_OF + KILLED_AT_RANDOM
