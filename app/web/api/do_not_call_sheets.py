"""Many numbers that must not be rung at once, as a CSV sheet."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from app.clock import Clock
from app.runtime.call_sheet import SheetError
from app.runtime.number_sheet import NumberRow, read_numbers
from app.store.do_not_call import forbid
from app.store.engine import Database
from app.web.api.bulk import ASKED, sheet_body
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["do not call"])
_AT_ONCE = 200
"""Rows of one transaction: others want to write meanwhile."""


class RowRefused(BaseModel):
    """A row that is not taken."""

    line: int = Field(description="In the file, from 1")
    reason: str


class NumbersVerdict(BaseModel):
    """What became of a sheet. `same`: those that were on the list before, or are twice in the sheet."""

    added: int
    same: int
    refused: int
    rows: list[RowRefused] = Field(description="Those that were refused")


@dataclass(frozen=True, slots=True)
class NumbersTaker:
    """Enters what sheets hold."""

    db: Database
    clock: Clock
    source: Literal["csv"] = "csv"

    async def take(self, rows: Sequence[NumberRow]) -> NumbersVerdict:
        """Every good number is on the list by then."""
        good = [row for row in rows if row.number]
        added = 0
        for begin in range(0, len(good), _AT_ONCE):
            async with self.db.transaction() as session:
                for row in good[begin : begin + _AT_ONCE]:
                    now = self.clock.utc()
                    added += await forbid(session, row.number, source=self.source, now=now, note=row.note)
        bad = [RowRefused(line=row.line, reason=row.reason) for row in rows if not row.number]
        return NumbersVerdict(added=added, same=len(good) - added, refused=len(bad), rows=bad)


@router.post(
    "/do-not-call/bulk",
    summary="Never ring many numbers again, from a CSV sheet",
    responses=described(413),
    openapi_extra=ASKED,
)
async def bulk(house: House, request: Request) -> NumbersVerdict:
    """Columns: `number` and, if wanted, `note`; without names in the first line, in this order."""
    try:
        body = await sheet_body(request)
        rows = await asyncio.to_thread(lambda: list(read_numbers(body)))
    except SheetError as error:
        raise HTTPException(422, str(error)) from None
    return await NumbersTaker(house.db, house.clock).take(rows)
