"""What providers did and what it cost, by REST: of a call, and by day; and where a call's turns spent their time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from app.store.transcripts import turn_metrics_of
from app.store.usage import total, usage_by_day, usage_of
from app.web.api.calls import FoundCall
from app.web.api.services import House
from app.web.api.usage_schemas import (
    CallUsageOut,
    DayUsageOut,
    ModelUsageOut,
    TurnOut,
    TurnsOut,
    UsageOut,
    UsagePage,
    UsageQuery,
)
from app.web.problems import described

router = APIRouter(tags=["what it took"])

MOST_DAYS = 366
"""A year at once; by its own index that is a few milliseconds."""
DAYS = 30
"""Given where no day is named."""


@router.get("/calls/{call_id}/usage", summary="What a call used, and its cost", responses=described(404))
async def call_usage(house: House, found: FoundCall) -> CallUsageOut:
    """A line for each stage, provider and model. It grows while the call goes on."""
    async with house.db.reading() as session:
        uses = await usage_of(session, found.id)
    return CallUsageOut(
        call_id=found.id,
        items=[ModelUsageOut.of_model(use) for use in uses],
        total=UsageOut.of(total(use.used for use in uses)),
    )


@router.get("/calls/{call_id}/turns", summary="Where the time of a call's answers went", responses=described(404))
async def call_turns(house: House, found: FoundCall) -> TurnsOut:
    """When each step of each turn was reached, in ms from the stream's start; null for a step that did not happen."""
    async with house.db.reading() as session:
        rows = await turn_metrics_of(session, found.id)
    return TurnsOut(call_id=found.id, turns=[TurnOut.of(row) for row in rows])


@router.get("/usage", summary="What was used, day by day")
async def usage(house: House, query: Annotated[UsageQuery, Query()]) -> UsagePage:
    """A line for each UTC day and provider, the newest day first; days without any are left out."""
    first, last = _range(query, house.clock.utc().date())
    async with house.db.reading() as session:
        uses = await usage_by_day(session, first, last)
    return UsagePage(
        first=first,
        last=last,
        items=[DayUsageOut.of_day(use) for use in uses],
        total=UsageOut.of(total(use.used for use in uses)),
    )


def _range(query: UsageQuery, today: date) -> tuple[date, date]:
    """First and last day, as far as they are not given: the last `DAYS` up to today."""
    last = query.last or max(today, query.first or today)
    first = query.first or max(date.min, date.fromordinal(max(1, last.toordinal() - DAYS + 1)))
    if first > last:
        raise HTTPException(422, "`from` lies after `to`: give the earlier day as `from`.")
    if last - first >= timedelta(days=MOST_DAYS):
        raise HTTPException(422, f"This is more than {MOST_DAYS} days: ask for them in parts.")
    return first, last
