"""Many calls at once, as a CSV sheet: good rows are taken, bad ones come back with line and reason."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from app.runtime.call_sheet import SheetError, read_sheet
from app.runtime.taking_sheets import SheetTaker, Verdict
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["calls to place"])

LARGEST_SHEET_BYTES = 5_000_000
ASKED = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


class RowVerdict(BaseModel):
    """What became of one row. `same`: this very call was arranged before, by this sheet or another."""

    line: int = Field(description="In the file, from 1; the first line names the columns")
    verdict: Verdict
    id: UUID | None = None
    field: str | None = None
    reason: str | None = None


class SheetVerdict(BaseModel):
    """What became of a sheet."""

    scheduled: int
    same: int
    refused: int
    rows: list[RowVerdict]


@router.post("/calls/bulk", summary="Place many calls, from a CSV sheet", responses=described(413), openapi_extra=ASKED)
async def bulk(house: House, request: Request) -> SheetVerdict:
    """Columns: `to`, `persona`, and if wanted `scheduled_at`, `time_zone`, `window` (`mon-fri 09:00-17:00`),
    `max_attempts`, `voicemail`, `webhook_url`, `campaign`, `send_digits`, `variables.NAME`. A sheet sent twice rings
    nobody twice."""
    try:
        body = await sheet_body(request)
        rows = await asyncio.to_thread(lambda: list(read_sheet(body)))  # whole: half a sheet is never taken
    except SheetError as error:
        raise HTTPException(422, str(error)) from None
    judged = await SheetTaker(house.db, house.personas, house.placing, house.clock).take(rows)
    house.placing.nudge()
    verdicts = [RowVerdict.model_validate(asdict(one)) for one in judged]
    count = [one.verdict for one in verdicts].count
    return SheetVerdict(scheduled=count("scheduled"), same=count("same"), refused=count("refused"), rows=verdicts)


async def sheet_body(request: Request) -> bytes:
    """A sheet as it was sent. Raises HTTPException for one that is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_SHEET_BYTES:
            raise HTTPException(413, f"A sheet has at most {LARGEST_SHEET_BYTES} bytes: send several.")
    return bytes(body)
