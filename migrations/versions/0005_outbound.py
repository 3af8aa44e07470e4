"""Calls that we place: what was arranged, its attempts, whom not to ring, campaigns, and what is to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    _scheduled_calls()
    _attempts()
    _outbox()
    op.create_table(
        "do_not_call",
        sa.Column("e164", sa.String(16), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("call_id", sa.Uuid()),
        sa.Column("created_at", _UTC, nullable=False),
        sa.PrimaryKeyConstraint("e164", name="pk_do_not_call"),
    )
    op.create_table(
        "campaign",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("since", _UTC),
        sa.Column("stopped_at", _UTC),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_campaign"),
    )


def _scheduled_calls() -> None:
    op.create_table(
        "scheduled_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("to_number", sa.String(16), nullable=False),
        sa.Column("persona", sa.String(40), nullable=False),
        sa.Column("scheduled_at", _UTC, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("retry", sa.JSON(), nullable=False),
        sa.Column("voicemail", sa.String(16), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("webhook_url", sa.String(2000)),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("next_attempt_at", _UTC),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("leased_by", sa.String(100)),
        sa.Column("lease_until", _UTC),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("body_hash", sa.String(64)),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", _UTC, nullable=False),
        sa.Column("updated_at", _UTC, nullable=False),
        sa.Column("finished_at", _UTC),
        sa.PrimaryKeyConstraint("id", name="pk_scheduled_call"),
        sa.UniqueConstraint("idempotency_key", name="uq_scheduled_call_idempotency_key"),
    )
    _index("scheduled_call", ["status", "next_attempt_at"], ["created_at", "id"], ["campaign", "status"], ["to_number"])


def _attempts() -> None:
    op.create_table(
        "call_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheduled_call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("to_number", sa.String(16), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("machine", sa.String(100), nullable=False),
        sa.Column("carrier_sid", sa.String(64)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("disposition", sa.String(16)),
        sa.Column("answered_by", sa.String(32)),
        sa.Column("verdict_by", sa.String(8)),
        sa.Column("message_left", sa.Boolean(), nullable=False),
        sa.Column("error_code", sa.Integer()),
        sa.Column("error", sa.String(300)),
        sa.Column("planned_at", _UTC, nullable=False),
        sa.Column("dialled_at", _UTC),
        sa.Column("ringing_at", _UTC),
        sa.Column("answered_at", _UTC),
        sa.Column("ended_at", _UTC),
        sa.Column("duration_s", sa.Integer()),
        sa.Column("check_at", _UTC),
        sa.Column("settle_at", _UTC),
        sa.Column("settled_at", _UTC),
        sa.PrimaryKeyConstraint("id", name="pk_call_attempt"),
        sa.UniqueConstraint("carrier_sid", name="uq_call_attempt_carrier_sid"),
        sa.UniqueConstraint("scheduled_call_id", "number", name="uq_call_attempt_scheduled_call_id"),
        _of_call("call_attempt"),
    )
    _index("call_attempt", ["to_number", "planned_at"], ["planned_at"], ["status", "check_at"])
    _index("call_attempt", ["campaign", "settled_at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheduled_call_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("created_at", _UTC, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", _UTC),
        sa.Column("lease_until", _UTC),
        sa.Column("delivered_at", _UTC),
        sa.Column("given_up_at", _UTC),
        sa.Column("last_status", sa.Integer()),
        sa.Column("last_error", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("scheduled_call_id", "seq", name="uq_outbox_scheduled_call_id"),
        _of_call("outbox"),
    )
    _index("outbox", ["next_try_at"], ["created_at", "id"])


def _of_call(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_scheduled_call_id_scheduled_call"
    return sa.ForeignKeyConstraint(["scheduled_call_id"], ["scheduled_call.id"], name=name)


def _index(table: str, *indices: list[str]) -> None:
    for columns in indices:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def downgrade() -> None:
    for table in ("campaign", "do_not_call", "outbox", "call_attempt", "scheduled_call"):
        op.drop_table(table)
