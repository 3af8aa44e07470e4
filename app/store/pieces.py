"""Recordings and timelines as the database keeps them: in pieces, each added once, right behind the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.piece_tables import CallPieceRow
from app.store.tables import ACTIVE, CallRow
from app.store.transcripts import insert_into

Kind = Literal["recording", "timeline"]


async def add_piece(session: AsyncSession, call_id: UUID, kind: Kind, start: int, length: int, data: bytes) -> None:
    """Keep a piece; the same one twice is one. The call must exist (IntegrityError otherwise)."""
    values = {"call_id": call_id, "kind": kind, "start": start, "length": length, "data": data}
    await session.execute(insert_into(session, CallPieceRow).values(values).on_conflict_do_nothing())


async def stored_bytes(session: AsyncSession, call_id: UUID, kind: Kind) -> int:
    """How much of it is kept, from its beginning on; 0 if there is none."""
    end = func.max(col(CallPieceRow.start) + col(CallPieceRow.length))
    return int((await session.execute(select(end).where(*_of(call_id, kind)))).scalar_one() or 0)


async def pieces_between(
    session: AsyncSession, call_id: UUID, kind: Kind, start: int, end: int
) -> Sequence[CallPieceRow]:
    """The pieces that have something of the bytes from `start` up to `end`, the first one first."""
    within = (col(CallPieceRow.start) < end, col(CallPieceRow.start) + col(CallPieceRow.length) > start)
    chosen = select(CallPieceRow).where(*_of(call_id, kind), *within)
    return (await session.scalars(chosen.order_by(col(CallPieceRow.start)))).all()


async def piece_after(session: AsyncSession, call_id: UUID, kind: Kind, start: int) -> CallPieceRow | None:
    """The piece that has the byte at `start`; None behind the end."""
    return next(iter(await pieces_between(session, call_id, kind, start, start + 1)), None)


async def having(session: AsyncSession, call_ids: Iterable[UUID], kind: Kind) -> set[UUID]:
    """Those of the calls of which something is kept."""
    chosen = select(col(CallPieceRow.call_id)).where(
        col(CallPieceRow.call_id).in_(list(call_ids)), col(CallPieceRow.kind) == kind, col(CallPieceRow.start) == 0
    )
    return set((await session.scalars(chosen)).all())


async def drop_pieces(session: AsyncSession, call_id: UUID) -> None:
    """Keep nothing of a call's recording and timeline any more."""
    await session.execute(delete(CallPieceRow).where(col(CallPieceRow.call_id) == call_id))


async def over(session: AsyncSession, call_ids: Iterable[UUID]) -> dict[UUID, bool]:
    """Whether each of the calls has ended; those that nobody knows are missing."""
    chosen = select(col(CallRow.id), col(CallRow.status)).where(col(CallRow.id).in_(list(call_ids)))
    return {call_id: status not in ACTIVE for call_id, status in (await session.execute(chosen)).all()}


def _of(call_id: UUID, kind: Kind) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(CallPieceRow.call_id) == call_id, col(CallPieceRow.kind) == kind
