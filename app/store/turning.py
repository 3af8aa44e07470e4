"""Turning the pages of a list of calls in both directions, and the lines that a search found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.listing import MAXIMUM_WORDS, CallFilters, conditions, cursor_of, key_of, list_calls
from app.store.records import fold
from app.store.tables import CallRow, SegmentRow, UtcDateTime


@dataclass(frozen=True, slots=True)
class Leaf:
    """Calls, newest first; the cursors by which to turn to newer and to older ones, None where there are none."""

    items: Sequence[CallRow]
    newer: str | None
    older: str | None


async def turn_to(
    session: AsyncSession, filters: CallFilters, *, older: str | None = None, newer: str | None = None, limit: int = 50
) -> Leaf:
    """The newest calls, those `older` than a cursor, or those `newer` than one. Raises CursorError.

    Whoever turns back to the beginning gets the first page whole, with what has come in since.
    """
    if newer:
        leaf = await _newer_than(session, filters, newer, limit)
        if leaf.newer is not None:
            return leaf
        older = None
    page = await list_calls(session, filters, older, limit)
    return Leaf(page.items, cursor_of(page.items[0]) if older and page.items else None, page.next_cursor)


async def _newer_than(session: AsyncSession, filters: CallFilters, cursor: str, limit: int) -> Leaf:
    created_at, call_id = key_of(cursor)
    key = tuple_(col(CallRow.created_at), col(CallRow.id))
    first = tuple_(literal(created_at, UtcDateTime()), literal(call_id, Uuid()))
    chosen = select(CallRow).where(*conditions(session, filters), key > first)
    chosen = chosen.order_by(col(CallRow.created_at), col(CallRow.id)).limit(limit + 1)
    rows = (await session.scalars(chosen)).all()
    items = rows[:limit][::-1]
    more = len(rows) > limit
    return Leaf(items, cursor_of(items[0]) if more else None, cursor_of(items[-1]) if items else None)


async def found_lines(session: AsyncSession, call_ids: Sequence[UUID], search: str) -> Mapping[UUID, SegmentRow]:
    """For each of these calls the first line that holds every word of `search`, by the call's id."""
    words = fold(search).split()[:MAXIMUM_WORDS]
    if not words or not call_ids:
        return {}
    position = func.strpos if session.get_bind().dialect.name == "postgresql" else func.instr
    holds = [position(col(SegmentRow.folded), word) > 0 for word in words]
    chosen = select(SegmentRow).where(col(SegmentRow.call_id).in_(call_ids), *holds)
    rows = (await session.scalars(chosen.order_by(col(SegmentRow.seq).desc()))).all()
    return {row.call_id: row for row in rows}
