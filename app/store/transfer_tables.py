"""The tables of what happens to a call from outside of its talk: a person takes it over, somebody of ours steps in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index
from sqlmodel import Field

from app.store.tables import Row, UtcDateTime


class TransferRow(Row, table=True):
    """A person was asked to take a call over.

    `asked_by`: `words`, `key` or `model`. `status`: `app.store.transfers`. `about`: what the person is told of the
    caller. `parked`: of the flow's state, for the talk to go on. `back_call_id`: the call as which it came back to us.
    """

    __tablename__ = "call_transfer"
    __table_args__ = (Index(None, "call_id"), Index(None, "status", "asked_at"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    call_id: UUID = Field(foreign_key="call.id")
    number: str = Field(max_length=16)
    asked_by: str = Field(max_length=8)
    status: str = Field(default="asked", max_length=16)
    about: str = Field(default="", max_length=300)
    parked: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    rung_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    picked_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_s: int | None = None
    back_call_id: UUID | None = None


class CallOrderRow(Row, table=True):
    """Something that is to be done to a running call, by whichever machine has it. `order`: `hang-up`, `goodbye`,
    `digits`, or `verdict`, which `digits` holds. `taken_at`: when that machine did it."""

    __tablename__ = "call_order"
    __table_args__ = (Index(None, "call_id", "taken_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    call_id: UUID = Field(foreign_key="call.id")
    order: str = Field(max_length=16)
    digits: str = Field(default="", max_length=32)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
