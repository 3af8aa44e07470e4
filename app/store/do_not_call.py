"""Numbers that must not be rung, whoever asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.outbound_tables import DoNotCallRemovedRow, DoNotCallRow
from app.store.records import clean
from app.store.transcripts import insert_into

SHORTEST_REASON, LONGEST_REASON = 3, 200
_KEPT = ("e164", "source", "note", "call_id", "created_at")

Source = Literal["rest", "page", "csv", "callee"]


async def forbid(
    session: AsyncSession, e164: str, *, source: Source, now: datetime, note: str = "", call_id: UUID | None = None
) -> bool:
    """Never ring `e164` again; False if that was known. What was known stays as it was."""
    values = {"e164": e164, "source": source, "note": clean(note)[:200], "call_id": call_id, "created_at": now}
    statement = insert_into(session, DoNotCallRow).values(values).on_conflict_do_nothing(index_elements=["e164"])
    done = await session.execute(statement)
    return bool(isinstance(done, CursorResult) and done.rowcount)


async def is_forbidden(session: AsyncSession, e164: str) -> bool:
    """Must this number not be rung?"""
    return await session.scalar(select(col(DoNotCallRow.e164)).where(col(DoNotCallRow.e164) == e164)) is not None


async def get_forbidden(session: AsyncSession, e164: str) -> DoNotCallRow | None:
    """What is known of a number that must not be rung, or None."""
    return await session.get(DoNotCallRow, e164)


async def allow_again(
    session: AsyncSession, e164: str, *, source: Literal["rest", "page"], reason: str, now: datetime
) -> bool:
    """Take a number off the list, which keeps why; False if it was not on it."""
    kept = [getattr(DoNotCallRow, name) for name in _KEPT]
    off = delete(DoNotCallRow).where(col(DoNotCallRow.e164) == e164).returning(*kept)
    entry = (await session.execute(off)).one_or_none()
    if entry is None:
        return False
    was = dict(zip(_KEPT, entry, strict=True))
    session.add(DoNotCallRemovedRow(**was, removed_by=source, reason=clean(reason)[:LONGEST_REASON], removed_at=now))
    await session.flush()
    return True


async def removed_before(session: AsyncSession, e164: str, limit: int = 50) -> Sequence[DoNotCallRemovedRow]:
    """When and why this number was taken off the list, the last time first."""
    chosen = select(DoNotCallRemovedRow).where(col(DoNotCallRemovedRow.e164) == e164)
    return (await session.scalars(chosen.order_by(col(DoNotCallRemovedRow.removed_at).desc()).limit(limit))).all()


async def list_forbidden(session: AsyncSession, after: str = "", limit: int = 50) -> Sequence[DoNotCallRow]:
    """Numbers in order, those that come after `after`."""
    chosen = select(DoNotCallRow).where(col(DoNotCallRow.e164) > after).order_by(col(DoNotCallRow.e164)).limit(limit)
    return (await session.scalars(chosen)).all()
