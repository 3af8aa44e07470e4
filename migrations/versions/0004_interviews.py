"""Interviews: their state, what became of their questions, later scores, and turns by text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sessions()
    _question_states()
    _scores()
    _turns()


def _sessions() -> None:
    op.create_table(
        "interview_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("persona", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("candidate_key", sa.String(100), nullable=False),
        sa.Column("candidate_name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(200), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("over", sa.String(16), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("consent_agreed", sa.Boolean()),
        sa.Column("consent_words", sa.String(), nullable=False),
        sa.Column("consent_at", sa.String(40), nullable=False),
        sa.Column("created_at", _UTC, nullable=False),
        sa.Column("updated_at", _UTC, nullable=False),
        sa.Column("ended_at", _UTC),
        sa.PrimaryKeyConstraint("id", name="pk_interview_session"),
        sa.UniqueConstraint("conversation_id", name="uq_interview_session_conversation_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_interview_session_conversation_id_conversation"
        ),
    )
    columns = ["candidate_key", "persona", "updated_at"]
    op.create_index("ix_interview_session_candidate_key_persona_updated_at", "interview_session", columns)
    op.create_index("ix_interview_session_created_at_id", "interview_session", ["created_at", "id"])


def _question_states() -> None:
    op.create_table(
        "interview_question_state",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(60), nullable=False),
        sa.Column("question_version", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("life", sa.String(16), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("points", sa.Integer()),
        sa.Column("judge", sa.String(100), nullable=False),
        sa.Column("judge_version", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "place", name="pk_interview_question_state"),
        _of_session("interview_question_state"),
    )


def _scores() -> None:
    op.create_table(
        "interview_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("run", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("judge", sa.String(100), nullable=False),
        sa.Column("judge_version", sa.String(40), nullable=False),
        sa.Column("rubric", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", _UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interview_score"),
        _of_session("interview_score"),
    )
    op.create_index("ix_interview_score_session_id_created_at", "interview_score", ["session_id", "created_at"])


def _turns() -> None:
    op.create_table(
        "interview_turn",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(100), nullable=False),
        sa.Column("event_type", sa.String(16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
        sa.Column("at", _UTC, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "seq", name="pk_interview_turn"),
        sa.UniqueConstraint("session_id", "event_id", name="uq_interview_turn_session_id"),
        _of_session("interview_turn"),
    )


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_session_id_interview_session"
    return sa.ForeignKeyConstraint(["session_id"], ["interview_session.id"], name=name)


def downgrade() -> None:
    for table in ("interview_turn", "interview_score", "interview_question_state", "interview_session"):
        op.drop_table(table)
