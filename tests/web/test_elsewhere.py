"""Two machines on one PostgreSQL: a stream that comes to another one than its webhook did."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from app.carriers.registry import carrier
from app.carriers.tokens import StreamTokens
from app.store import calls
from app.store.engine import Database
from app.store.tables import CallRow
from app.store.writer import StoreWriter
from app.web import elsewhere, twilio, twilio_onward
from app.web.reception import Reception
from tests.databases import POSTGRES_URL
from tests.store.samples import NOON
from tests.web.test_stream_door import OTHER, SID, Socket, a_supervisor, answered, incoming, serve, slots

pytestmark = pytest.mark.skipif(not POSTGRES_URL, reason="on SQLite there is one machine")


@pytest.fixture
async def machines(emptied_postgres_url: str) -> AsyncIterator[tuple[Reception, Reception]]:
    """One line each."""
    made = [
        Reception(
            carrier("twilio"),
            a_supervisor(),
            Database(emptied_postgres_url),
            StreamTokens("secret"),
            "http://h",
            "ws://h/twilio/stream",
            name,
            "token",
        )
        for name in ("m1", "m2")
    ]
    yield made[0], made[1]
    for one in made:
        await one.db.close()


async def row(reception: Reception) -> CallRow:
    async with reception.db.reading() as session:
        found = await calls.by_sid(session, SID)
    assert found is not None
    return found


async def test_a_stream_is_let_in_where_it_comes_and_the_call_is_that_machines(
    machines: tuple[Reception, Reception],
) -> None:
    here, there = machines
    socket = Socket(await answered(here))
    with pytest.raises(AttributeError):  # let in, and there is nothing that could begin a call
        await serve(socket, there)
    found = await row(here)
    assert (found.status, found.machine) == ("in-progress", "m2")


async def test_one_that_comes_to_a_full_machine_is_told_so_as_if_it_had_rung_there(
    machines: tuple[Reception, Reception],
) -> None:
    here, there = machines
    message = await answered(here)
    assert there.supervisor.admission.take(OTHER, there.supervisor.clock.now())
    socket = Socket(message)
    await serve(socket, there)
    assert socket.closed == [1008]
    found = await row(here)
    assert (found.status, found.end_reason) == ("busy", "all-lines-busy")
    said = await twilio_onward._after_stream(here, found.id, cast("Any", type("Over", (), {"call_sid": SID})()))
    assert said == here.carrier.busy()


async def test_a_key_that_is_used_again_turns_no_running_call_away(machines: tuple[Reception, Reception]) -> None:
    here, there = machines
    message = await answered(here)
    with pytest.raises(AttributeError):
        await serve(Socket(message), here)
    assert there.supervisor.admission.take(OTHER, there.supervisor.clock.now())
    for machine in (here, there):
        again = Socket(message)
        await serve(again, machine)
        assert again.closed == [1008]
    assert (await row(here)).status == "in-progress"
    assert slots(here) == 0


async def test_who_rings_again_at_once_waits_for_what_another_machine_still_writes_down(
    machines: tuple[Reception, Reception], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = machines
    writer = StoreWriter(there.db)
    monkeypatch.setattr(there.supervisor, "_writer", writer)
    await twilio.answer(incoming(), here)
    call = await row(here)

    async def ends() -> None:
        await asyncio.sleep(0.2)
        async with here.db.transaction() as session:
            done = {"status": "completed", "end_reason": "completed", "ended_at": NOON, "duration_s": 1.0}
            await calls.finish(session, call.id, **done)  # type: ignore[arg-type]

    ending = asyncio.create_task(ends())
    await elsewhere.closed(there, [call.id], 5)
    assert ending.done()
    assert (await row(there)).status == "completed"
