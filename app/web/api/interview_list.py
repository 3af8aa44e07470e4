"""Interviews by REST: list them, look at one. What leads them on is in `interviews`, what they came to in
`scorecards`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.dialogue.interviewing.life import Phase
from app.store.interview_list import (
    InterviewFilters,
    ListedInterview,
    Standing,
    list_interviews,
    listed_interview,
)
from app.store.interviews import Channel
from app.store.listing import MAXIMUM_LIMIT, CursorError
from app.store.quotes import calls_in
from app.web.api.interviews import InterviewId
from app.web.api.schemas import Moment, Of, Short
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["interviews"])


class InterviewQuery(BaseModel):
    """What to list; a filter that does not exist is refused."""

    model_config = ConfigDict(extra="forbid")

    persona: Short | None = Field(None, description="A persona's id")
    channel: Channel | None = None
    phase: Phase | None = Field(None, description="Where it is; `over` for those that have ended")
    standing: Standing | None = Field(None, description="How it ended, or `open`")
    topic: Short | None = None
    since: Moment | None = Field(None, description="Interviews from this time on; without a zone it is UTC")
    until: Moment | None = Field(None, description="Interviews before this time")
    candidate: Short | None = Field(None, description="A part of the candidate's name, role, number or id")
    cursor: Annotated[str, StringConstraints(max_length=400)] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(50, ge=1, le=MAXIMUM_LIMIT)

    def filters(self) -> InterviewFilters:
        return InterviewFilters(**self.model_dump(exclude={"cursor", "limit"}))


class InterviewOut(Of):
    """An interview, by phone or in writing."""

    id: UUID
    conversation_id: UUID = Field(description="The same for all its calls")
    persona: str
    channel: Channel
    candidate_key: str = Field(
        serialization_alias="candidate_id", description="The telephone number, or your own id of the person"
    )
    candidate_name: str
    role: str
    topic: str
    phase: Phase
    standing: Standing = Field(description="How it ended, or `open`")
    points: int = Field(description="What counts now")
    talk_points: int = Field(description="Without what people have overruled")
    most: int
    asked: int = Field(description="Questions that have been put")
    questions: int
    consent_agreed: bool | None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, listed: ListedInterview) -> Self:
        return cls.model_validate(listed)


class InterviewDetail(InterviewOut):
    """An interview and its calls."""

    calls: list[UUID] = Field(default_factory=list, description="The first one first; none for one in writing")


class InterviewPage(BaseModel):
    """Interviews, newest first."""

    items: list[InterviewOut]
    next_cursor: str | None = Field(description="Give this as `cursor` for those after these; null at the end")


@router.get("/interviews", summary="List interviews, newest first")
async def interviews(house: House, query: Annotated[InterviewQuery, Query()]) -> InterviewPage:
    """A page of interviews. Give `next_cursor` back as `cursor`, with the same filters, for the page after it."""
    try:
        async with house.db.reading() as session:
            page = await list_interviews(session, query.filters(), query.cursor, query.limit)
    except CursorError as error:
        raise HTTPException(422, f"{str(error).capitalize()}.") from None
    return InterviewPage(items=[InterviewOut.of(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/interviews/{interview_id}", summary="Read an interview", responses=described(404))
async def interview(house: House, interview_id: InterviewId) -> InterviewDetail:
    """Who was asked by whom, where it is, and what it is worth so far."""
    async with house.db.reading() as session:
        listed = await listed_interview(session, interview_id)
        if listed is None:
            raise HTTPException(404, "There is no such interview.")
        calls = await calls_in(session, listed.conversation_id)
    return InterviewDetail.model_validate(listed).model_copy(update={"calls": [call.id for call in calls]})
