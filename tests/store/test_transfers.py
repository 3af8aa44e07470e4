"""Persons who were asked to take a call over, and orders for running calls: each step once, whatever the order."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.store import orders, transfers
from app.store.engine import Database
from tests.store.samples import NOON, talking

ID = UUID(int=1)


async def asked(db: Database) -> UUID:
    async with db.transaction() as session:
        call = await talking(session)
        await transfers.ask(
            session, id_=ID, call_id=call.id, number="+442079460000", asked_by="words", about="an\x00 invoice",
            parked={"said": "One moment."}, now=NOON,
        )  # fmt: skip
    return call.id


async def status(db: Database) -> str:
    async with db.reading() as session:
        row = await transfers.find(session, ID)
    assert row is not None
    return row.status


async def step(db: Database, name: str) -> bool:
    async with db.transaction() as session:
        if name == "rings":
            return await transfers.rings(session, ID, NOON)
        if name == "picked-up":
            return await transfers.picked_up(session, ID, NOON)
        return await transfers.end(session, ID, name, NOON, 7)


@pytest.mark.parametrize("order", list(itertools.permutations(["rings", "picked-up", "answered"])))
async def test_in_whatever_order_messages_come_the_end_holds(db: Database, order: tuple[str, ...]) -> None:
    await asked(db)
    for name in (*order, *order):
        await step(db, name)
    assert await status(db) == "answered"
    assert not await step(db, "rings"), "nobody is rung for what is over"
    assert not await step(db, "busy")
    assert await status(db) == "answered"


async def test_of_two_ends_at_the_same_moment_one_counts(db: Database) -> None:
    await asked(db)
    ends = await asyncio.gather(*(step(db, name) for name in ("answered", "busy", "no-answer", "failed")))
    assert ends.count(True) == 1


async def test_a_late_ring_does_not_undo_that_somebody_picked_up(db: Database) -> None:
    await asked(db)
    assert await step(db, "picked-up")
    assert await step(db, "rings"), "it is answered alike while it goes on"
    assert await status(db) == "picked-up"


async def test_what_nobody_told_the_end_of_is_lost_and_what_is_parked_is_kept(db: Database) -> None:
    call_id = await asked(db)
    assert await step(db, "rings")
    for hours, wanted in ((4, "ringing"), (6, "lost")):
        async with db.transaction() as session:
            await transfers.forget_lost(session, NOON + timedelta(hours=hours))
        assert await status(db) == wanted
    async with db.transaction() as session:
        back = await talking(session, call_sid="CA9.2")
        await transfers.comes_back(session, ID, back.id)
        (row,) = await transfers.transfers_of(session, [call_id])
        found = await transfers.came_back_as(session, back.id)
    assert (row.about, row.parked) == ("an invoice", {"said": "One moment."})
    assert found is not None
    assert found.id == ID


async def test_what_the_carrier_never_asked_for_is_lost_sooner(db: Database) -> None:
    await asked(db)
    for minutes, wanted in ((9, "asked"), (11, "lost")):
        async with db.transaction() as session:
            await transfers.forget_lost(session, NOON + timedelta(minutes=minutes))
        assert await status(db) == wanted


async def test_an_order_is_taken_once_and_its_digits_are_kept_nowhere_else(db: Database) -> None:
    async with db.transaction() as session:
        call, other = await talking(session), await talking(session)
        id_ = await orders.give(session, call.id, "digits", NOON, "1234#")

    async def take(*running: UUID) -> list[orders.Taken]:
        async with db.transaction() as session:
            return list(await orders.take(session, running, NOON))

    assert await take(other.id) == []
    taken = await asyncio.gather(*(take(call.id, other.id) for _ in range(4)))
    assert [order for orders_ in taken for order in orders_] == [orders.Taken(call.id, "digits", "1234#")]
    async with db.transaction() as session:
        assert await orders.was_taken(session, id_)
        assert not await orders.withdraw(session, id_)
        assert (await session.get_one(orders.CallOrderRow, id_)).digits == ""


async def test_an_order_that_nobody_waits_for_any_more_surprises_nobody(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        await orders.give(session, call.id, "hang-up", NOON)
        withdrawn = await orders.give(session, call.id, "goodbye", NOON)
        assert await orders.withdraw(session, withdrawn)
        assert await orders.take(session, [call.id], NOON + timedelta(minutes=1)) == []
        await orders.forget(session, NOON + timedelta(hours=2))
        assert (await session.scalars(select(orders.CallOrderRow))).all() == []
