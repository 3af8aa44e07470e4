"""Interviews by text over REST: begin one, lead it from turn to turn, read what was said (by phone too)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Query, Response
from fastapi.exceptions import RequestValidationError

from app.runtime.text_beginning import KeyReusedError, WantedError
from app.runtime.text_interviews import RefusedError
from app.store.interview_turns import spoken_lines, turns_after
from app.store.interviews import InterviewMovedError, NoSuchInterviewError
from app.web.api.bounded import BoundedRoute
from app.web.api.interview_schemas import (
    BegunOut,
    InterviewIn,
    MessageOut,
    MessagePage,
    MessageQuery,
    StandingOut,
    TurnIn,
    TurnOut,
)
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["interviews"], route_class=BoundedRoute)

_NO_INTERVIEW = "There is no such interview."

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x20-\x7e]+$",
        description="The same key again gives the interview that it has begun, as it is now, and begins no other",
    ),
]


def _found_id(interview_id: Annotated[str, Path(description="The interview's `id`")]) -> UUID:
    try:
        return UUID(interview_id)
    except ValueError:  # what is no id at all is nobody's
        raise HTTPException(404, _NO_INTERVIEW) from None


InterviewId = Annotated[UUID, Depends(_found_id)]


@router.post("/interviews", status_code=201, summary="Begin an interview by text", responses=described(409, 413))
async def begin(house: House, given: InterviewIn, response: Response, idempotency_key: Key = None) -> BegunOut:
    """Its questions are chosen, and nothing is said yet: send a turn of the type `start`. 422 names `persona` or
    `topic` if there is no such one. 409 for an `Idempotency-Key` that has begun another interview."""
    try:
        stored = await house.text_interviews.begin(given.wanted(), idempotency_key or "")
        stored, standing = await house.text_interviews.standing(stored.id)
    except WantedError as error:
        raise RequestValidationError([{"loc": ("body", error.field), "msg": str(error), "type": "value"}]) from None
    except KeyReusedError:
        detail = "This Idempotency-Key has begun another interview: give each interview a key of its own."
        raise HTTPException(409, detail) from None
    response.headers["Location"] = f"/api/v1/interviews/{stored.id}"
    return BegunOut.of(stored, standing)


@router.post("/interviews/{interview_id}/turns", summary="Lead an interview on", responses=described(404, 409, 413))
async def happen(house: House, interview: InterviewId, given: TurnIn) -> TurnOut:
    """What the agent says to one event. The same `event_id` again has the same answer and is no second turn, so what
    was not answered in time can be sent again. 409, and nothing is changed, for an event that cannot come now, for an
    interview that is over or led by telephone, and for an `event_id` that was another event's."""
    try:
        return TurnOut.of(await house.text_interviews.happens(interview, given.event()))
    except NoSuchInterviewError:
        raise HTTPException(404, _NO_INTERVIEW) from None
    except RefusedError as error:
        raise HTTPException(409, str(error)) from None
    except InterviewMovedError:
        raise HTTPException(409, "Others lead this interview on at this moment: send the event again.") from None


@router.get("/interviews/{interview_id}/messages", summary="What was said in an interview", responses=described(404))
async def messages(house: House, interview: InterviewId, query: Annotated[MessageQuery, Query()]) -> MessagePage:
    """By either side, in order, and where the interview is now. By phone these are the lines of all its calls."""
    try:
        stored, standing = await house.text_interviews.standing(interview)
    except NoSuchInterviewError:
        raise HTTPException(404, _NO_INTERVIEW) from None
    after, limit = int(query.cursor or 0), query.limit
    async with house.db.reading() as session:
        if stored.channel == "text":
            turns = await turns_after(session, interview, after, limit + 1)
            items = [said for row in turns[:limit] for said in MessageOut.of_turn(row)]
            following = str(turns[limit - 1].seq) if len(turns) > limit else None
        else:
            lines = await spoken_lines(session, stored.conversation_id, after, limit + 1)
            items = [MessageOut.of_line(call, line) for call, line in lines[:limit]]
            following = str(after + limit) if len(lines) > limit else None
    return MessagePage(items=items, next_cursor=following, state=StandingOut.of(standing))
