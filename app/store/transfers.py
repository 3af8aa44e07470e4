"""Handing a call over to a person, as stored: each step is taken once, in order, whatever arrives twice or late.

`asked` → `ringing` → `picked-up` → `taken`, where a key is asked for → one of `answered`, `no-answer`, `busy`,
`failed`, `declined`, `caller-gone`. An UPDATE names what it comes from, so that a late message never takes a transfer
out of its end. `lost` is one of which nothing was heard any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.records import clean, clean_json
from app.store.transfer_tables import TransferRow

OPEN = ("asked", "ringing", "picked-up", "taken")
_FORGOTTEN = timedelta(hours=5)
"""A call over which a person took lasts four hours at most."""
_NOT_ASKED_FOR = timedelta(minutes=10)
"""The carrier asks at once what comes next; where it does not, the caller was gone before."""


async def ask(
    session: AsyncSession,
    *,
    id_: UUID,
    call_id: UUID,
    number: str,
    asked_by: str,
    about: str,
    parked: dict[str, Any] | None,
    now: datetime,
) -> None:
    """A person is to take this call over."""
    row = TransferRow(
        id=id_, call_id=call_id, number=number, asked_by=asked_by, about=clean(about)[:300], asked_at=now,
        parked=None if parked is None else clean_json(parked),
    )  # fmt: skip
    session.add(row)
    await session.flush()


async def find(session: AsyncSession, id_: UUID) -> TransferRow | None:
    """The transfer of this id."""
    return await session.get(TransferRow, id_, populate_existing=True)


async def transfers_of(session: AsyncSession, call_ids: Sequence[UUID]) -> Sequence[TransferRow]:
    """Those of these calls, the first one first."""
    chosen = select(TransferRow).where(col(TransferRow.call_id).in_(call_ids)).order_by(col(TransferRow.asked_at))
    return (await session.scalars(chosen)).all()


async def came_back_as(session: AsyncSession, call_id: UUID) -> TransferRow | None:
    """The transfer from which this call came back to us; None for one that did not."""
    chosen = select(TransferRow).where(col(TransferRow.back_call_id) == call_id)
    return (await session.scalars(chosen)).first()


async def rings(session: AsyncSession, id_: UUID, now: datetime) -> bool:
    """The carrier has been told whom to ring. True every time it asks, until the transfer is over."""
    await _move(session, id_, ("asked",), status="ringing", rung_at=now)
    row = await find(session, id_)
    return row is not None and row.status in OPEN


async def picked_up(session: AsyncSession, id_: UUID, now: datetime) -> bool:
    """The person has picked up. False if the transfer is over."""
    await _move(session, id_, ("asked", "ringing"), status="picked-up", picked_up_at=now)
    row = await find(session, id_)
    return row is not None and row.status in OPEN


async def taken(session: AsyncSession, id_: UUID) -> None:
    """They have pressed the key by which they take the call."""
    await _move(session, id_, ("picked-up",), status="taken")


async def end(session: AsyncSession, id_: UUID, status: str, now: datetime, duration_s: int | None = None) -> bool:
    """It is over. True the first time alone."""
    return await _move(session, id_, OPEN, status=status, ended_at=now, duration_s=duration_s)


async def comes_back(session: AsyncSession, id_: UUID, call_id: UUID) -> None:
    """The call is with us again, as `call_id`."""
    await session.execute(update(TransferRow).where(col(TransferRow.id) == id_).values(back_call_id=call_id))


async def forget_lost(session: AsyncSession, now: datetime) -> None:
    """Transfers of whose end nobody told us."""
    lost = update(TransferRow).where(
        col(TransferRow.status).in_(OPEN) & (col(TransferRow.asked_at) < now - _FORGOTTEN)
        | (col(TransferRow.status) == "asked") & (col(TransferRow.asked_at) < now - _NOT_ASKED_FOR)
    )
    await session.execute(lost.values(status="lost"), execution_options={"synchronize_session": False})


async def _move(session: AsyncSession, id_: UUID, from_: tuple[str, ...], **to: Any) -> bool:
    statement = update(TransferRow).where(col(TransferRow.id) == id_, col(TransferRow.status).in_(from_)).values(**to)
    result = await session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1
