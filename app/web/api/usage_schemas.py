"""What REST gives of usage, cost and times. Money is in units of its currency, exact to a millionth."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.store.tables import TurnMetricsRow
from app.store.usage import DayUse, ModelUse, Used
from app.web.api.schemas import Of

_MILLION = 1_000_000


def _as_written(given: Any) -> Any:
    """Only `2026-11-30`: pydantic would take a bare number for seconds since 1970."""
    if isinstance(given, str) and len(given) != len("2026-11-30"):
        raise ValueError("write the day as 2026-11-30")
    return given


Day = Annotated[date, BeforeValidator(_as_written)]


class UsageQuery(BaseModel):
    """Which days; at most 366 of them."""

    model_config = ConfigDict(extra="forbid")

    first: Day | None = Field(None, alias="from", description="The first UTC day; 30 days before `to` if left out")
    last: Day | None = Field(None, alias="to", description="The last UTC day; today if left out")


class MoneyOut(BaseModel):
    """An amount of money."""

    currency: str = Field(examples=["USD"])
    amount: float = Field(description="In units of the currency", examples=[0.012345])


class UsageOut(BaseModel):
    """Amounts added up."""

    requests: int
    seconds: float = Field(description="Sound recognised")
    tokens_read: int
    tokens_written: int
    characters: int = Field(description="Spoken")
    estimated: bool = Field(description="Some of the tokens were reckoned here, because a reply was cut off")
    cost: list[MoneyOut] = Field(description="By the price table; one for each currency that it was billed in")
    unpriced: bool = Field(description="For some of it the table has no price: it is not in `cost`")

    @classmethod
    def of(cls, used: Used, **more: Any) -> Self:
        cost = [MoneyOut(currency=name, amount=micros / _MILLION) for name, micros in sorted(used.costs.items())]
        return cls(
            requests=used.requests,
            seconds=round(used.seconds, 3),
            tokens_read=used.tokens_read,
            tokens_written=used.tokens_written,
            characters=used.characters,
            estimated=used.estimated,
            cost=cost,
            unpriced=used.unpriced,
            **more,
        )


class ModelUsageOut(UsageOut):
    """What one model did at one stage."""

    stage: str = Field(examples=["transcribe", "reply", "speak"])
    provider: str = Field(examples=["groq"])
    model: str = Field(description="Empty for what this machine does itself", examples=["whisper-large-v3-turbo"])

    @classmethod
    def of_model(cls, use: ModelUse) -> Self:
        return cls.of(use.used, stage=use.stage, provider=use.provider, model=use.model)


class CallUsageOut(BaseModel):
    """What a call used."""

    call_id: UUID
    items: list[ModelUsageOut]
    total: UsageOut


class DayUsageOut(UsageOut):
    """What one provider did on one day, for calls and for the house's own kept lines."""

    day: date
    provider: str

    @classmethod
    def of_day(cls, use: DayUse) -> Self:
        return cls.of(use.used, day=use.day, provider=use.provider)


class UsagePage(BaseModel):
    """What was used in these days."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    items: list[DayUsageOut]
    total: UsageOut
    next_cursor: None = None


class TurnOut(Of):
    """When the steps of a turn's answer were reached, in ms from the stream's start."""

    turn: int
    speech_ended_ms: int | None = Field(description="The caller stopped speaking")
    decided_ms: int | None = Field(description="It was sure that they had finished")
    transcript_ms: int | None = Field(description="The words were recognised")
    first_text_ms: int | None = Field(description="The answer's first words came")
    first_clause_ms: int | None = Field(description="A first part of them could stand alone")
    first_audio_ms: int | None = Field(description="The answer's first sound left")
    first_heard_ms: int | None = Field(description="The line confirmed that the caller heard it")

    @classmethod
    def of(cls, row: TurnMetricsRow) -> Self:
        return cls.model_validate(row)


class TurnsOut(BaseModel):
    """All turns of a call, first turn first."""

    call_id: UUID
    turns: list[TurnOut]
