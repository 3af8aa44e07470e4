"""Calls by REST: list them, look at one, hang one up, press keys on its line."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.dialling.keys import KEYS_PATTERN
from app.store.calls import by_sid, get_call
from app.store.listing import CursorError, list_calls
from app.store.tables import ACTIVE, CallRow
from app.web.api.bounded import BoundedRoute
from app.web.api.schemas import CallOut, CallPage, CallQuery
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["calls"], route_class=BoundedRoute)

_CALL_SID = re.compile(r"CA[0-9A-Za-z]{1,60}(?:\.[0-9])?")
_NO_CALL = "There is no such call."


async def find_call(
    house: House, call_id: Annotated[str, Path(description="The call's `id`, or its `call_sid` (`CA…`)")]
) -> CallRow:
    """The call of this id, or this name at the carrier. Raises HTTPException 404."""
    row = None
    async with house.db.reading() as session:
        if _CALL_SID.fullmatch(call_id):
            row = await by_sid(session, call_id)
        elif (uuid := _uuid(call_id)) is not None:
            row = await get_call(session, uuid)
    if row is None:
        raise HTTPException(404, _NO_CALL)
    return row


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


FoundCall = Annotated[CallRow, Depends(find_call)]
"""The call named in the path; 404 if there is none."""


@router.get("/calls", summary="List calls, newest first")
async def calls(house: House, query: Annotated[CallQuery, Query()]) -> CallPage:
    """A page of calls. Give `next_cursor` back as `cursor`, with the same filters, for the page after it."""
    try:
        async with house.db.reading() as session:
            page = await list_calls(session, query.filters(), query.cursor, query.limit)
    except CursorError as error:
        raise HTTPException(422, f"{str(error).capitalize()}.") from None
    return CallPage(items=[CallOut.of(row) for row in page.items], next_cursor=page.next_cursor)


Politely = Annotated[bool, Query(description="Say goodbye, and end the call when that has been heard")]


@router.post("/calls/{call_id}/hangup", status_code=202, summary="Hang up a call", responses=described(404, 409))
async def hang_up(house: House, found: FoundCall, goodbye: Politely = False) -> CallOut:
    """Ends a running call, at once or with a `goodbye`, on whatever machine it runs. The answer is the call as it was;
    it has ended when its `status` says so."""
    return await hung_up(house, found, goodbye=goodbye)


async def hung_up(house: House, found: CallRow, *, goodbye: bool) -> CallOut:
    """The call as it was when it was asked to end. Raises HTTPException 409."""
    if found.status not in ACTIVE:
        raise HTTPException(409, f"This call has ended already ({found.status}).")
    if not await house.hang_up(found.id, politely=goodbye):
        raise HTTPException(409, "This call is ringing, or ending, or its machine does not answer.")
    return CallOut.of(found)


class DigitsIn(BaseModel):
    """Keys to press."""

    model_config = ConfigDict(extra="forbid")

    digits: Annotated[str, StringConstraints(min_length=1, pattern=KEYS_PATTERN)] = Field(
        description="Up to 32 of `0-9*#`; `w` waits for half a second, `W` for a whole one", examples=["1w204#"]
    )


@router.post("/calls/{call_id}/digits", status_code=202, summary="Press keys", responses=described(404, 409, 413))
async def press(house: House, found: FoundCall, given: DigitsIn) -> CallOut:
    """Presses keys on a running call's line, as tones, once the agent has finished what it is saying. Of the keys only
    their number is kept, unless `SHOW_DIGITS` says otherwise."""
    if found.status not in ACTIVE:
        raise HTTPException(409, f"This call has ended already ({found.status}).")
    if not await house.send_digits(found.id, given.digits):
        raise HTTPException(409, "This call is ringing, or ending, or its machine does not answer.")
    return CallOut.of(found)
