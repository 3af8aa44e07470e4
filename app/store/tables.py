"""The tables. Keys are UUIDs, times are aware and in UTC, whatever the database makes of them.

A row here is what is stored, never what is thought: the rules live in the repositories beside this file.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Index, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

ACTIVE = ("ringing", "in-progress")
"""A call that may still change; every other status is final."""

FINAL = ("completed", "failed", "lost", "busy")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored: use the clock's utc()")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(SQLModel):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class PersonaRow(Row, table=True):
    """A persona as it was when the server last started: what old calls refer to, even after its file is gone."""

    __tablename__ = "persona"

    id: str = Field(primary_key=True, max_length=40)
    name: str
    flow: str
    source_template_id: str
    version: int
    content_hash: str = Field(max_length=64)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class PhoneNumberRow(Row, table=True):
    """Which persona answers a number. `persona` is a slug, not a foreign key: files come and go."""

    __tablename__ = "phone_number"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    e164: str = Field(unique=True, max_length=16)
    persona: str = Field(max_length=40)
    label: str = Field(default="", max_length=100)


class ConversationRow(Row, table=True):
    """What a caller and a persona have to say to each other; it may take more than one call."""

    __tablename__ = "conversation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    persona: str = Field(max_length=40)
    created_at: datetime = Field(sa_type=UtcDateTime)


class CallRow(Row, table=True):
    """One telephone call. `machine` and `heartbeat_at` say who runs it and when it was last seen alive."""

    __tablename__ = "call"
    __table_args__ = (
        Index(None, "created_at", "id"),
        Index(None, "persona", "created_at", "id"),
        Index(None, "status", "heartbeat_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    call_sid: str = Field(unique=True, max_length=64)
    stream_sid: str | None = Field(default=None, max_length=64)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    direction: str = Field(max_length=8)
    from_number: str = Field(max_length=64)
    to_number: str = Field(max_length=64)
    persona: str = Field(max_length=40)
    status: str = Field(default="ringing", max_length=16)
    created_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_reason: str | None = Field(default=None, max_length=64)
    duration_s: float | None = None
    machine: str = Field(max_length=100)
    heartbeat_at: datetime = Field(sa_type=UtcDateTime)
    recording_ms: int | None = None
    line_quality: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class SegmentRow(Row, table=True):
    """A line of the transcript; times in ms from the stream's start. `folded` is what searches look in."""

    __tablename__ = "segment"
    __table_args__ = (Index(None, "call_id", "seq"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    call_id: UUID = Field(foreign_key="call.id")
    seq: int
    turn: int
    role: str = Field(max_length=8)
    text: str
    heard_text: str
    started_ms: int
    ended_ms: int
    interrupted: bool = False
    final: bool = True
    confidence: float | None = None
    kind: str = Field(default="speech", max_length=32)
    folded: str


class TurnMetricsRow(Row, table=True):
    """When each step of a turn happened, in ms from the stream's start; None for a step that did not."""

    __tablename__ = "turn_metrics"

    call_id: UUID = Field(foreign_key="call.id", primary_key=True)
    turn: int = Field(primary_key=True)
    speech_ended_ms: int | None = None
    decided_ms: int | None = None
    transcript_ms: int | None = None
    first_text_ms: int | None = None
    first_clause_ms: int | None = None
    first_audio_ms: int | None = None
    first_heard_ms: int | None = None


class CallEventRow(Row, table=True):
    """Something worth knowing that happened during a call. `seq` orders events of the same millisecond."""

    __tablename__ = "call_event"
    __table_args__ = (Index(None, "call_id", "at_ms", "seq"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    call_id: UUID = Field(foreign_key="call.id")
    at_ms: int
    seq: int
    kind: str = Field(max_length=64)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ProviderUsageRow(Row, table=True):
    """What one provider's model did at one stage on one UTC day, for one call or (`call_id` null) for the house itself.

    Whoever keeps the count writes its row again as it grows; several rows of one call, stage, provider and model are
    to be added up. `cost_micros`: millionths of `currency`, both null where no price was known.
    """

    __tablename__ = "provider_usage"
    __table_args__ = (Index(None, "call_id"), Index(None, "day", "provider"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    call_id: UUID | None = Field(default=None, foreign_key="call.id")
    day: date
    stage: str = Field(max_length=16)
    provider: str = Field(max_length=40)
    model: str = Field(max_length=100)
    requests: int
    seconds: float
    tokens_read: int = Field(sa_type=BigInteger)
    tokens_written: int = Field(sa_type=BigInteger)
    characters: int = Field(sa_type=BigInteger)
    estimated: bool
    cost_micros: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, max_length=3)


class QuestionRow(Row, table=True):
    """One version of a question of the bank; versions are added, never changed.

    `active`: true for the newest version of a question that is in use. `source`: `file`, `rest` or `page`, where this
    version comes from; `retired_by` likewise, who took the question out of use while this version was the newest.
    """

    __tablename__ = "question"
    __table_args__ = (Index(None, "topic", "id"),)

    id: str = Field(primary_key=True, max_length=60)
    version: int = Field(primary_key=True)
    topic: str = Field(max_length=60)
    level: str = Field(max_length=16)
    content: dict[str, Any] = Field(sa_type=JSON)
    content_hash: str = Field(max_length=64)
    source: str = Field(max_length=8)
    created_at: datetime = Field(sa_type=UtcDateTime)
    active: bool
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retired_by: str | None = Field(default=None, max_length=8)
