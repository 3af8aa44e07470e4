"""Somebody of ours steps into a running call: here, on another machine, and where the machine is dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from app.carriers.placing import PlacingError
from app.clock import SystemClock
from app.dialling.policy import Policy
from app.runtime import across, stepping_in
from app.runtime.across import Across
from app.runtime.live import LiveHub
from app.runtime.placing import Placing
from app.runtime.stepping_in import SteppingIn
from app.store import orders
from app.store.calls import admit, claim_stream, get_call
from app.store.engine import Database
from app.store.tables import CallRow

SID = "CA00000000000000000000000000000001"


@dataclass
class Calls:
    """Those that a machine runs, and what was asked of them."""

    running: set[UUID] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def hang_up(self, call_id: UUID, *, politely: bool = False) -> bool:
        if call_id in self.running:
            self.asked.append(("goodbye" if politely else "hang-up", ""))
        return call_id in self.running

    def send_digits(self, call_id: UUID, keys: str, shown: str) -> bool:
        if call_id in self.running:
            self.asked.append((keys, shown))
        return call_id in self.running

    def answered_by(self, call_id: UUID, verdict: str) -> bool:
        self.asked.append(("verdict", verdict))
        return call_id in self.running


@dataclass
class Carrier:
    ended: list[str] = field(default_factory=list)
    fails: bool = False

    async def hang_up(self, call_sid: str) -> None:
        if self.fails:
            raise PlacingError("unknown", "away")
        self.ended.append(call_sid)


@dataclass
class Machine:
    calls: Calls
    carrier: Carrier
    stepping_in: SteppingIn


Make = Callable[..., Machine]


@pytest.fixture
async def make(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    monkeypatch.setattr(across, "ASK_EVERY_S", 0.1)
    monkeypatch.setattr(stepping_in, "POLL_S", 0.02)
    monkeypatch.setattr(stepping_in, "TAKEN_WITHIN_S", 0.5)
    tasks: list[asyncio.Task[None]] = []

    def machine(*, show_digits: bool = False, carrier: bool = True) -> Machine:
        calls, placer = Calls(), Carrier()
        placing = Placing(Policy(), cast("Any", placer) if carrier else None)
        supervisor, clock = cast("Any", calls), SystemClock()
        others = Across(db, LiveHub(), supervisor, clock)
        made = SteppingIn(db, supervisor, others, placing, clock, show_digits=show_digits)
        tasks.append(asyncio.create_task(made.run()))
        return Machine(calls, placer, made)

    yield machine
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def a_call(db: Database, *machines: Machine, seen_s_ago: float = 0.0, sid: str = SID) -> UUID:
    now = SystemClock().utc() - timedelta(seconds=seen_s_ago)
    async with db.transaction() as session:
        call = await admit(
            session, call_id=UUID(int=7), call_sid=sid, direction="inbound", from_number="+15550100001",
            to_number="+15550100000", persona="desk", machine="m", now=now,
        )  # fmt: skip
        assert await claim_stream(session, call.id, "MZ1", now)
    for machine in machines:
        machine.calls.running.add(call.id)
    return call.id


async def row(db: Database, call_id: UUID) -> CallRow:
    async with db.reading() as session:
        found = await get_call(session, call_id)
    assert found is not None
    return found


async def test_a_call_that_runs_here_is_ended_here(db: Database, make: Make) -> None:
    here = make()
    call_id = await a_call(db, here)
    assert await here.stepping_in.hang_up(call_id)
    assert await here.stepping_in.hang_up(call_id, politely=True)
    assert await here.stepping_in.send_digits(call_id, "1w2#")
    assert here.calls.asked == [("hang-up", ""), ("goodbye", ""), ("1w2#", "•••")]
    assert here.carrier.ended == []


async def test_digits_stand_in_the_transcript_only_if_that_is_wanted(db: Database, make: Make) -> None:
    here = make(show_digits=True)
    assert await here.stepping_in.send_digits(await a_call(db, here), "1W2#")
    assert here.calls.asked == [("1W2#", "12#")]


async def test_what_another_machine_has_is_done_there_once(db: Database, make: Make) -> None:
    here, there, third = make(), make(), make()
    call_id = await a_call(db, there)
    assert await here.stepping_in.hang_up(call_id, politely=True)
    assert await here.stepping_in.send_digits(call_id, "12")
    assert await here.stepping_in.hang_up(call_id)
    assert there.calls.asked == [("goodbye", ""), ("12", "••"), ("hang-up", "")]
    assert (here.calls.asked, third.calls.asked, here.carrier.ended) == ([], [], [])


async def test_a_verdict_that_was_told_elsewhere_is_brought_to_the_call(db: Database, make: Make) -> None:
    there, third = make(), make()
    call_id = await a_call(db, there)
    async with db.transaction() as session:
        await orders.give(session, call_id, "verdict", SystemClock().utc(), "machine_end_beep")
    async with asyncio.timeout(10):
        while not there.calls.asked:  # noqa: ASYNC110 - what another task takes from the database
            await asyncio.sleep(0.02)
    assert there.calls.asked == [("verdict", "machine_end_beep")]
    assert third.calls.asked == []


async def test_two_processes_that_have_the_same_call_do_not_do_it_twice(db: Database, make: Make) -> None:
    here, there, twin = make(), make(), make()
    call_id = await a_call(db, there, twin)
    for _ in range(5):
        assert await here.stepping_in.send_digits(call_id, "5")
    assert len(there.calls.asked) + len(twin.calls.asked) == 5


@pytest.mark.parametrize("politely", [False, True])
async def test_a_call_whose_process_died_is_ended_by_the_carrier(db: Database, make: Make, politely: bool) -> None:
    here = make()
    call_id = await a_call(db, seen_s_ago=40, sid=f"{SID}.2")
    assert await here.stepping_in.hang_up(call_id, politely=politely)
    assert here.carrier.ended == [SID], "by the name that the carrier knows"
    ended = await row(db, call_id)
    assert (ended.status, ended.end_reason) == ("completed", "operator")
    assert ended.duration_s == pytest.approx(40, abs=5)
    assert not await here.stepping_in.send_digits(call_id, "1"), "nobody is there to press keys"


async def test_a_machine_that_lives_and_does_not_listen_closes_its_books_itself(db: Database, make: Make) -> None:
    here = make()
    call_id = await a_call(db)
    assert await here.stepping_in.hang_up(call_id, politely=True)
    assert here.carrier.ended == [SID]
    assert (await row(db, call_id)).status == "in-progress"
    there = make()
    there.calls.running.add(call_id)
    await asyncio.sleep(0.2)
    assert there.calls.asked == [], "what nobody took in time is taken by nobody"


@pytest.mark.parametrize("carrier", [False, True])
async def test_where_nobody_can_end_it_that_is_said(db: Database, make: Make, carrier: bool) -> None:
    here = make(carrier=carrier)
    here.carrier.fails = True
    call_id = await a_call(db, seen_s_ago=40)
    assert not await here.stepping_in.hang_up(call_id)
    assert (await row(db, call_id)).status == "in-progress"
    assert not await here.stepping_in.hang_up(UUID(int=8)), "there is no such call"
