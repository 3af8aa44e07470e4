"""A calendar entry for each call that is arranged, by REST."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Response

from app.store.scheduling import NoSuchScheduledCallError, find_scheduled
from app.web.api.outbound import NO_CALL, Id
from app.web.api.services import House
from app.web.invitation import MEDIA_TYPE, file_name, invitation
from app.web.problems import described

router = APIRouter(tags=["calls to place"])
_CONTENT = {"text/calendar": {"schema": {"type": "string"}}}
_ANSWERS: dict[int | str, dict[str, Any]] = {200: {"description": "An iCalendar file", "content": _CONTENT}}


@router.get(
    "/calls/{call_id}/invite.ics",
    summary="A calendar entry for a call to place",
    response_class=Response,
    responses=_ANSWERS | described(404),
)
async def invite(house: House, call_id: Id) -> Response:
    """RFC 5545. The entry of a call that was changed or cancelled replaces the one that was sent before."""
    try:
        async with house.db.reading() as session:
            row = await find_scheduled(session, call_id)
    except NoSuchScheduledCallError:
        raise HTTPException(404, NO_CALL) from None
    name = house.personas[row.persona].name if row.persona in house.personas else row.persona
    headers = {"Content-Disposition": f'attachment; filename="{file_name(row)}"'}
    return Response(invitation(row, name), headers=headers, media_type=MEDIA_TYPE)
