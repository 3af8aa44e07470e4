"""Scheduled calls as those see them who arrange them: made once for a key, listed, changed, cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Uuid, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialling.plan import Plan
from app.dialling.window import Windows, dump, load
from app.store.listing import MAXIMUM_LIMIT, cursor_of, key_of
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.outbox import put_event
from app.store.records import clean, clean_json
from app.store.tables import UtcDateTime
from app.store.transcripts import insert_into, table_of

Voicemail = Literal["hang_up", "leave_message"]
Source = Literal["rest", "page", "csv"]


class KeyReusedError(ValueError):
    """This idempotency key came with another request before."""


class NoSuchScheduledCallError(LookupError):
    """There is no scheduled call of this id."""


class NotWaitingError(RuntimeError):
    """The call does not wait (any more): `status` says what it does."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What is arranged, checked by whoever makes it: `to_number` in E.164, times in UTC, a zone that there is."""

    to_number: str
    persona: str
    scheduled_at: datetime
    time_zone: str
    first_attempt_at: datetime
    windows: Windows = ()
    plan: Plan = field(default_factory=Plan)
    voicemail: Voicemail = "hang_up"
    variables: Mapping[str, Any] = field(default_factory=dict)
    webhook_url: str | None = None
    campaign: str = ""
    send_digits: str = ""

    def columns(self) -> dict[str, Any]:
        """As a row has it."""
        return {
            "to_number": self.to_number,
            "persona": self.persona,
            "scheduled_at": self.scheduled_at,
            "time_zone": self.time_zone,
            "next_attempt_at": self.first_attempt_at,
            "windows": dump(self.windows),
            "max_attempts": self.plan.max_attempts,
            "retry": {kind: list(delays) for kind, delays in self.plan.delays_s.items()},
            "voicemail": self.voicemail,
            "variables": clean_json(self.variables),
            "webhook_url": self.webhook_url,
            "campaign": clean(self.campaign)[:60],
            "send_digits": self.send_digits,
        }


def plan_of(row: ScheduledCallRow) -> Plan:
    """How a stored call is to be tried."""
    return Plan(row.max_attempts, {kind: tuple(delays) for kind, delays in row.retry.items()})


def windows_of(row: ScheduledCallRow) -> Windows:
    """When a stored call may be dialled."""
    return load(row.windows)


