"""What REST takes and gives of calls that are to be placed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self, get_args
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
)

from app.dialling.keys import KEYS_PATTERN
from app.dialling.plan import LONGEST_DELAY_S, MOST_ATTEMPTS, Plan
from app.dialling.window import DAYS, Window, dump, read_clock
from app.runtime.arranging import Wish
from app.store.listing import MAXIMUM_LIMIT
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.scheduling import ScheduledFilters, plan_of, windows_of
from app.web.api.schemas import Written

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Delay = Annotated[int, Field(ge=1, le=LONGEST_DELAY_S)]
Delays = Annotated[list[Delay], Field(min_length=1, max_length=MOST_ATTEMPTS)]
Status = Literal["waiting", "calling", "completed", "failed", "cancelled"]
_NAME = r"^[A-Za-z_][A-Za-z0-9_]{0,39}$"
_LINE = r"^[^\x00-\x1f\x7f]*$"
VariableName = Annotated[str, StringConstraints(pattern=_NAME)]
Variable = Annotated[str, StringConstraints(max_length=500, pattern=_LINE)] | int | float | bool | None
MOST_VARIABLES = 50


class WindowIn(BaseModel):
    """Days and hours, on the clock of the callee's zone; one that ends before it begins goes over midnight."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    days: list[Day] = Field(default_factory=lambda: list(get_args(Day)), examples=[["mon", "tue", "wed", "thu", "fri"]])
    begins: str = Field("00:00", alias="from", max_length=5, examples=["09:00"])
    ends: str = Field("24:00", alias="until", max_length=5, examples=["17:30"])

    @field_validator("begins", "ends")
    @classmethod
    def _is_a_time(cls, text: str) -> str:
        read_clock(text)
        return text

    @model_validator(mode="after")
    def _opens(self) -> Self:
        self.window()
        return self

    def window(self) -> Window:
        return Window(frozenset(DAYS.index(day) for day in self.days), read_clock(self.begins), read_clock(self.ends))


Windows = Annotated[
    Annotated[WindowIn, Tag("[one]")] | Annotated[list[WindowIn], Field(max_length=14), Tag("[several]")],
    Discriminator(lambda given: "[several]" if isinstance(given, list) else "[one]"),
]
"""One window, or several that are alternatives; what is wrong is told of what was meant."""


class RetryIn(BaseModel):
    """Seconds to wait after each way in which an attempt may end; the last of a list stands for all that follow."""

    model_config = ConfigDict(extra="forbid")

    busy: Delay | Delays | None = Field(None, examples=[[300, 900]])
    no_answer: Delay | Delays | None = Field(None, examples=[1800])
    voicemail: Delay | Delays | None = None
    failed: Delay | Delays | None = None

    def delays_s(self) -> dict[str, tuple[int, ...]]:
        given = self.model_dump(exclude_none=True)
        return {kind: tuple(delays) if isinstance(delays, list) else (delays,) for kind, delays in given.items()}


