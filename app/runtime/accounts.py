"""Counts what providers are used for, by call and for the house itself, and what it costs.

Amounts are kept here as totals and written again each time they grow, so that a record which is written twice counts
once, and a process that is killed takes with it only what the writer had not written yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from app.clock import Clock
from app.runtime.figures import Figures
from app.runtime.prices import Cost, Prices
from app.runtime.reporting import Fault, Spent
from app.runtime.turn_steps import Times
from app.store.records import UsageRecord
from app.store.writer import StoreWriter

_Key = tuple[date, str, str, str, str | None]


@dataclass(slots=True)
class _Sum:
    """One row in the making; money in fractions of millionths, rounded when it is written."""

    id: UUID
    requests: int = 0
    seconds: float = 0.0
    tokens_read: int = 0
    tokens_written: int = 0
    characters: int = 0
    estimated: bool = False
    micros: float = 0.0


class Account:
    """What one call uses, or (`call_id` None) the house on its own account, as for lines spoken once and kept.

    A `Reporter`: never waits, never raises.
    """

    def __init__(
        self, call_id: UUID | None, *, writer: StoreWriter, prices: Prices, figures: Figures, clock: Clock
    ) -> None:
        self._call_id = call_id
        self._writer = writer
        self._prices = prices
        self._figures = figures
        self._clock = clock
        self._sums: dict[_Key, _Sum] = {}

    def spent(self, spent: Spent) -> None:
        """A request, on the day on which it ended."""
        cost = self._prices.cost(spent)
        self._figures.spent(spent, cost)
        if self._writer.closed:
            return  # the house is shutting down, and this was cut off by it
        day = self._clock.utc().date()
        key = (day, spent.stage, spent.provider, spent.model, cost.currency if cost else None)
        so_far = self._sums.setdefault(key, _Sum(uuid4()))
        _add(so_far, spent, cost)
        self._writer.put_nowait(self._record(key, so_far))

    def failed(self, fault: Fault) -> None:
        """A fault costs nothing here; it is counted among the figures."""
        self._figures.failed(fault)

    def answered(self, times: Times) -> None:
        """A turn's answer was heard; to be told once for each turn."""
        self._figures.answered(times)

    def _record(self, key: _Key, so_far: _Sum) -> UsageRecord:
        day, stage, provider, model, currency = key
        return UsageRecord(
            id=so_far.id,
            call_id=self._call_id,
            day=day,
            stage=stage,
            provider=provider,
            model=model,
            requests=so_far.requests,
            seconds=so_far.seconds,
            tokens_read=so_far.tokens_read,
            tokens_written=so_far.tokens_written,
            characters=so_far.characters,
            estimated=so_far.estimated,
            cost_micros=round(so_far.micros) if currency else None,
            currency=currency,
        )


def _add(so_far: _Sum, spent: Spent, cost: Cost | None) -> None:
    so_far.requests += 1
    so_far.seconds += spent.seconds
    so_far.tokens_read += spent.tokens_read
    so_far.tokens_written += spent.tokens_written
    so_far.characters += spent.characters
    so_far.estimated |= spent.estimated
    so_far.micros += cost.micros if cost else 0.0


class Accounts:
    """Opens accounts. `house`: the house's own."""

    def __init__(
        self, writer: StoreWriter, clock: Clock, prices: Prices | None = None, figures: Figures | None = None
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._prices = prices or Prices()
        self.figures = figures or Figures()
        self.house = self.of(None)

    def of(self, call_id: UUID | None) -> Account:
        """The account of a call that begins."""
        return Account(
            call_id,
            writer=self._writer,
            prices=self._prices,
            figures=self.figures,
            clock=self._clock,
        )
