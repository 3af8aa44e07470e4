"""What happens on one machine is seen on another, and a call can be ended from wherever somebody looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

import pytest

from app.clock import SystemClock
from app.runtime import across as across_module
from app.runtime.across import Across
from app.runtime.admission import Admission
from app.runtime.live import CallEnded, CallStarted, LiveHub, Missed
from app.store.calls import claim_stream, finish
from app.store.engine import Database
from app.store.records import FinishRecord, SegmentRecord
from app.store.writer import StoreWriter
from tests.databases import POSTGRES_URL
from tests.store.samples import NOON, line, ringing

pytestmark = pytest.mark.skipif(not POSTGRES_URL, reason="on SQLite there is one machine")


@dataclass
class Calls:
    """Those that a machine runs; they end as soon as they are told to."""

    db: Database
    running: set[UUID] = field(default_factory=set)
    admission: Admission = field(default_factory=lambda: Admission(2))
    hung_up: list[asyncio.Task[Any]] = field(default_factory=list)

    def hang_up(self, call_id: UUID) -> bool:
        if call_id in self.running:
            self.hung_up.append(asyncio.create_task(self._end(call_id)))
        return call_id in self.running

    async def _end(self, call_id: UUID) -> None:
        async with self.db.transaction() as session:
            done = {"status": "completed", "end_reason": "operator", "ended_at": NOON, "duration_s": 1.0}
            await finish(session, call_id, **done)  # type: ignore[arg-type]


@dataclass
class Machine:
    db: Database
    hub: LiveHub
    calls: Calls
    across: Across


@pytest.fixture
async def machines(emptied_postgres_url: str) -> AsyncIterator[tuple[Machine, Machine]]:
    made = []
    for _ in range(2):
        db, hub = Database(emptied_postgres_url), LiveHub()
        calls = Calls(db)
        made.append(Machine(db, hub, calls, Across(db, hub, cast("Any", calls), SystemClock())))
    running = [asyncio.create_task(one.across.run()) for one in made]
    for one in made:
        assert one.across.listening is not None
        async with asyncio.timeout(20):
            await one.across.listening.hears.wait()
    yield made[0], made[1]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for one in made:
        await asyncio.gather(*one.calls.hung_up)
        await one.db.close()


async def a_call(machine: Machine) -> UUID:
    """One that runs there."""
    async with machine.db.transaction() as session:
        call = await ringing(session)
        assert await claim_stream(session, call.id, "MZ1", NOON, "m")
    machine.calls.running.add(call.id)
    return call.id


async def test_a_line_that_is_written_on_one_machine_is_seen_on_another_as_it_grows(
    machines: tuple[Machine, Machine],
) -> None:
    here, there = machines
    writer = StoreWriter(here.db)
    writer.start()
    with there.hub.subscribe(None) as rows:
        call_id = await a_call(here)
        async with asyncio.timeout(10):
            while (told := await anext(aiter(rows))) != CallStarted(call_id):
                assert isinstance(told, Missed)
        with there.hub.subscribe(call_id) as lines:
            said = line(call_id, "hello", final=False)
            grown = replace(said, text="hello there", heard_text="hello there", final=True)
            for record in (said, grown):
                writer.put_nowait(record)
                await writer.flush()
            writer.put_nowait(FinishRecord(call_id, "completed", "caller-hung-up", NOON, 3.0, 3000, {}))
            async with asyncio.timeout(10):
                seen: list[object] = []
                async for update in lines:
                    seen.append(update)
                    if isinstance(update, CallEnded):
                        break
        *written, ended = seen
        assert {type(one) for one in written} == {SegmentRecord}
        assert written[-1] == grown
        assert ended == CallEnded(call_id, "caller-hung-up")
    await writer.aclose()


async def test_a_call_is_ended_from_the_machine_that_does_not_have_it(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    call_id = await a_call(here)
    assert await there.across.hang_up(call_id)
    assert len(here.calls.hung_up) == 1
    assert await there.across.hang_up(call_id), "it is over, as was wanted"


async def test_a_call_whose_machine_does_not_answer_is_not_said_to_have_ended(
    machines: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = machines
    monkeypatch.setattr(across_module, "ASK_EVERY_S", 0.1)
    call_id = await a_call(here)
    here.calls.running.clear()
    assert not await there.across.hang_up(call_id)


async def test_a_slot_that_was_kept_for_a_stream_is_free_when_another_machine_has_the_stream(
    machines: tuple[Machine, Machine],
) -> None:
    here, there = machines
    now = SystemClock().now()
    async with there.db.transaction() as session:
        call = await ringing(session)
    assert there.calls.admission.take(call.call_sid, now)
    async with here.db.transaction() as session:
        assert await claim_stream(session, call.id, "MZ1", NOON, "m")
    async with asyncio.timeout(10):
        while there.calls.admission.taken(now):  # noqa: ASYNC110 - another machine tells
            await asyncio.sleep(0.01)
