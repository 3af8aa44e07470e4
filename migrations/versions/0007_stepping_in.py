"""Who was asked to take a call over, what is to be done to running calls, and keys to send once somebody answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("scheduled_call", sa.Column("send_digits", sa.String(32), nullable=False, server_default=""))
    with op.batch_alter_table("scheduled_call") as table:
        table.alter_column("send_digits", existing_type=sa.String(32), existing_nullable=False, server_default=None)
    op.create_table(
        "call_transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("asked_by", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("about", sa.String(300), nullable=False),
        sa.Column("parked", sa.JSON()),
        sa.Column("asked_at", _UTC, nullable=False),
        sa.Column("rung_at", _UTC),
        sa.Column("picked_up_at", _UTC),
        sa.Column("ended_at", _UTC),
        sa.Column("duration_s", sa.Integer()),
        sa.Column("back_call_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name="pk_call_transfer"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_transfer_call_id_call"),
    )
    op.create_index("ix_call_transfer_call_id", "call_transfer", ["call_id"])
    op.create_index("ix_call_transfer_status_asked_at", "call_transfer", ["status", "asked_at"])
    op.create_table(
        "call_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("order", sa.String(16), nullable=False),
        sa.Column("digits", sa.String(32), nullable=False),
        sa.Column("asked_at", _UTC, nullable=False),
        sa.Column("taken_at", _UTC),
        sa.PrimaryKeyConstraint("id", name="pk_call_order"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_order_call_id_call"),
    )
    op.create_index("ix_call_order_call_id_taken_at", "call_order", ["call_id", "taken_at"])


def downgrade() -> None:
    op.drop_table("call_order")
    op.drop_table("call_transfer")
    op.drop_column("scheduled_call", "send_digits")