async def create_call(
    session: AsyncSession,
    given: Arrangement,
    *,
    source: Source,
    now: datetime,
    key: str | None = None,
    body_hash: str | None = None,
) -> tuple[ScheduledCallRow, bool]:
    """The scheduled call, and whether it was made just now. Raises KeyReusedError.

    The same `key` with the same `body_hash` gives the call that was made the first time, as it is by now.
    """
    values = given.columns() | {
        "id": uuid4(),
        "source": source,
        "status": "waiting",
        "reason": "scheduled",
        "attempts": 0,
        "cancel_asked": False,
        "idempotency_key": key,
        "body_hash": body_hash,
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    statement = insert_into(session, ScheduledCallRow).values(values)
    statement = statement.on_conflict_do_nothing(index_elements=["idempotency_key"])
    made = (await session.scalars(statement.returning(table_of(ScheduledCallRow).c.id))).one_or_none()
    if made is None:
        before = await find_by_key(session, key or "", body_hash)
        if before is None:
            raise LookupError("a call has vanished: its key is taken, and nobody has it")
        return before, False
    row = await find_scheduled(session, values["id"])
    await put_event(session, row, "call.scheduled", told_of(row), now)
    return row, True


async def find_by_key(session: AsyncSession, key: str, body_hash: str | None) -> ScheduledCallRow | None:
    """The call that was made with this key, None if there is none. Raises KeyReusedError if by another request."""
    chosen = select(ScheduledCallRow).where(col(ScheduledCallRow.idempotency_key) == key)
    row = (await session.scalars(chosen)).one_or_none()
    if row is not None and row.body_hash != body_hash:
        raise KeyReusedError
    return row


async def find_scheduled(session: AsyncSession, id_: UUID, *, to_change: bool = False) -> ScheduledCallRow:
    """The call of this id, locked `to_change` it where the database locks rows. Raises NoSuchScheduledCallError."""
    chosen = select(ScheduledCallRow).where(col(ScheduledCallRow.id) == id_)
    chosen = chosen.execution_options(populate_existing=True)
    row = (await session.scalars(chosen.with_for_update() if to_change else chosen)).one_or_none()
    if row is None:
        raise NoSuchScheduledCallError(str(id_))
    return row


async def attempts_of(session: AsyncSession, id_: UUID) -> Sequence[CallAttemptRow]:
    """Every attempt at a call, the first one first."""
    chosen = select(CallAttemptRow).where(col(CallAttemptRow.scheduled_call_id) == id_)
    chosen = chosen.order_by(col(CallAttemptRow.number)).execution_options(populate_existing=True)
    return (await session.scalars(chosen)).all()


async def arranged_for(session: AsyncSession, call_id: UUID) -> ScheduledCallRow | None:
    """The arrangement behind a call that we placed, with its variables; None for a call that rang us."""
    attempt = await session.get(CallAttemptRow, call_id)
    return None if attempt is None else await session.get(ScheduledCallRow, attempt.scheduled_call_id)


async def change_call(
    session: AsyncSession, id_: UUID, given: Arrangement, now: datetime, *, based_on: int | None = None
) -> ScheduledCallRow:
    """Arrange a waiting call anew. Raises NoSuchScheduledCallError, and NotWaitingError also where it was changed
    since the revision `based_on`."""
    wanted = [col(ScheduledCallRow.id) == id_, col(ScheduledCallRow.status) == "waiting"]
    if based_on is not None:
        wanted.append(col(ScheduledCallRow.revision) == based_on)
    values = given.columns() | {"reason": "scheduled", "updated_at": now, "revision": ScheduledCallRow.revision + 1}
    statement = update(ScheduledCallRow).where(*wanted).values(values).returning(col(ScheduledCallRow.id))
    changed = (await session.scalars(statement.execution_options(synchronize_session=False))).one_or_none()
    row = await find_scheduled(session, id_)
    if changed is None:
        raise NotWaitingError(row.status)
    return row


async def cancel_call(session: AsyncSession, id_: UUID, now: datetime) -> ScheduledCallRow:
    """Ring no more. A waiting call is cancelled at once; of one that is being rung it is kept that nothing may follow,
    and whoever asked has to hang up. Raises NoSuchScheduledCallError, and NotWaitingError if it is over."""
    row = await find_scheduled(session, id_, to_change=True)
    if row.status == "waiting":
        row.status, row.reason, row.next_attempt_at, row.finished_at = "cancelled", "cancelled", None, now
        await put_event(session, row, "call.failed", told_of(row), now)
    elif row.status == "calling":
        row.cancel_asked = True
    else:
        raise NotWaitingError(row.status)
    row.updated_at, row.revision = now, row.revision + 1
    await session.flush()
    return row


def told_of(row: ScheduledCallRow) -> dict[str, Any]:
    """What the customer's system is told of a call; it knows the number, and what it sent along."""
    return {
        "id": str(row.id),
        "to": row.to_number,
        "persona": row.persona,
        "campaign": row.campaign,
        "status": row.status,
        "reason": row.reason,
        "attempts": row.attempts,
        "next_attempt_at": None if row.next_attempt_at is None else row.next_attempt_at.isoformat(),
        "variables": row.variables,
    }


@dataclass(frozen=True, slots=True)
class ScheduledFilters:
    """What to list; None and empty let everything through. `campaign` may be the nameless one, `""`."""

    status: str | None = None
    persona: str | None = None
    campaign: str | None = None
    to_number: str | None = None
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ScheduledPage:
    """Calls, and the cursor of those after them; None at the end."""

    items: Sequence[ScheduledCallRow]
    next_cursor: str | None


async def list_scheduled(
    session: AsyncSession, filters: ScheduledFilters, cursor: str | None = None, limit: int = 50
) -> ScheduledPage:
    """One page of scheduled calls, the newest first. Raises listing.CursorError."""
    limit = max(1, min(limit, MAXIMUM_LIMIT))
    chosen = select(ScheduledCallRow)
    for name in ("status", "persona", "campaign", "to_number"):
        wanted = getattr(filters, name)
        if wanted is not None:
            chosen = chosen.where(getattr(ScheduledCallRow, name) == clean(wanted))
    if filters.reasons:
        chosen = chosen.where(col(ScheduledCallRow.reason).in_(filters.reasons))
    if cursor:
        created_at, call_id = key_of(cursor)
        key = tuple_(col(ScheduledCallRow.created_at), col(ScheduledCallRow.id))
        chosen = chosen.where(key < tuple_(literal(created_at, UtcDateTime()), literal(call_id, Uuid())))
    order = (col(ScheduledCallRow.created_at).desc(), col(ScheduledCallRow.id).desc())
    rows = (await session.scalars(chosen.order_by(*order).limit(limit + 1))).all()
    items = rows[:limit]
    last = items[-1] if items else None
    return ScheduledPage(items, cursor_of(last) if last and len(rows) > limit else None)
