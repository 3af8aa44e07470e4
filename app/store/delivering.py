"""The outbox as those see it who empty it: what is due is leased to one machine at a time, in order for each subject.

Only the first of a subject that is neither delivered nor given up can be taken, so what follows waits for it. A try is
counted when it is taken: a machine that dies with it leaves a lease that runs out, and another one tries again. That
may tell the same twice, never not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, exists, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.store.listing import MAXIMUM_LIMIT, cursor_of, key_of
from app.store.outbound_tables import OutboxRow
from app.store.records import clean
from app.store.tables import UtcDateTime

State = Literal["waiting", "delivered", "given-up"]
LEASE_S = 60.0
"""Longer than a delivery may take, whatever the other side does."""


class NoSuchEventError(LookupError):
    """There is no event of this id."""


def state_of(row: OutboxRow) -> State:
    """How an event stands."""
    if row.next_try_at is not None:
        return "waiting"
    return "given-up" if row.given_up_at is not None else "delivered"


async def claim_events(session: AsyncSession, now: datetime, most: int) -> Sequence[OutboxRow]:
    """Take what is due and first in its order, at most `most`; the lease keeps other machines off."""
    before = aliased(OutboxRow)
    blocked = exists().where(
        col(before.subject_id) == col(OutboxRow.subject_id),
        col(before.seq) < col(OutboxRow.seq),
        col(before.next_try_at).is_not(None),
    )
    free = col(OutboxRow.lease_until).is_(None) | (col(OutboxRow.lease_until) <= now)
    due = (
        select(col(OutboxRow.id))
        .where(col(OutboxRow.next_try_at) <= now, free, ~blocked)
        .order_by(col(OutboxRow.next_try_at), col(OutboxRow.id))
        .limit(most)
        .with_for_update(skip_locked=True, of=OutboxRow)  # SQLite leaves this out
    )
    statement = (
        update(OutboxRow)
        .where(col(OutboxRow.id).in_(due.scalar_subquery()))
        .values(lease_until=now + timedelta(seconds=LEASE_S), tries=OutboxRow.tries + 1)
        .returning(OutboxRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows = (await session.scalars(statement)).all()
    return sorted(rows, key=lambda row: (row.created_at, row.seq))


async def record_delivered(session: AsyncSession, id_: UUID, status: int, now: datetime) -> None:
    """The other side has taken it; true even if the lease is over by now."""
    done = {"delivered_at": now, "given_up_at": None, "next_try_at": None, "lease_until": None}
    statement = (
        update(OutboxRow).where(col(OutboxRow.id) == id_).values(done | {"last_status": status, "last_error": ""})
    )
    await session.execute(statement.execution_options(synchronize_session=False))


async def record_failed(
    session: AsyncSession,
    taken: OutboxRow,
    error: str,
    now: datetime,
    *,
    status: int | None = None,
    again_at: datetime | None,
) -> bool:
    """This try was in vain; `again_at`: None to give it up. False if another machine has taken it meanwhile."""
    values: dict[str, Any] = {"lease_until": None, "last_status": status, "last_error": clean(error)[:200]}
    values |= {"next_try_at": again_at, "given_up_at": now if again_at is None else None}
    mine = (
        col(OutboxRow.id) == taken.id,
        col(OutboxRow.tries) == taken.tries,
        col(OutboxRow.next_try_at).is_not(None),
        col(OutboxRow.lease_until) == taken.lease_until,
    )
    statement = update(OutboxRow).where(*mine).values(values).returning(col(OutboxRow.id))
    return (await session.scalars(statement.execution_options(synchronize_session=False))).first() is not None


async def find_event(session: AsyncSession, id_: UUID, *, to_change: bool = False) -> OutboxRow:
    """The event of this id. Raises NoSuchEventError."""
    chosen = select(OutboxRow).where(col(OutboxRow.id) == id_).execution_options(populate_existing=True)
    row = (await session.scalars(chosen.with_for_update() if to_change else chosen)).one_or_none()
    if row is None:
        raise NoSuchEventError(str(id_))
    return row


async def replay(session: AsyncSession, id_: UUID, now: datetime) -> OutboxRow:
    """Send it (again) now, with all its tries before it; one that is being sent just now is left alone. Raises
    NoSuchEventError."""
    row = await find_event(session, id_, to_change=True)
    if row.lease_until is None or row.lease_until <= now:
        row.tries, row.next_try_at, row.lease_until = 0, now, None
        row.delivered_at = row.given_up_at = None
        await session.flush()
    return row


@dataclass(frozen=True, slots=True)
class EventFilters:
    """What to list; None lets everything through. `about`: a scheduled call, or an interview."""

    state: State | None = None
    event: str | None = None
    about: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if self.state == "waiting":
            wanted.append(col(OutboxRow.next_try_at).is_not(None))
        elif self.state is not None:
            given_up = col(OutboxRow.given_up_at)
            wanted.append(col(OutboxRow.next_try_at).is_(None))
            wanted.append(given_up.is_not(None) if self.state == "given-up" else given_up.is_(None))
        if self.event:
            wanted.append(col(OutboxRow.event) == clean(self.event))
        if self.about is not None:
            wanted.append((col(OutboxRow.subject_id) == self.about) | (col(OutboxRow.interview_id) == self.about))
        return wanted


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, and the cursor of those after them; None at the end."""

    items: Sequence[OutboxRow]
    next_cursor: str | None


async def list_events(
    session: AsyncSession, filters: EventFilters, cursor: str | None = None, limit: int = 50
) -> EventPage:
    """One page of events, the newest first. Raises listing.CursorError."""
    limit = max(1, min(limit, MAXIMUM_LIMIT))
    chosen = select(OutboxRow).where(*filters.conditions())
    if cursor:
        created_at, event_id = key_of(cursor)
        key = tuple_(col(OutboxRow.created_at), col(OutboxRow.id))
        chosen = chosen.where(key < tuple_(literal(created_at, UtcDateTime()), literal(event_id, Uuid())))
    order = (col(OutboxRow.created_at).desc(), col(OutboxRow.id).desc())
    rows = (await session.scalars(chosen.order_by(*order).limit(limit + 1))).all()
    items = rows[:limit]
    return EventPage(items, cursor_of(items[-1]) if len(rows) > limit else None)
