"""What the providers did and cost, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from app.store.usage import DayUse, days_with_usage, total, usage_by_day
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.money import CostView, amounts, cost
from app.web.admin.office import Desk

DAYS_A_PAGE = 31

NO_DAY = TroubleError(
    400, "There is no such page of costs", "Its address was cut short on its way. Go to the newest days."
)


@dataclass(frozen=True, slots=True)
class DayView:
    """A day and what each provider did on it. `partial`: for some of it no price was known."""

    day: date
    total: str
    partial: bool
    providers: tuple[CostView, ...]


async def show(request: Request, desk: Desk) -> Response:
    """The newest days on which anything was used, or those up to the day that the address names."""
    until = _until(request)
    async with desk.office.db.reading() as session:
        days = await days_with_usage(session, until, DAYS_A_PAGE + 1)
        shown = days[:DAYS_A_PAGE]
        uses = await usage_by_day(session, shown[-1], shown[0]) if shown else []
    return desk.pages.page(
        "costs.html",
        token=token_of(request, desk),
        days=days_of(uses),
        total=cost(total(use.used for use in uses)),
        earlier=days[DAYS_A_PAGE].isoformat() if len(days) > DAYS_A_PAGE else None,
        newest=until is None,
    )


def days_of(uses: list[DayUse]) -> list[DayView]:
    """Usage by day and provider, as it comes from the store, as days."""
    views = []
    for day, group in groupby(uses, key=lambda use: use.day):
        of_day = list(group)
        whole = total(use.used for use in of_day)
        lines = tuple(
            CostView("", use.provider, amounts(use.used), cost(use.used), bool(use.used.costs)) for use in of_day
        )
        views.append(DayView(day, cost(whole), whole.unpriced and bool(whole.costs), lines))
    return views


def _until(request: Request) -> date | None:
    given = request.query_params.get("to")
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise NO_DAY from None
