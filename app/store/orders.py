"""What is to be done to running calls, by whichever machine has them: asked for once, taken once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.transfer_tables import CallOrderRow

Order = Literal["hang-up", "goodbye", "digits", "verdict"]
STALE = timedelta(seconds=15)
"""Nobody waits for an order any longer; what was asked for then must not surprise anybody later."""

KEPT = timedelta(hours=1)


async def give(session: AsyncSession, call_id: UUID, order: Order, now: datetime, digits: str = "") -> UUID:
    """Ask whoever has the call; the order's id. `digits`: the keys to press, or the carrier's verdict to tell."""
    row = CallOrderRow(id=uuid4(), call_id=call_id, order=order, digits=digits, asked_at=now)
    session.add(row)
    await session.flush()
    return row.id


@dataclass(frozen=True, slots=True)
class Taken:
    """An order, as its taker gets it; the digits are kept nowhere else from then on."""

    call_id: UUID
    order: str
    digits: str = field(repr=False)


async def take(session: AsyncSession, running: Iterable[UUID], now: datetime) -> Sequence[Taken]:
    """The orders for these calls that nobody has taken, in order; they are taken now."""
    mine = (col(CallOrderRow.call_id).in_(list(running)), col(CallOrderRow.taken_at).is_(None))
    waiting = select(CallOrderRow).where(*mine, col(CallOrderRow.asked_at) >= now - STALE)
    rows = (await session.scalars(waiting.order_by(col(CallOrderRow.asked_at)))).all()
    found = [(row.id, Taken(row.call_id, row.order, row.digits)) for row in rows]
    return [order for id_, order in found if await _taken(session, id_, now)]


async def withdraw(session: AsyncSession, id_: UUID) -> bool:
    """Nobody took it in time, so nobody may any more. False if somebody has."""
    statement = delete(CallOrderRow).where(col(CallOrderRow.id) == id_, col(CallOrderRow.taken_at).is_(None))
    result = await session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


async def forget(session: AsyncSession, now: datetime) -> None:
    """Orders that are done, or that nobody waits for any longer."""
    old = delete(CallOrderRow).where(col(CallOrderRow.asked_at) < now - KEPT)
    await session.execute(old, execution_options={"synchronize_session": False})


async def was_taken(session: AsyncSession, id_: UUID) -> bool:
    """Has the machine that runs the call done it?"""
    chosen = select(col(CallOrderRow.taken_at)).where(col(CallOrderRow.id) == id_)
    return (await session.scalars(chosen)).one_or_none() is not None


async def _taken(session: AsyncSession, id_: UUID, now: datetime) -> bool:
    statement = update(CallOrderRow).where(col(CallOrderRow.id) == id_, col(CallOrderRow.taken_at).is_(None))
    result = await session.execute(
        statement.values(taken_at=now, digits=""), execution_options={"synchronize_session": False}
    )
    return isinstance(result, CursorResult) and result.rowcount == 1
