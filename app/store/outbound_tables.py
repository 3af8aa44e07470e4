"""The tables of calls that we place: what was arranged, each attempt at it, whom not to ring, and what to tell others.

An attempt is written before anything is dialled, so that whatever dies in between leaves a trace to follow.
docs/outbound.md tells the whole.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from app.store.tables import Row, UtcDateTime

OPEN = ("waiting", "calling")
"""A scheduled call that may still change; the others are `completed`, `failed` and `cancelled`."""


class ScheduledCallRow(Row, table=True):
    """A call that was arranged. `reason`: a slug that says why it stands as it does.

    `windows` and `retry` as `app.dialling` has them in JSON. `next_attempt_at`: while it waits. `leased_by` and
    `lease_until`: the machine that may dial it, and until when. `body_hash`: of the request that came with the key.
    """

    __tablename__ = "scheduled_call"
    __table_args__ = (
        Index(None, "status", "next_attempt_at"),
        Index(None, "created_at", "id"),
        Index(None, "campaign", "status"),
        Index(None, "to_number"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    to_number: str = Field(max_length=16)
    persona: str = Field(max_length=40)
    scheduled_at: datetime = Field(sa_type=UtcDateTime)
    time_zone: str = Field(max_length=64)
    windows: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    max_attempts: int
    retry: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    voicemail: str = Field(max_length=16)
    variables: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    webhook_url: str | None = Field(default=None, max_length=2000)
    send_digits: str = Field(default="", max_length=32)
    campaign: str = Field(default="", max_length=60)
    source: str = Field(max_length=8)
    status: str = Field(default="waiting", max_length=16)
    reason: str = Field(default="scheduled", max_length=64)
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    cancel_asked: bool = False
    leased_by: str | None = Field(default=None, max_length=100)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    idempotency_key: str | None = Field(default=None, unique=True, max_length=255)
    body_hash: str | None = Field(default=None, max_length=64)
    revision: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CallAttemptRow(Row, table=True):
    """One time that a telephone was, or may have been, rung. Its `id` is also that of the `call` which it becomes.

    `carrier_sid`: null until the carrier has said what it calls it. `status`: `app.dialling.progress`; `disposition`:
    `app.dialling.outcome`, once the attempt is over. `answered_by`: a verdict, by the `carrier` or by `words`.
    `check_at`: when to ask the carrier, if it says nothing before. `settled_at`: when the call was told of its end.
    """

    __tablename__ = "call_attempt"
    __table_args__ = (
        UniqueConstraint("scheduled_call_id", "number"),
        Index(None, "to_number", "planned_at"),
        Index(None, "planned_at"),
        Index(None, "status", "check_at"),
        Index(None, "campaign", "settled_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    scheduled_call_id: UUID = Field(foreign_key="scheduled_call.id")
    number: int
    to_number: str = Field(max_length=16)
    campaign: str = Field(default="", max_length=60)
    machine: str = Field(max_length=100)
    carrier_sid: str | None = Field(default=None, unique=True, max_length=64)
    status: str = Field(max_length=16)
    disposition: str | None = Field(default=None, max_length=16)
    answered_by: str | None = Field(default=None, max_length=32)
    verdict_by: str | None = Field(default=None, max_length=8)
    message_left: bool = False
    error_code: int | None = None
    error: str | None = Field(default=None, max_length=300)
    planned_at: datetime = Field(sa_type=UtcDateTime)
    dialled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ringing_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_s: int | None = None
    check_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settle_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DoNotCallRow(Row, table=True):
    """A number that must not be rung. `source`: `rest`, `page`, `csv`, or `callee`, who said so during `call_id`."""

    __tablename__ = "do_not_call"

    e164: str = Field(primary_key=True, max_length=16)
    source: str = Field(max_length=8)
    note: str = Field(default="", max_length=200)
    call_id: UUID | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class DoNotCallRemovedRow(Row, table=True):
    """An entry of that list which was taken off again: as it was, and by whom (`rest`, `page`), when and why."""

    __tablename__ = "do_not_call_removed"
    __table_args__ = (Index(None, "e164", "removed_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    e164: str = Field(max_length=16)
    source: str = Field(max_length=8)
    note: str = Field(default="", max_length=200)
    call_id: UUID | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_by: str = Field(max_length=8)
    reason: str = Field(max_length=200)
    removed_at: datetime = Field(sa_type=UtcDateTime)


class CampaignRow(Row, table=True):
    """Calls that stop together. `since`: attempts settled before it are forgiven; `stopped_at`: null while it runs."""

    __tablename__ = "campaign"

    name: str = Field(primary_key=True, max_length=60)
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=64)


class OutboxRow(Row, table=True):
    """Something to tell the customer's system, at least once and in order of `seq` within one subject.

    `subject_id`: the scheduled call, or the interview where there is none. `tries` so far, with the one under way;
    `next_try_at`: null once it was delivered, or given up (`given_up_at`).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("subject_id", "seq"),
        Index(None, "next_try_at"),
        Index(None, "created_at", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    subject_id: UUID
    scheduled_call_id: UUID | None = Field(default=None, foreign_key="scheduled_call.id")
    interview_id: UUID | None = Field(default=None, foreign_key="interview_session.id")
    seq: int
    event: str = Field(max_length=32)
    payload: dict[str, Any] = Field(sa_type=JSON)
    url: str = Field(max_length=2000)
    created_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_status: int | None = None
    last_error: str = Field(default="", max_length=200)
