"""Alembic's entry: runs the migrations on the connection that `app.store.migrate` opened."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from app.store.metadata import TABLES

MIGRATION_LOCK = 0x5041524C  # any number of our own: two servers starting at once must not both migrate


def run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite is locked by its BEGIN IMMEDIATE
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    # batches: SQLite alters a table by copying it
    context.configure(connection=connection, target_metadata=TABLES, render_as_batch=True, compare_type=True)
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    raise RuntimeError("Migrations run through app.store.migrate.upgrade(url), which opens the connection.")
run(given)
