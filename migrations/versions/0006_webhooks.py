"""What is told need not be about a call that we placed: interviews by text, and of callers, have no such call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("subject_id", sa.Uuid()))
        table.add_column(sa.Column("interview_id", sa.Uuid()))
        table.alter_column("scheduled_call_id", existing_type=sa.Uuid(), nullable=True)
    op.execute("UPDATE outbox SET subject_id = scheduled_call_id")
    with op.batch_alter_table("outbox") as table:
        table.alter_column("subject_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_constraint("uq_outbox_scheduled_call_id", type_="unique")
        table.create_unique_constraint("uq_outbox_subject_id", ["subject_id", "seq"])
        table.create_foreign_key(
            "fk_outbox_interview_id_interview_session", "interview_session", ["interview_id"], ["id"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE scheduled_call_id IS NULL")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint("fk_outbox_interview_id_interview_session", type_="foreignkey")
        table.drop_constraint("uq_outbox_subject_id", type_="unique")
        table.create_unique_constraint("uq_outbox_scheduled_call_id", ["scheduled_call_id", "seq"])
        table.alter_column("scheduled_call_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_column("interview_id")
        table.drop_column("subject_id")
