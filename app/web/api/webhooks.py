"""What the customer's system is told, by REST: list it, look at one, send it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.runtime.webhook_sending import body_of
from app.store.delivering import EventFilters, NoSuchEventError, State, find_event, list_events, replay, state_of
from app.store.listing import MAXIMUM_LIMIT, CursorError
from app.store.outbound_tables import OutboxRow
from app.store.outbox import Event
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["webhooks"])

NO_EVENT = "There is no such event."


def _found_id(event_id: Annotated[str, Path(description="The event's `id`")]) -> UUID:
    try:
        return UUID(event_id)
    except ValueError:
        raise HTTPException(404, NO_EVENT) from None


Id = Annotated[UUID, Depends(_found_id)]


class WebhookQuery(BaseModel):
    """What to list; a filter that does not exist is refused."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = Field(None, description="How it stands")
    type: Event | None = Field(None, description="What happened")
    about: UUID | None = Field(None, description="A scheduled call's or an interview's id")
    cursor: Annotated[str, StringConstraints(max_length=400)] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(50, ge=1, le=MAXIMUM_LIMIT)

    def filters(self) -> EventFilters:
        return EventFilters(self.state, self.type, self.about)


class WebhookOut(BaseModel):
    """An event, and how its delivery stands."""

    id: UUID
    type: Event
    time: datetime
    sequence: int = Field(description="Its place among the events of its call or interview, from 1")
    call_id: UUID | None
    interview_id: UUID | None
    url: str
    state: State
    tries: int = Field(description="The one under way is among them")
    next_try_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    last_status: int | None = Field(description="What the other side answered last, if it did")
    last_error: str = Field(description="Why it was not taken, in words")

    @classmethod
    def of(cls, row: OutboxRow) -> Self:
        return cls.model_validate(_told(row))


class WebhookDetail(WebhookOut):
    """An event with the body that is sent."""

    body: dict[str, Any]

    @classmethod
    def of(cls, row: OutboxRow) -> Self:
        return cls.model_validate(_told(row) | {"body": body_of(row)})


class WebhookPage(BaseModel):
    """Events, newest first."""

    items: list[WebhookOut]
    next_cursor: str | None = Field(description="Give this as `cursor` for those after these; null at the end")


def _told(row: OutboxRow) -> dict[str, Any]:
    names = {"type": row.event, "time": row.created_at, "sequence": row.seq, "call_id": row.scheduled_call_id}
    return row.model_dump() | names | {"state": state_of(row)}


@router.get("/webhooks", summary="List what your system is told, newest first")
async def webhooks(house: House, query: Annotated[WebhookQuery, Query()]) -> WebhookPage:
    """A page of events. Give `next_cursor` back as `cursor`, with the same filters, for the page after it."""
    try:
        async with house.db.reading() as session:
            page = await list_events(session, query.filters(), query.cursor, query.limit)
    except CursorError as error:
        raise HTTPException(422, f"{str(error).capitalize()}.") from None
    return WebhookPage(items=[WebhookOut.of(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/webhooks/{event_id}", summary="Read an event", responses=described(404))
async def webhook(house: House, event_id: Id) -> WebhookDetail:
    """How its delivery stands, and the body that is sent."""
    try:
        async with house.db.reading() as session:
            return WebhookDetail.of(await find_event(session, event_id))
    except NoSuchEventError:
        raise HTTPException(404, NO_EVENT) from None


@router.post("/webhooks/{event_id}/replay", status_code=202, summary="Send an event again", responses=described(404))
async def send_again(house: House, event_id: Id) -> WebhookOut:
    """At once, with all its tries before it, under the same `id`. One that is being sent just now is left alone."""
    try:
        async with house.db.transaction() as session:
            return WebhookOut.of(await replay(session, event_id, house.clock.utc()))
    except NoSuchEventError:
        raise HTTPException(404, NO_EVENT) from None
