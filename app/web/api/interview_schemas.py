"""What REST takes and gives of interviews by text: the beginning, turns, and what was said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from app.personas.questions import Name
from app.runtime.text_beginning import Wanted
from app.runtime.text_interviews import LONGEST_TEXT, EventType, TextEvent, Turn
from app.runtime.text_reply import Reply, Standing, reply_from
from app.store.interview_tables import InterviewTurnRow
from app.store.interviews import Candidate, Channel, StoredInterview
from app.store.listing import MAXIMUM_LIMIT
from app.store.tables import CallRow, SegmentRow

_VISIBLE = r"^[\x21-\x7e]+$"
EventId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_VISIBLE)]


def _one_line(most: int) -> object:
    return StringConstraints(strip_whitespace=True, max_length=most, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$")


PersonaName = Annotated[str, _one_line(200)]


class InterviewIn(BaseModel):
    """Who is to be interviewed, and by whom."""

    model_config = ConfigDict(extra="forbid")

    persona: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(
        description="A persona's id; its flow must be `interview`", examples=["interviewer"]
    )
    candidate_name: PersonaName = Field("", examples=["Ada Lovelace"])
    role: PersonaName = Field("", description="What the candidate applies for", examples=["Python developer"])
    topic: Name | None = Field(None, description="A topic of the question bank; the persona's own if left out")
    candidate_id: Annotated[str, _one_line(100)] = Field(
        "", description="Your own id of the person: they are not asked again what they were asked before"
    )

    def wanted(self) -> Wanted:
        candidate = Candidate(self.candidate_id, self.candidate_name, self.role)
        return Wanted(self.persona, candidate, self.topic or "")


class TurnIn(BaseModel):
    """Something that happened on the candidate's side."""

    model_config = ConfigDict(extra="forbid")

    event_type: EventType = Field(
        description="`start`: begin, or take up again what is paused. `user_turn`: the candidate wrote `text`. "
        "`timeout`: they wrote nothing for `expects.think_s` seconds"
    )
    event_id: EventId = Field(description="Yours: the same id again is the same event", examples=["e-0001"])
    text: str = Field("", max_length=LONGEST_TEXT, validate_default=True, description="Of a `user_turn`")

    @field_validator("text")
    @classmethod
    def _where_it_belongs(cls, text: str, info: ValidationInfo) -> str:
        type_ = info.data.get("event_type")
        if type_ == "user_turn" and not _is_to_be_seen(text):
            raise ValueError("a user_turn needs a text; for silence send a timeout")
        if type_ in ("start", "timeout") and text:
            raise ValueError(f"a {type_} has no text")
        return text

    def event(self) -> TextEvent:
        return TextEvent(self.event_id, self.event_type, self.text)


def _is_to_be_seen(text: str) -> bool:
    """Whether anything of it is: no spaces alone, controls, or letters without width."""
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in text)


class ExpectsOut(BaseModel):
    """What the candidate is to do now."""

    kind: Literal["quick", "normal", "thought"] = Field(description="A yes or no, to go on, or to think first")
    think_s: float = Field(description="After so many seconds without a word a `timeout` may be sent")


class StandingOut(BaseModel):
    """Where an interview is."""

    phase: Literal["new", "consent", "asking", "stopping", "paused", "over"] = Field(
        description="`new` and `paused` wait for a `start`; `stopping`: it was asked whether to end"
    )
    over: Literal["complete", "stopped", "refused", "not-agreed"] | None = Field(description="How it ended, if it did")
    question_number: int | None = Field(description="Of the question in hand, from 1; null before the first")
    question_count: int
    expects: ExpectsOut | None = Field(description="Null where no turn can come: it is new, paused or over")

    @classmethod
    def of(cls, standing: Standing) -> Self:
        awaited = standing.expects
        return cls(
            phase=standing.phase,
            over=standing.over or None,
            question_number=standing.question,
            question_count=standing.questions,
            expects=ExpectsOut(kind=awaited.kind, think_s=awaited.think_s) if awaited else None,
        )


class BegunOut(BaseModel):
    """An interview by text, as it stands."""

    id: UUID
    conversation_id: UUID
    persona: str
    channel: Channel
    candidate_name: str
    role: str
    candidate_id: str
    topic: str
    created_at: datetime
    state: StandingOut

    @classmethod
    def of(cls, stored: StoredInterview, standing: Standing) -> Self:
        return cls(
            id=stored.id,
            conversation_id=stored.conversation_id,
            persona=stored.persona,
            channel=stored.channel,
            candidate_name=stored.candidate.name,
            role=stored.candidate.role,
            candidate_id=stored.candidate.key,
            topic=stored.topic,
            created_at=stored.created_at,
            state=StandingOut.of(standing),
        )


class AgentLine(BaseModel):
    """Something that the agent says."""

    kind: str = Field(examples=["question"])
    text: str

    @classmethod
    def all_of(cls, reply: Reply) -> list[Self]:
        return [cls(kind=line.kind, text=line.text) for line in reply.lines]


class TurnOut(BaseModel):
    """What the agent says to an event, and what it waits for then."""

    event_id: str
    seq: int = Field(description="The event's number in this interview, from 1")
    messages: list[AgentLine]
    state: StandingOut

    @classmethod
    def of(cls, turn: Turn) -> Self:
        return cls(
            event_id=turn.event.id,
            seq=turn.seq,
            messages=AgentLine.all_of(turn.reply),
            state=StandingOut.of(turn.reply.standing),
        )


class MessageQuery(BaseModel):
    """Which messages."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(
        MAXIMUM_LIMIT, ge=1, le=MAXIMUM_LIMIT, description="Turns of an interview by text, lines of one by phone"
    )


class MessageOut(BaseModel):
    """Something that was said, by either."""

    id: str = Field(description="By text `turn-…`, as quotes name it; by phone the segment's id")
    role: Literal["agent", "candidate", "system"]
    kind: str = Field(examples=["question"])
    text: str
    at: datetime | None
    call_id: UUID | None = Field(None, description="The call in which it was said")
    heard_text: str | None = Field(None, description="By phone: as much of it as reached the other's ear")
    confidence: float | None = Field(None, description="By phone: the recogniser's, 0 to 1, where known")

    @classmethod
    def of_turn(cls, row: InterviewTurnRow) -> list[Self]:
        """What the candidate wrote, and what the agent said to it."""
        id_ = f"turn-{row.seq}"
        said = [cls(id=id_, role="candidate", kind=row.event_type, text=row.text, at=row.at)] if row.text else []
        lines = reply_from(row.reply).lines
        return said + [cls(id=id_, role="agent", kind=line.kind, text=line.text, at=row.at) for line in lines]

    @classmethod
    def of_line(cls, call: CallRow, line: SegmentRow) -> Self:
        """A line of a call."""
        began = call.started_at
        return cls(
            id=str(line.id),
            role="candidate" if line.role == "caller" else "agent" if line.role == "agent" else "system",
            kind=line.kind,
            text=line.text,
            at=None if began is None else began + timedelta(milliseconds=line.started_ms),
            call_id=call.id,
            heard_text=line.heard_text,
            confidence=line.confidence,
        )


class MessagePage(BaseModel):
    """What was said, in order, and where the interview is now."""

    items: Sequence[MessageOut]
    next_cursor: str | None = Field(description="Give this as `cursor` for what comes after; null at the end")
    state: StandingOut
