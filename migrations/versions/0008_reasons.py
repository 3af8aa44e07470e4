"""Why a number was taken off the do-not-call list; and keys, so that a later word on an interview is given once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "do_not_call_removed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("e164", sa.String(16), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("call_id", sa.Uuid()),
        sa.Column("created_at", _UTC, nullable=False),
        sa.Column("removed_by", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("removed_at", _UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_do_not_call_removed"),
    )
    op.create_index("ix_do_not_call_removed_e164_removed_at", "do_not_call_removed", ["e164", "removed_at"])
    op.add_column("interview_score", sa.Column("idempotency_key", sa.String(255)))
    op.add_column("interview_score", sa.Column("body_hash", sa.String(64)))


def downgrade() -> None:
    op.drop_column("interview_score", "body_hash")
    op.drop_column("interview_score", "idempotency_key")
    op.drop_table("do_not_call_removed")
