"""Recordings and timelines in pieces, where every machine finds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "call_piece",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "kind", "start", name="pk_call_piece"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_piece_call_id_call"),
    )


def downgrade() -> None:
    op.drop_table("call_piece")
