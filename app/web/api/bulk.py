"""Many calls at once, as a CSV sheet: good rows are taken, bad ones come back with line and reason."""

from __future__ import annotations

import asyncio
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.runtime.arranging import WishError, arrange
from app.runtime.call_sheet import SheetError, SheetRow, read_sheet
from app.store.do_not_call import is_forbidden
from app.store.scheduling import KeyReusedError, create_call, find_by_key
from app.web.api.outbound import FORBIDDEN
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["calls to place"])

LARGEST_SHEET_BYTES = 5_000_000
_AT_ONCE = 100
"""Rows of one transaction: others want to write meanwhile."""
_ASKED = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


class RowVerdict(BaseModel):
    """What became of one row. `same`: this very call was arranged before, by this sheet or another."""

    line: int = Field(description="In the file, from 1; the first line names the columns")
    verdict: Literal["scheduled", "same", "refused"]
    id: UUID | None = None
    field: str | None = None
    reason: str | None = None


class SheetVerdict(BaseModel):
    """What became of a sheet."""

    scheduled: int
    same: int
    refused: int
    rows: list[RowVerdict]


@router.post(
    "/calls/bulk", summary="Place many calls, from a CSV sheet", responses=described(413), openapi_extra=_ASKED
)
async def bulk(house: House, request: Request) -> SheetVerdict:
    """Columns: `to`, `persona`, and if wanted `scheduled_at`, `time_zone`, `window` (`mon-fri 09:00-17:00`),
    `max_attempts`, `voicemail`, `webhook_url`, `campaign`, `variables.NAME`. A sheet sent twice rings nobody twice."""
    try:
        body = await _body(request)
        rows = await asyncio.to_thread(lambda: list(read_sheet(body)))  # whole: half a sheet is never taken
    except SheetError as error:
        raise HTTPException(422, str(error)) from None
    verdicts: list[RowVerdict] = []
    for begin in range(0, len(rows), _AT_ONCE):
        async with house.db.transaction() as session:
            verdicts += [await _judged(session, house, row) for row in rows[begin : begin + _AT_ONCE]]
    house.placing.nudge()
    count = [one.verdict for one in verdicts].count
    return SheetVerdict(scheduled=count("scheduled"), same=count("same"), refused=count("refused"), rows=verdicts)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_SHEET_BYTES:
            raise HTTPException(413, f"A sheet has at most {LARGEST_SHEET_BYTES} bytes: send several.")
    return bytes(body)


async def _judged(session: AsyncSession, house: House, row: SheetRow) -> RowVerdict:
    try:
        if row.wish is None:
            raise row.fault or WishError("row", "This row is not understood.")
        known = await find_by_key(session, row.key, row.key)
        if known is not None:
            return RowVerdict(line=row.line, verdict="same", id=known.id)
        now = house.clock.utc()
        made = arrange(row.wish, house.personas, house.placing.policy, now)
        if await is_forbidden(session, made.to_number):
            raise WishError("to", FORBIDDEN)
        call, new = await create_call(session, made, source="csv", now=now, key=row.key, body_hash=row.key)
    except WishError as fault:
        return RowVerdict(line=row.line, verdict="refused", field=fault.field, reason=str(fault))
    except KeyReusedError:
        return RowVerdict(line=row.line, verdict="refused", field="row", reason="This row was sent before otherwise.")
    return RowVerdict(line=row.line, verdict="scheduled" if new else "same", id=call.id)
