"""Numbers that must not be rung, by REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from app.dialling.numbers import NumberRefusedError, checked
from app.runtime.arranging import WishError
from app.store.do_not_call import (
    LONGEST_REASON,
    SHORTEST_REASON,
    allow_again,
    forbid,
    get_forbidden,
    list_forbidden,
    removed_before,
)
from app.store.listing import MAXIMUM_LIMIT
from app.store.outbound_tables import DoNotCallRemovedRow, DoNotCallRow
from app.web.api.bounded import BoundedRoute
from app.web.api.outbound import unwanted
from app.web.api.outbound_schemas import ForbiddenDetail, ForbiddenIn, ForbiddenOut, ForbiddenPage, RemovedOut
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["do not call"], route_class=BoundedRoute)

Number = Annotated[str, Path(description="In E.164", max_length=32, examples=["+14155550123"])]
Reason = Annotated[
    str,
    Query(
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        description="Why it may be rung again, in one line",
        examples=["They rang on 3 May and want to be called again"],
    ),
]
_NOT_LISTED = "This number is not on the list."


def _out(row: DoNotCallRow | DoNotCallRemovedRow) -> ForbiddenOut:
    return ForbiddenOut(number=row.e164, source=row.source, note=row.note, created_at=row.created_at)


@router.post("/do-not-call", status_code=201, summary="Never ring a number again", responses=described(413))
async def add(house: House, given: ForbiddenIn) -> ForbiddenOut:
    """Calls that wait for it will end as `do-not-call`. A number that is on the list stays as it was entered."""
    try:
        number = checked(given.number)
    except NumberRefusedError as error:
        raise unwanted(WishError("number", str(error))) from None
    async with house.db.transaction() as session:
        await forbid(session, number, source="rest", now=house.clock.utc(), note=given.note)
        row = await get_forbidden(session, number)
    if row is None:
        raise LookupError("a number was entered and is not there")
    return _out(row)


@router.get("/do-not-call", summary="List the numbers that are not rung")
async def listed(
    house: House,
    cursor: Annotated[str, Query(max_length=32, description="`next_cursor` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=MAXIMUM_LIMIT)] = 50,
) -> ForbiddenPage:
    """In the order of the numbers."""
    async with house.db.reading() as session:
        rows = await list_forbidden(session, cursor.replace("\x00", ""), limit + 1)
    items = [_out(row) for row in rows[:limit]]
    return ForbiddenPage(items=items, next_cursor=items[-1].number if len(rows) > limit else None)


@router.get("/do-not-call/{number}", summary="What is known of a number", responses=described(404))
async def one(house: House, number: Number) -> ForbiddenDetail:
    """Whether it is on the list, and when and why it was taken off before. 404 if it never was on it."""
    e164 = number.replace("\x00", "")
    async with house.db.reading() as session:
        row = await get_forbidden(session, e164)
        before = await removed_before(session, e164)
    if row is None and not before:
        raise HTTPException(404, _NOT_LISTED)
    removed = [
        RemovedOut(**_out(it).model_dump(), removed_at=it.removed_at, removed_by=it.removed_by, reason=it.reason)
        for it in before
    ]
    return ForbiddenDetail(number=e164, entry=None if row is None else _out(row), removed=removed)


@router.delete(
    "/do-not-call/{number}",
    status_code=204,
    response_class=Response,
    summary="Allow a number again",
    responses=described(404),
)
async def remove(house: House, number: Number, reason: Reason) -> None:
    """The reason is kept, with the entry as it was. 404 if it is not on the list."""
    async with house.db.transaction() as session:
        now = house.clock.utc()
        if not await allow_again(session, number.replace("\x00", ""), source="rest", reason=reason, now=now):
            raise HTTPException(404, _NOT_LISTED)