class CallIn(BaseModel):
    """A call to place, now or at a time."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=32, description="Whom to ring, in E.164", examples=["+14155550123"])
    persona: str = Field(min_length=1, max_length=40, examples=["interviewer"])
    scheduled_at: Written | None = Field(
        None, description="With an offset, or local time together with `time_zone`; now if left out"
    )
    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        None, description="The callee's; guessed from the number if left out", examples=["Europe/Berlin"]
    )
    window: Windows | None = Field(
        None, description="When they may be rung; several are alternatives; any time if left out"
    )
    max_attempts: int = Field(3, ge=1, le=MOST_ATTEMPTS)
    retry: RetryIn | None = None
    voicemail: Literal["hang_up", "leave_message"] = "hang_up"
    variables: dict[VariableName, Variable] = Field(
        default_factory=dict,
        max_length=MOST_VARIABLES,
        examples=[{"candidate_name": "Ada", "role": "Developer", "topic": "python"}],
        description="Said where the persona's lines leave a place for them, and given back by webhooks. "
        "`candidate_name` and `role` are kept with an interview; its questions are of `topic`, if there are enough",
    )
    webhook_url: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None
    campaign: Annotated[str, StringConstraints(max_length=60, pattern=_LINE)] = Field(
        "", description="Calls that stop together when most of them fail"
    )
    send_digits: Annotated[str, StringConstraints(pattern=KEYS_PATTERN)] = Field(
        "", description="Keys to press once somebody answers; `w` waits for half a second", examples=["ww1w204#"]
    )

    def wish(self) -> Wish:
        windows = self.window if isinstance(self.window, list) else [self.window] if self.window else []
        return Wish(
            to=self.to,
            persona=self.persona,
            scheduled_at=self.scheduled_at,
            time_zone=self.time_zone,
            windows=tuple(one.window() for one in windows),
            plan=Plan(self.max_attempts, self.retry.delays_s() if self.retry else {}),
            voicemail=self.voicemail,
            variables=self.variables,
            webhook_url=self.webhook_url,
            campaign=self.campaign,
            send_digits=self.send_digits,
        )


def as_asked(row: ScheduledCallRow) -> dict[str, Any]:
    """A stored call as REST would ask for it: what a change of parts begins from."""
    return {
        "to": row.to_number,
        "persona": row.persona,
        "scheduled_at": row.scheduled_at,
        "time_zone": row.time_zone,
        "window": dump(windows_of(row)) or None,
        "max_attempts": row.max_attempts,
        "retry": {kind: list(delays) for kind, delays in plan_of(row).delays_s.items()},
        "voicemail": row.voicemail,
        "variables": row.variables,
        "webhook_url": row.webhook_url,
        "campaign": row.campaign,
        "send_digits": row.send_digits,
    }


class AttemptOut(BaseModel):
    """One time that the telephone was, or may have been, rung."""

    id: UUID = Field(description="Also the id of the call, if somebody answered")
    number: int
    call_sid: str | None
    status: str
    disposition: str | None
    answered_by: str | None
    error_code: int | None
    error: str | None = Field(description="The carrier's own words")
    planned_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: int | None

    @classmethod
    def of(cls, row: CallAttemptRow) -> Self:
        taken = {name: getattr(row, name) for name in cls.model_fields if name != "call_sid"}
        return cls(call_sid=row.carrier_sid, **taken)


class ScheduledOut(BaseModel):
    """A call that was arranged, as it stands. `reason`: docs/outbound.md lists them."""

    id: UUID
    to: str
    persona: str
    status: Status
    reason: str
    scheduled_at: datetime
    time_zone: str
    next_attempt_at: datetime | None
    window: list[dict[str, Any]]
    max_attempts: int
    retry: dict[str, Any]
    voicemail: str
    variables: dict[str, Any]
    webhook_url: str | None
    campaign: str
    send_digits: str
    attempts: int = Field(description="Those that count")
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: ScheduledCallRow) -> Self:
        same = {name: getattr(row, name) for name in cls.model_fields if name not in ("to", "window", "retry")}
        delays = {kind: list(given) for kind, given in plan_of(row).delays_s.items()}
        return cls(to=row.to_number, window=dump(windows_of(row)), retry=delays, **same)


class ScheduledDetail(ScheduledOut):
    """With all that was tried."""

    history: list[AttemptOut] = Field(default_factory=list, description="Every attempt, the first one first")

    @classmethod
    def told(cls, row: ScheduledCallRow, attempts: Sequence[CallAttemptRow]) -> Self:
        return cls(**dict(ScheduledOut.of(row)), history=[AttemptOut.of(one) for one in attempts])


class ScheduledQuery(BaseModel):
    """What to list."""

    model_config = ConfigDict(extra="forbid")

    status: Status | None = None
    persona: str | None = Field(None, max_length=40)
    campaign: str | None = Field(None, max_length=60)
    to: str | None = Field(None, max_length=32)
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=MAXIMUM_LIMIT)

    def filters(self) -> ScheduledFilters:
        return ScheduledFilters(self.status, self.persona, self.campaign, self.to)


class ScheduledPage(BaseModel):
    """Some of the list; `next_cursor` leads on."""

    items: list[ScheduledOut]
    next_cursor: str | None


class ForbiddenIn(BaseModel):
    """A number that must not be rung."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(max_length=32, examples=["+14155550123"])
    note: Annotated[str, StringConstraints(max_length=200, pattern=_LINE)] = ""


class ForbiddenOut(BaseModel):
    """A number that must not be rung, since when and because of whom."""

    number: str
    source: str
    note: str
    created_at: datetime


class RemovedOut(ForbiddenOut):
    """An entry that was taken off the list again: when, by whom and why."""

    removed_at: datetime
    removed_by: str
    reason: str


class ForbiddenDetail(BaseModel):
    """What is known of a number. `entry`: null if it may be rung."""

    number: str
    entry: ForbiddenOut | None
    removed: list[RemovedOut] = Field(description="Entries that were taken off, the last one first")


class ForbiddenPage(BaseModel):
    """Some of the list; `next_cursor` leads on."""

    items: list[ForbiddenOut]
    next_cursor: str | None
