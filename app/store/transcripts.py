"""Lines, events and times of calls: written in bulk by the writer, read whole by pages and REST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.notices import tell_all
from app.store.records import EventRecord, MetricsRecord, SegmentRecord, clean, clean_json, fold
from app.store.tables import CallEventRow, Row, SegmentRow, TurnMetricsRow

_TIMES = tuple(field.name for field in fields(MetricsRecord) if field.name.endswith("_ms"))


def table_of(row: type[Row]) -> Table:
    """The plain table behind a row class: bulk statements on it skip the ORM's bookkeeping."""
    table: Table = inspect(row).local_table
    return table


def dialect_of(session: AsyncSession) -> str:
    """`sqlite` or `postgresql`: the writer's statements are made once for each, not for every batch."""
    return session.get_bind().dialect.name


def insert_into(session: AsyncSession, row: type[Row]) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT; SQLite and PostgreSQL spell it alike."""
    return insert_for(dialect_of(session), row)


def insert_for(dialect: str, row: type[Row]) -> Any:
    """The same, by the dialect's name."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table_of(row))


async def record_segment(session: AsyncSession, record: SegmentRecord) -> None:
    """Store a line, or what has become of it since it was first stored."""
    await record_segments(session, [record])


async def record_segments(session: AsyncSession, records: Sequence[SegmentRecord]) -> None:
    """Store many lines; of several with one id the last counts. The call must exist (IntegrityError otherwise)."""
    latest = {record.id: record for record in records}
    if not latest:
        return
    await session.execute(_lines(dialect_of(session)), [_segment_values(record) for record in latest.values()])
    calls = {record.call_id for record in latest.values()}
    await tell_all(session, [("lines", one, [r.id for r in latest.values() if r.call_id == one]) for one in calls])


@cache
def _lines(dialect: str) -> Any:
    statement = insert_for(dialect, SegmentRow)
    grows = {
        column.name: statement.excluded[column.name]
        for column in table_of(SegmentRow).columns
        if column.name not in ("id", "call_id")
    }
    # a segment's id belongs to its call for good: the same id from another call changes nothing
    same_call = col(SegmentRow.call_id) == statement.excluded.call_id
    return statement.on_conflict_do_update(index_elements=["id"], set_=grows, where=same_call)


def _segment_values(record: SegmentRecord) -> dict[str, Any]:
    values = asdict(record)
    values["text"] = clean(record.text)
    values["heard_text"] = clean(record.heard_text)
    said, heard = fold(record.text), fold(record.heard_text)
    values["folded"] = said if heard in said else f"{said} {heard}"
    return values


async def record_event(session: AsyncSession, record: EventRecord) -> None:
    """Store an event; the same one twice is one."""
    await record_events(session, [record])


async def record_events(session: AsyncSession, records: Sequence[EventRecord]) -> None:
    """Store many events. The call must exist (IntegrityError otherwise)."""
    if not records:
        return
    await session.execute(_events(dialect_of(session)), [_event_values(record) for record in records])


@cache
def _events(dialect: str) -> Any:
    return insert_for(dialect, CallEventRow).on_conflict_do_nothing(index_elements=["id"])


def _event_values(record: EventRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "call_id": record.call_id,
        "at_ms": record.at_ms,
        "seq": record.seq,
        "kind": clean(record.kind)[:64],
        "detail": clean_json(record.detail),
    }


async def record_turn_metrics(session: AsyncSession, record: MetricsRecord) -> None:
    """Store a turn's times; a time given later joins those known, None takes none away."""
    await record_many_turn_metrics(session, [record])


async def record_many_turn_metrics(session: AsyncSession, records: Sequence[MetricsRecord]) -> None:
    """Store the times of many turns. The call must exist (IntegrityError otherwise)."""
    if not records:
        return
    await session.execute(_times(dialect_of(session)), [asdict(record) for record in records])


@cache
def _times(dialect: str) -> Any:
    statement = insert_for(dialect, TurnMetricsRow)
    known = table_of(TurnMetricsRow).columns
    merged: Mapping[str, Any] = {name: func.coalesce(statement.excluded[name], known[name]) for name in _TIMES}
    return statement.on_conflict_do_update(index_elements=["call_id", "turn"], set_=merged)


async def segments_of(session: AsyncSession, call_id: UUID) -> Sequence[SegmentRow]:
    """The transcript of a call, in the order of its lines."""
    chosen = select(SegmentRow).where(col(SegmentRow.call_id) == call_id)
    return (await session.scalars(chosen.order_by(col(SegmentRow.seq), col(SegmentRow.started_ms)))).all()


async def segments_named(session: AsyncSession, call_id: UUID, ids: Sequence[UUID]) -> Sequence[SegmentRow]:
    """Those of a call's lines that have these ids, in their order; all of them if none are named."""
    chosen = select(SegmentRow).where(col(SegmentRow.call_id) == call_id)
    if ids:
        chosen = chosen.where(col(SegmentRow.id).in_(ids))
    return (await session.scalars(chosen.order_by(col(SegmentRow.seq), col(SegmentRow.started_ms)))).all()


async def events_of(session: AsyncSession, call_id: UUID) -> Sequence[CallEventRow]:
    """The events of a call, in the order in which they happened."""
    chosen = select(CallEventRow).where(col(CallEventRow.call_id) == call_id)
    return (await session.scalars(chosen.order_by(col(CallEventRow.at_ms), col(CallEventRow.seq)))).all()


async def turn_metrics_of(session: AsyncSession, call_id: UUID) -> Sequence[TurnMetricsRow]:
    """The times of a call's turns, first turn first."""
    chosen = select(TurnMetricsRow).where(col(TurnMetricsRow.call_id) == call_id)
    return (await session.scalars(chosen.order_by(col(TurnMetricsRow.turn)))).all()
