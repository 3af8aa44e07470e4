"""What the providers did and what it cost; when a reply's first clause could stand alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("turn_metrics", sa.Column("first_clause_ms", sa.Integer()))
    op.create_table(
        "provider_usage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("tokens_read", sa.BigInteger(), nullable=False),
        sa.Column("tokens_written", sa.BigInteger(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger()),
        sa.Column("currency", sa.String(3)),
        sa.PrimaryKeyConstraint("id", name="pk_provider_usage"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_provider_usage_call_id_call"),
    )
    op.create_index("ix_provider_usage_call_id", "provider_usage", ["call_id"])
    op.create_index("ix_provider_usage_day_provider", "provider_usage", ["day", "provider"])


def downgrade() -> None:
    op.drop_table("provider_usage")
    op.drop_column("turn_metrics", "first_clause_ms")
