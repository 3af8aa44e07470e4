"""Every table there is, for migrations and their test: a table counts once its module has been imported."""

from __future__ import annotations

from app.store import interview_tables, outbound_tables, piece_tables, transfer_tables
from app.store.tables import Row

TABLES = Row.metadata
__all__ = ["TABLES", "interview_tables", "outbound_tables", "piece_tables", "transfer_tables"]
