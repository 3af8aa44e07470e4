"""Calls to place, by REST: arrange one now or at a time, see how it stands, change it while it waits, cancel it."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, HTTPException, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.runtime.arranging import FORBIDDEN, Wish, WishError, arrange
from app.runtime.cancelling import cancel_and_hang_up
from app.store.do_not_call import is_forbidden
from app.store.listing import CursorError
from app.store.scheduling import (
    Arrangement,
    KeyReusedError,
    NoSuchScheduledCallError,
    NotWaitingError,
    attempts_of,
    change_call,
    create_call,
    find_by_key,
    find_scheduled,
    list_scheduled,
)
from app.web.api.bounded import BoundedRoute
from app.web.api.calls import Politely, find_call, hung_up
from app.web.api.outbound_schemas import CallIn, ScheduledDetail, ScheduledOut, ScheduledPage, ScheduledQuery, as_asked
from app.web.api.schemas import CallOut
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["calls to place"], route_class=BoundedRoute)

NO_CALL = "There is no such call."
_REUSED = "This Idempotency-Key came with another request before: send that one again, or take another key."

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x20-\x7e]+$",
        description="The same key with the same request gives the call that was made the first time",
    ),
]


def _found_id(call_id: Annotated[str, Path(description="The scheduled call's `id`")]) -> UUID:
    try:
        return UUID(call_id)
    except ValueError:
        raise HTTPException(404, NO_CALL) from None


Id = Annotated[UUID, Depends(_found_id)]
CallId = Annotated[str, Path(description="The call's `id`, its `call_sid` (`CA…`), or that of one to place")]


def unwanted(error: WishError) -> RequestValidationError:
    """A wish that cannot be, as a problem that names the field."""
    return RequestValidationError([{"loc": ("body", error.field), "msg": str(error), "type": "value_error"}])


async def arranged(house: House, wish: Wish) -> Arrangement:
    """The call that is wished for. Raises WishError, also for a number that must not be rung."""
    placing = house.placing
    made = arrange(wish, house.personas, placing.policy, house.clock.utc(), hooks=placing.hooks)
    async with house.db.reading() as session:
        if await is_forbidden(session, made.to_number):
            raise WishError("to", FORBIDDEN)
    return made


def hash_of(given: CallIn) -> str:
    """What tells two requests apart; the order of their fields does not."""
    said = given.model_dump(mode="json")
    if not given.send_digits:  # a field younger than keys that are still in use
        del said["send_digits"]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@router.post("/calls", status_code=201, summary="Place a call, now or at a time", responses=described(409, 413))
async def create(house: House, given: CallIn, response: Response, idempotency_key: Key = None) -> ScheduledOut:
    """It is rung when it is due, within its window, as often as `max_attempts` and `retry` say. 422 names the field."""
    key = f"rest:{idempotency_key}" if idempotency_key else None
    body_hash = hash_of(given)
    try:
        if key is not None:  # before anything is judged: what was right then may be too late by now
            async with house.db.reading() as session:
                known = await find_by_key(session, key, body_hash)
            if known is not None:
                response.headers["Location"] = f"/api/v1/calls/{known.id}"
                return ScheduledOut.of(known)
        made = await arranged(house, given.wish())
        async with house.db.transaction() as session:
            now = house.clock.utc()
            row, _ = await create_call(session, made, source="rest", now=now, key=key, body_hash=body_hash)
    except KeyReusedError:
        raise HTTPException(409, _REUSED) from None
    except WishError as error:
        raise unwanted(error) from None
    house.placing.nudge()
    response.headers["Location"] = f"/api/v1/calls/{row.id}"
    return ScheduledOut.of(row)


@router.get("/calls/scheduled", summary="List the calls to place, newest first")
async def scheduled(house: House, query: Annotated[ScheduledQuery, Query()]) -> ScheduledPage:
    """A page of them. Give `next_cursor` back as `cursor`, with the same filters, for the page after it."""
    try:
        async with house.db.reading() as session:
            page = await list_scheduled(session, query.filters(), query.cursor, query.limit)
    except CursorError as error:
        raise HTTPException(422, f"{str(error).capitalize()}.") from None
    return ScheduledPage(items=[ScheduledOut.of(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/calls/{call_id}", summary="Read a call", responses=described(404))
async def read(house: House, call_id: CallId) -> CallOut | ScheduledDetail:
    """Who rang whom, when, and how it ended; of a call to place, how it stands, why, and every attempt at it."""
    try:
        async with house.db.reading() as session:
            row = await find_scheduled(session, UUID(call_id))
            return ScheduledDetail.told(row, await attempts_of(session, row.id))
    except (ValueError, NoSuchScheduledCallError):
        return CallOut.of(await find_call(house, call_id))


@router.put("/calls/{call_id}", summary="Arrange a call anew", responses=described(404, 409, 413))
async def change(house: House, call_id: Id, given: CallIn) -> ScheduledOut:
    """As if it were made now; what was tried stays tried. 409 unless it waits."""
    return await _change(house, call_id, given)


@router.patch("/calls/{call_id}", summary="Change parts of a call to place", responses=described(404, 409, 413))
async def change_parts(house: House, call_id: Id, given: Annotated[dict[str, Any], Body()]) -> ScheduledOut:
    """As PUT, with what is left out taken from the call as it stands: it is rung no sooner, unless `scheduled_at` is
    given."""
    try:
        async with house.db.reading() as session:
            before = as_asked(await find_scheduled(session, call_id))
        whole = CallIn.model_validate(before | given)
    except NoSuchScheduledCallError:
        raise HTTPException(404, NO_CALL) from None
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from None
    return await _change(house, call_id, whole, sooner="scheduled_at" in given)


async def _change(house: House, call_id: UUID, given: CallIn, *, sooner: bool = True) -> ScheduledOut:
    """`sooner`: it may be rung before it would be tried again."""
    try:
        async with house.db.reading() as session:
            before = await find_scheduled(session, call_id)
        now = house.clock.utc()
        made = arrange(
            given.wish(),
            house.personas,
            house.placing.policy,
            now,
            known_time=before.scheduled_at,
            not_before=None if sooner else before.next_attempt_at,
            hooks=house.placing.hooks,
        )
        async with house.db.transaction() as session:
            if await is_forbidden(session, made.to_number):
                raise WishError("to", FORBIDDEN)
            row = await change_call(session, call_id, made, now, based_on=before.revision)
    except NoSuchScheduledCallError:
        raise HTTPException(404, NO_CALL) from None
    except NotWaitingError as error:
        raise HTTPException(409, f"This call does not wait, or was changed just now ({error.status}).") from None
    except WishError as error:
        raise unwanted(error) from None
    house.placing.nudge()
    return ScheduledOut.of(row)


@router.delete("/calls/{call_id}", summary="Cancel a call", responses=described(404, 409))
async def cancel(house: House, call_id: CallId, goodbye: Politely = False) -> ScheduledOut | CallOut:
    """A waiting call is cancelled; one that is being rung, or talked with, is hung up, and nothing follows. Of a call
    that runs (by its own `id`, or `CA…`): hangs up."""
    try:
        return ScheduledOut.of(await cancel_and_hang_up(house.db, house.placing, house.clock, UUID(call_id)))
    except (ValueError, NoSuchScheduledCallError):
        return await hung_up(house, await find_call(house, call_id), goodbye=goodbye)
    except NotWaitingError as error:
        raise HTTPException(409, f"This call is over already ({error.status}).") from None
