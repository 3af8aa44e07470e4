"""The tables of interviews; docs/interviews.md tells what an interview is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from app.store.tables import Row, UtcDateTime


class InterviewSessionRow(Row, table=True):
    """One interview, by phone or by text. `state`: the engine's whole session as JSON (`interviewing.kept`), from which
    everything else can be told; the other columns are for finding and listing it.

    `candidate_key`: the telephone number, or the id that the customer's system gave: who was asked what before.
    `revision` grows with every change. `consent_at` and `consent_words`: of the agreement or the refusal, once there.
    """

    __tablename__ = "interview_session"
    __table_args__ = (Index(None, "candidate_key", "persona", "updated_at"), Index(None, "created_at", "id"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", unique=True)
    persona: str = Field(max_length=40)
    channel: str = Field(max_length=8)
    candidate_key: str = Field(default="", max_length=100)
    candidate_name: str = Field(default="", max_length=200)
    role: str = Field(default="", max_length=200)
    topic: str = Field(max_length=60)
    phase: str = Field(max_length=16)
    over: str = Field(default="", max_length=16)
    state: str
    revision: int = 1
    points: int = 0
    most: int = 0
    consent_agreed: bool | None = None
    consent_words: str = ""
    consent_at: str = Field(default="", max_length=40)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InterviewQuestionStateRow(Row, table=True):
    """What became of one question of an interview, `place` counted from 0; the question as it was asked is in `state`
    of the session, and here by id and version."""

    __tablename__ = "interview_question_state"

    session_id: UUID = Field(foreign_key="interview_session.id", primary_key=True)
    place: int = Field(primary_key=True)
    question_id: str = Field(max_length=60)
    question_version: int
    level: str = Field(max_length=16)
    life: str = Field(max_length=16)
    hints: int = 0
    verdict: str = Field(default="", max_length=16)
    points: int | None = None
    judge: str = Field(default="", max_length=100)
    judge_version: str = Field(default="", max_length=40)


class InterviewScoreRow(Row, table=True):
    """A later word on one question's points: another judge's (`rescored`) or a person's (`overruled`, with a reason).

    Rows are added and never changed. `run`: the scores that were made together. `detail`: the judgements, as JSON.
    `body_hash`: of the request that came with the key.
    """

    __tablename__ = "interview_score"
    __table_args__ = (Index(None, "session_id", "created_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    session_id: UUID = Field(foreign_key="interview_session.id")
    place: int
    kind: str = Field(max_length=16)
    run: UUID
    points: int
    judge: str = Field(max_length=100)
    judge_version: str = Field(default="", max_length=40)
    rubric: str = Field(default="", max_length=16)
    reason: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    idempotency_key: str | None = Field(default=None, max_length=255)
    body_hash: str | None = Field(default=None, max_length=64)


class InterviewTurnRow(Row, table=True):
    """One event of an interview by text and what was answered to it; the same `event_id` again is the same turn."""

    __tablename__ = "interview_turn"

    session_id: UUID = Field(foreign_key="interview_session.id", primary_key=True)
    seq: int = Field(primary_key=True)
    event_id: str = Field(max_length=100)
    event_type: str = Field(max_length=16)
    text: str = ""
    reply: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)

    __table_args__ = (UniqueConstraint("session_id", "event_id"),)
