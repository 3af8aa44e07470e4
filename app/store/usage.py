"""What providers did and what it cost: written by whoever counts, added up for pages and REST."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.records import UsageRecord, clean
from app.store.tables import ProviderUsageRow
from app.store.transcripts import dialect_of, insert_for, table_of

_FOR_GOOD = ("id", "call_id", "day", "stage", "provider", "model", "currency")
_AMOUNTS = ("requests", "seconds", "tokens_read", "tokens_written", "characters")


@dataclass(slots=True)
class Used:
    """Amounts added up. `costs`: millionths by currency. `unpriced`: for some of it no price was known."""

    requests: int = 0
    seconds: float = 0.0
    tokens_read: int = 0
    tokens_written: int = 0
    characters: int = 0
    estimated: bool = False
    unpriced: bool = False
    costs: dict[str, int] = field(default_factory=dict)

    def add(self, other: Used) -> None:
        """Take `other` in."""
        for name in _AMOUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.estimated |= other.estimated
        self.unpriced |= other.unpriced
        for currency, micros in other.costs.items():
            self.costs[currency] = self.costs.get(currency, 0) + micros


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What one model did at one stage of a call."""

    stage: str
    provider: str
    model: str
    used: Used


@dataclass(frozen=True, slots=True)
class DayUse:
    """What one provider did on one UTC day, for calls and for the house itself."""

    day: date
    provider: str
    used: Used


def total(parts: Iterable[Used]) -> Used:
    """All of it together."""
    whole = Used()
    for part in parts:
        whole.add(part)
    return whole


async def record_usage(session: AsyncSession, records: Sequence[UsageRecord]) -> None:
    """Store totals; of several with one id the last counts. A call must exist (IntegrityError otherwise)."""
    latest = {record.id: record for record in records}
    if not latest:
        return
    await session.execute(_totals(dialect_of(session)), [_values(record) for record in latest.values()])


@cache
def _totals(dialect: str) -> Any:
    statement = insert_for(dialect, ProviderUsageRow)
    grows = {
        column.name: statement.excluded[column.name]
        for column in table_of(ProviderUsageRow).columns
        if column.name not in _FOR_GOOD
    }
    return statement.on_conflict_do_update(index_elements=["id"], set_=grows)


def _values(record: UsageRecord) -> dict[str, Any]:
    return asdict(record) | {"provider": clean(record.provider)[:40], "model": clean(record.model)[:100]}


async def usage_of(session: AsyncSession, call_id: UUID) -> list[ModelUse]:
    """What a call used, by stage (as they come in a turn), provider and model."""
    row = ProviderUsageRow
    sums = await _sums(session, (row.stage, row.provider, row.model), col(row.call_id) == call_id)
    order = {"transcribe": 0, "reply": 1, "speak": 2}
    listed = [ModelUse(stage, provider, model, used) for (stage, provider, model), used in sums.items()]
    return sorted(listed, key=lambda use: (order.get(use.stage, 3), use.provider, use.model))


async def usage_by_day(session: AsyncSession, first: date, last: date) -> list[DayUse]:
    """What was used from `first` to `last`, both included, by UTC day and provider; the newest day first."""
    row = ProviderUsageRow
    sums = await _sums(session, (row.day, row.provider), col(row.day).between(first, last))
    listed = [DayUse(day, provider, used) for (day, provider), used in sums.items()]
    return sorted(listed, key=lambda use: (-use.day.toordinal(), use.provider))


async def days_with_usage(session: AsyncSession, until: date | None, limit: int) -> list[date]:
    """The newest `limit` days, not after `until`, on which anything was used; the newest first."""
    day = col(ProviderUsageRow.day)
    chosen = select(day).distinct().order_by(day.desc()).limit(limit)
    if until is not None:
        chosen = chosen.where(day <= until)
    return list((await session.scalars(chosen)).all())


async def _sums(
    session: AsyncSession, by: tuple[Any, ...], where: ColumnElement[bool]
) -> Mapping[tuple[Any, ...], Used]:
    """Usage added up for each combination of the columns `by`."""
    row = ProviderUsageRow
    estimated = func.max(case((col(row.estimated), 1), else_=0))
    summed = (
        *(func.sum(getattr(row, name)) for name in _AMOUNTS),
        estimated,
        col(row.currency),
        func.sum(row.cost_micros),
    )
    chosen = select(*by, *summed).where(where).group_by(*by, col(row.currency))
    sums: dict[tuple[Any, ...], Used] = {}
    for found in (await session.execute(chosen)).all():
        key, amounts = tuple(found[: len(by)]), found[len(by) :]
        sums.setdefault(key, Used()).add(_used(amounts))
    return sums


def _used(amounts: Sequence[Any]) -> Used:
    """One row of sums; PostgreSQL adds whole numbers up to decimals."""
    requests, seconds, read, written, characters, estimated, currency, micros = amounts
    costs = {str(currency): int(micros or 0)} if currency is not None else {}
    return Used(
        int(requests),
        float(seconds),
        int(read),
        int(written),
        int(characters),
        estimated=bool(estimated),
        unpriced=currency is None,
        costs=costs,
    )
