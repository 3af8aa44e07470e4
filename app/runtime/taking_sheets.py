"""Takes a sheet of calls: every row is judged by itself, good ones are arranged, bad ones told with line and reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import Clock
from app.runtime.arranging import FORBIDDEN, WishError, arrange
from app.runtime.call_sheet import SheetRow
from app.runtime.placing import Placing
from app.store.do_not_call import is_forbidden
from app.store.engine import Database
from app.store.scheduling import KeyReusedError, create_call, find_by_key

_AT_ONCE = 100
"""Rows of one transaction: others want to write meanwhile."""

Verdict = Literal["scheduled", "same", "refused"]


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """What became of one row. `line`: in the file, from 1. `same`: this very call was arranged before."""

    line: int
    verdict: Verdict
    id: UUID | None = None
    field: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SheetTaker:
    """Arranges what sheets ask for, in the house that it is given."""

    db: Database
    personas: Collection[str]
    placing: Placing
    clock: Clock

    async def take(self, rows: Sequence[SheetRow]) -> list[JudgedRow]:
        """The verdict on every row, in their order; what is good is arranged by then."""
        judged: list[JudgedRow] = []
        for begin in range(0, len(rows), _AT_ONCE):
            async with self.db.transaction() as session:
                judged += [await self._judged(session, row) for row in rows[begin : begin + _AT_ONCE]]
        return judged

    async def _judged(self, session: AsyncSession, row: SheetRow) -> JudgedRow:
        try:
            if row.wish is None:
                raise row.fault or WishError("row", "This row is not understood.")
            known = await find_by_key(session, row.key, row.key)
            if known is not None:
                return JudgedRow(row.line, "same", known.id)
            now = self.clock.utc()
            made = arrange(row.wish, self.personas, self.placing.policy, now, hooks=self.placing.hooks)
            if await is_forbidden(session, made.to_number):
                raise WishError("to", FORBIDDEN)
            call, new = await create_call(session, made, source="csv", now=now, key=row.key, body_hash=row.key)
        except WishError as fault:
            return JudgedRow(row.line, "refused", field=fault.field, reason=str(fault))
        except KeyReusedError:
            return JudgedRow(row.line, "refused", field="row", reason="This row was sent before otherwise.")
        return JudgedRow(row.line, "scheduled" if new else "same", call.id)
