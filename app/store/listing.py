"""Lists of calls: filtered, searched, newest first, a page at a time.

Pages go by key, not by offset: a call that arrives while someone turns pages shifts nothing, and the last page of
ten thousand costs what the first one does.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.records import Direction, clean, fold
from app.store.tables import CallRow, SegmentRow, UtcDateTime

MAXIMUM_LIMIT = 200
MAXIMUM_WORDS = 8
"""Words of a search beyond these are not looked at: each costs a scan, and more of them find nothing anyway."""


class CursorError(ValueError):
    """A cursor that this list never gave out."""


@dataclass(frozen=True, slots=True)
class CallFilters:
    """What to list; None and empty let everything through. Times are aware; `since` is included, `until` is not.

    `outcome`: a status or an end reason. `end_reason`: that alone, as `completed` is both. `search`: words which must
    all occur in one line. `phone`: a part of either number.
    """

    persona: str | None = None
    direction: Direction | None = None
    outcome: str | None = None
    end_reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Calls, and the cursor of those after them; None at the end."""

    items: Sequence[CallRow]
    next_cursor: str | None


async def list_calls(session: AsyncSession, filters: CallFilters, cursor: str | None = None, limit: int = 50) -> Page:
    """One page of calls, newest first. `limit` is brought into 1..200. Raises CursorError."""
    limit = max(1, min(limit, MAXIMUM_LIMIT))
    chosen = select(CallRow).where(*conditions(session, filters))
    if cursor:
        created_at, call_id = key_of(cursor)
        key = tuple_(col(CallRow.created_at), col(CallRow.id))
        last = tuple_(literal(created_at, UtcDateTime()), literal(call_id, Uuid()))
        chosen = chosen.where(key < last)
    chosen = chosen.order_by(col(CallRow.created_at).desc(), col(CallRow.id).desc()).limit(limit + 1)
    rows = (await session.scalars(chosen)).all()
    items = rows[:limit]
    return Page(items, cursor_of(items[-1]) if len(rows) > limit else None)


async def count_calls(session: AsyncSession, filters: CallFilters | None = None) -> int:
    """How many calls the filters let through."""
    chosen = select(func.count()).select_from(CallRow).where(*conditions(session, filters or CallFilters()))
    return int((await session.execute(chosen)).scalar_one())


async def counts_by_status(session: AsyncSession) -> Mapping[str, int]:
    """How many calls there are of each status that occurs."""
    grouped = select(col(CallRow.status), func.count()).group_by(col(CallRow.status))
    return {status: int(count) for status, count in (await session.execute(grouped)).all()}


async def end_reasons(session: AsyncSession) -> Sequence[str]:
    """The reasons for which calls have ended so far, in alphabetical order."""
    reason = col(CallRow.end_reason)
    return [found for found in (await session.scalars(select(reason).distinct().order_by(reason))).all() if found]


def conditions(session: AsyncSession, filters: CallFilters) -> list[ColumnElement[bool]]:
    """What a call's row must meet to be let through by `filters`."""
    wanted: list[ColumnElement[bool]] = []
    if filters.persona:
        wanted.append(col(CallRow.persona) == clean(filters.persona))
    if filters.direction:
        wanted.append(col(CallRow.direction) == filters.direction)
    if filters.outcome:
        outcome = clean(filters.outcome)
        wanted.append(or_(col(CallRow.status) == outcome, col(CallRow.end_reason) == outcome))
    if filters.end_reason:
        wanted.append(col(CallRow.end_reason) == clean(filters.end_reason))
    if filters.since:
        wanted.append(col(CallRow.created_at) >= filters.since)
    if filters.until:
        wanted.append(col(CallRow.created_at) < filters.until)
    phone = "".join(clean(filters.phone).split()) if filters.phone else ""
    if phone:
        wanted.append(
            or_(
                col(CallRow.from_number).contains(phone, autoescape=True),
                col(CallRow.to_number).contains(phone, autoescape=True),
            )
        )
    if filters.search and filters.search.strip():
        wanted.append(_spoken(session, filters.search))
    return wanted


def _spoken(session: AsyncSession, search: str) -> ColumnElement[bool]:
    """Calls with a line that holds every word of `search`, whatever its case and accents, parts of words included.

    A plain scan of the folded lines, the same on both databases; docs/store.md has what it costs.
    """
    dialect = session.get_bind().dialect.name
    position = func.strpos if dialect == "postgresql" else func.instr
    words = fold(search).split()[:MAXIMUM_WORDS]
    found = [position(col(SegmentRow.folded), word) > 0 for word in words]
    return col(CallRow.id).in_(select(col(SegmentRow.call_id)).where(*found))


class Keyed(Protocol):
    """What has a place in a list of newest first."""

    id: UUID
    created_at: datetime


def cursor_of(row: Keyed) -> str:
    """The cursor of what comes after this one."""
    key = f"{row.created_at.astimezone(UTC).isoformat()}|{row.id}"
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(cursor: str) -> tuple[datetime, UUID]:
    """Where in the list a cursor stands: `created_at` and `id`. Raises CursorError."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        created_at, _, call_id = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").partition("|")
        when = datetime.fromisoformat(created_at)
        if when.tzinfo is None:
            raise ValueError("no zone")
        return when.astimezone(UTC), UUID(call_id)
    except (ValueError, OverflowError, binascii.Error):
        raise CursorError("this cursor is not one that the list gave: start again without one") from None
