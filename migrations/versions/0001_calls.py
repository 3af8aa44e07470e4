"""Calls, what was said in them, and who answers which number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "persona",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("flow", sa.String(), nullable=False),
        sa.Column("source_template_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("updated_at", _UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persona"),
    )
    op.create_table(
        "phone_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("e164", sa.String(16), nullable=False),
        sa.Column("persona", sa.String(40), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phone_number"),
        sa.UniqueConstraint("e164", name="uq_phone_number_e164"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("persona", sa.String(40), nullable=False),
        sa.Column("created_at", _UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
    )
    _create_call()
    _create_what_happened()


def _create_call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("stream_sid", sa.String(64)),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("from_number", sa.String(64), nullable=False),
        sa.Column("to_number", sa.String(64), nullable=False),
        sa.Column("persona", sa.String(40), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", _UTC, nullable=False),
        sa.Column("started_at", _UTC),
        sa.Column("ended_at", _UTC),
        sa.Column("end_reason", sa.String(64)),
        sa.Column("duration_s", sa.Float()),
        sa.Column("machine", sa.String(100), nullable=False),
        sa.Column("heartbeat_at", _UTC, nullable=False),
        sa.Column("recording_ms", sa.Integer()),
        sa.Column("line_quality", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
        sa.UniqueConstraint("call_sid", name="uq_call_call_sid"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_call_conversation_id_conversation"),
    )
    op.create_index("ix_call_created_at_id", "call", ["created_at", "id"])
    op.create_index("ix_call_persona_created_at_id", "call", ["persona", "created_at", "id"])
    op.create_index("ix_call_status_heartbeat_at", "call", ["status", "heartbeat_at"])
    op.create_index("ix_call_conversation_id", "call", ["conversation_id"])


def _create_what_happened() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("heard_text", sa.String(), nullable=False),
        sa.Column("started_ms", sa.Integer(), nullable=False),
        sa.Column("ended_ms", sa.Integer(), nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Float()),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_segment"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_segment_call_id_call"),
    )
    op.create_index("ix_segment_call_id_seq", "segment", ["call_id", "seq"])
    steps = ("speech_ended", "decided", "transcript", "first_text", "first_audio", "first_heard")
    op.create_table(
        "turn_metrics",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        *(sa.Column(f"{step}_ms", sa.Integer()) for step in steps),
        sa.PrimaryKeyConstraint("call_id", "turn", name="pk_turn_metrics"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_turn_metrics_call_id_call"),
    )
    op.create_table(
        "call_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_event"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_event_call_id_call"),
    )
    op.create_index("ix_call_event_call_id_at_ms_seq", "call_event", ["call_id", "at_ms", "seq"])


def downgrade() -> None:
    for table in ("call_event", "turn_metrics", "segment", "call", "conversation", "phone_number", "persona"):
        op.drop_table(table)
