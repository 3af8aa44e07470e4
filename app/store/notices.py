"""What machines on one PostgreSQL tell each other as it happens: that rows have changed, by their ids alone.

A notice goes with the transaction that makes it true: PostgreSQL delivers it when that is committed, and not at all if
it is undone. So whoever hears of a row can read it. Nothing depends on a notice alone: one that is lost, because nobody
listened at that moment, is made up for by reading (`Gap`). SQLite has one process, which needs none of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.store.engine import ORIGIN

CHANNEL = "parley"
MOST_IDS = 200
"""PostgreSQL takes less than 8000 bytes; so many ids have 6600. For more, the whole call is to be read."""

Kind = Literal["started", "lines", "ended", "hang-up"]
_KINDS = frozenset(get_args(Kind))
_NOTIFY = text("SELECT pg_notify(:channel, payload) FROM unnest(CAST(:payloads AS text[])) AS payload")


@dataclass(frozen=True, slots=True)
class Notice:
    """`started`: a call's stream has come; `lines`: these were written (none named: many); `ended`: the call is over;
    `hang-up`: whoever has the call is to end it. `origin`: the process that says so."""

    origin: str
    kind: Kind
    call_id: UUID
    ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What was said since then may not have been heard."""

    since: datetime


async def tell(session: AsyncSession, kind: Kind, call_id: UUID, ids: Sequence[UUID] = ()) -> None:
    """Say so to every other machine once this transaction is committed."""
    await tell_all(session, [(kind, call_id, ids)])


async def tell_all(session: AsyncSession, said: Iterable[tuple[Kind, UUID, Sequence[UUID]]]) -> None:
    """`tell`, many at once."""
    if session.get_bind().dialect.name != "postgresql":
        return
    origin = session.info.get(ORIGIN, "")
    payloads = [_written(origin, kind, call_id, ids) for kind, call_id, ids in said]
    if payloads:
        await session.execute(_NOTIFY, {"channel": CHANNEL, "payloads": payloads})


def _written(origin: str, kind: Kind, call_id: UUID, ids: Sequence[UUID]) -> str:
    named = ids if len(ids) <= MOST_IDS else ()
    return " ".join([origin, kind, call_id.hex, *(one.hex for one in named)])


def read(payload: str) -> Notice | None:
    """A notice as it was sent; None for what is none, or what a newer version says."""
    origin, _, rest = payload.partition(" ")
    kind, *ids = rest.split(" ")
    if kind not in _KINDS:
        return None
    try:
        call_id, *lines = (UUID(hex=one) for one in ids)
    except ValueError:
        return None
    return Notice(origin, kind, call_id, tuple(lines))  # type: ignore[arg-type]
