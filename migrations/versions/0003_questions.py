"""The question bank, version by version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("created_at", _UTC, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("retired_at", _UTC),
        sa.Column("retired_by", sa.String(8)),
        sa.PrimaryKeyConstraint("id", "version", name="pk_question"),
    )
    op.create_index("ix_question_topic_id", "question", ["topic", "id"])


def downgrade() -> None:
    op.drop_table("question")
