"""What the REST API takes and gives. Times are ISO 8601 in UTC; `_ms` counts from the stream's start."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.personas.schema import Persona
from app.store.listing import MAXIMUM_LIMIT, CallFilters
from app.store.tables import CallRow, PhoneNumberRow, SegmentRow

_NUMERIC = re.compile(r"[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?")


def _in_utc(given: datetime) -> datetime:
    try:
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except OverflowError:
        raise ValueError("this time lies outside all calendars") from None


def _written_out(given: object) -> object:
    """JSON has no times, and a number may be seconds, milliseconds, or a day as spreadsheets count them."""
    if isinstance(given, (int, float)) or (isinstance(given, str) and _NUMERIC.fullmatch(given.strip())):
        raise PydanticCustomError("datetime_written", "Write the time out, as 2026-03-02T09:00:00+01:00")
    return given


Written = Annotated[datetime, BeforeValidator(_written_out)]
"""A moment that is written out, as ISO 8601 has it."""
Moment = Annotated[Written, AfterValidator(_in_utc)]
Short = Annotated[str, StringConstraints(max_length=200)]
E164 = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{1,14}$")]


class Of(BaseModel):
    """What is read off an object's attributes."""

    model_config = ConfigDict(from_attributes=True)


class CallQuery(BaseModel):
    """What to list. A filter that does not exist is refused, so that a misspelt one does not list everything."""

    model_config = ConfigDict(extra="forbid")

    persona: Short | None = Field(None, description="A persona's id")
    direction: Literal["inbound", "outbound"] | None = None
    outcome: Short | None = Field(None, description="A status, as `completed`, or an end reason")
    since: Moment | None = Field(None, description="Calls from this time on; without a zone it is UTC")
    until: Moment | None = Field(None, description="Calls before this time")
    search: Short | None = Field(None, description="Words which must all occur in one line of the transcript")
    phone: Short | None = Field(None, description="A part of either number")
    cursor: Annotated[str, StringConstraints(max_length=400)] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(50, ge=1, le=MAXIMUM_LIMIT)

    def filters(self) -> CallFilters:
        return CallFilters(**self.model_dump(exclude={"cursor", "limit"}))


class CallOut(Of):
    """One telephone call."""

    id: UUID
    call_sid: str = Field(description="The carrier's id of the call", examples=["CA9e107d9d372bb6826bd81d3542a419d6"])
    conversation_id: UUID = Field(description="The same for the calls that continue one another")
    direction: Literal["inbound", "outbound"]
    from_number: str = Field(serialization_alias="from", examples=["+14155550100"])
    to_number: str = Field(serialization_alias="to", examples=["+14155550199"])
    persona: str = Field(examples=["interviewer"])
    status: Literal["ringing", "in-progress", "completed", "failed", "lost", "busy"]
    created_at: datetime = Field(description="When the carrier announced the call")
    started_at: datetime | None = Field(description="When its sound began")
    ended_at: datetime | None
    duration_s: float | None
    end_reason: str | None = Field(examples=["caller-hung-up"])
    recording_ms: int | None = Field(description="Length of the recording, once the call has ended")
    line_quality: dict[str, Any] | None = Field(description="Measurements of the caller's line")

    @classmethod
    def of(cls, row: CallRow) -> Self:
        return cls.model_validate(row)


class CallPage(BaseModel):
    """Calls, newest first."""

    items: list[CallOut]
    next_cursor: str | None = Field(description="Give this as `cursor` for the calls after these; null at the end")


class SegmentOut(Of):
    """A line of the transcript."""

    id: UUID
    seq: int
    turn: int
    role: Literal["agent", "caller", "system"]
    text: str = Field(description="What was said, or was going to be")
    heard_text: str = Field(description="As much of it as reached the other's ear")
    started_ms: int
    ended_ms: int
    interrupted: bool
    final: bool = Field(description="False while the line still grows")
    kind: str = Field(examples=["speech"])
    confidence: float | None = Field(description="The recogniser's, 0 to 1, where known")

    @classmethod
    def of(cls, row: SegmentRow) -> Self:
        return cls.model_validate(row)


class TranscriptOut(BaseModel):
    """All lines of a call, in their order."""

    call_id: UUID
    call_sid: str
    persona: str
    started_at: datetime | None
    segments: list[SegmentOut]


class PersonaOut(BaseModel):
    """Someone who can answer the telephone."""

    id: str
    name: str
    language: str
    flow: str
    version: int
    source_template_id: str

    @classmethod
    def of(cls, persona: Persona) -> Self:
        return cls(
            id=persona.id,
            name=persona.name,
            language=persona.language,
            flow=persona.flow,
            version=persona.metadata.version,
            source_template_id=persona.metadata.source_template_id,
        )


class PersonaPage(BaseModel):
    """All personas; there are never more than one page of them."""

    items: list[PersonaOut]
    next_cursor: None = None


class NumberIn(BaseModel):
    """Who is to answer a number."""

    model_config = ConfigDict(extra="forbid")

    persona: Annotated[str, StringConstraints(max_length=40)] = Field(description="A persona's id")
    label: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = Field(
        "", description="What people call the number", examples=["Front desk"]
    )


class NumberOut(Of):
    """A number and who answers it."""

    e164: str
    persona: str
    label: str

    @classmethod
    def of(cls, row: PhoneNumberRow) -> Self:
        return cls.model_validate(row)


class NumberPage(BaseModel):
    """All numbers, in one page."""

    items: list[NumberOut]
    next_cursor: None = None
