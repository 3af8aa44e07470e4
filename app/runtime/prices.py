"""What providers ask for their work: the price table, read from one YAML file at the start.

A price fits a use if it says something about everything that was used; half a price would be a wrong sum, and is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, cast

from pydantic import Field, StringConstraints, model_validator

from app.personas.part import Part
from app.personas.problems import Problem
from app.personas.yaml_file import read
from app.runtime.reporting import Spent

ANY_MODEL = "*"
_PER_HOUR_S = 3600
_MILLION = 1_000_000
"""Of tokens or characters; and of micro-units in a unit of money, so that the two cancel out."""

Rate = Annotated[float, Field(ge=0, le=_MILLION, allow_inf_nan=False)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Price(Part):
    """One line of the table: money per hour of sound, per million tokens or characters."""

    provider: Name
    model: Name
    currency: Currency | None = None
    per_hour: Rate | None = None
    minimum_s: float = Field(default=0, ge=0, le=_PER_HOUR_S, allow_inf_nan=False)
    per_million_read: Rate | None = None
    per_million_written: Rate | None = None
    per_million_characters: Rate | None = None

    def micros(self, spent: Spent) -> float | None:
        """What `spent` costs in millionths of the price's currency; None if this price does not cover all of it."""
        billed_s = max(spent.seconds, self.minimum_s) if spent.seconds else 0.0
        due = (
            (billed_s * _MILLION / _PER_HOUR_S, self.per_hour),
            (spent.tokens_read, self.per_million_read),
            (spent.tokens_written, self.per_million_written),
            (spent.characters, self.per_million_characters),
        )
        if any(amount and rate is None for amount, rate in due):
            return None
        return sum(amount * (rate or 0.0) for amount, rate in due)


class PriceList(Part):
    """The file: `currency` is ISO 4217's three letters."""

    currency: Currency
    prices: tuple[Price, ...]

    @model_validator(mode="before")
    @classmethod
    def _without_prices(cls, given: object) -> object:
        """`prices:` with nothing below it is an empty table, which is what its writer meant."""
        if isinstance(given, dict) and "prices" in given and given["prices"] is None:
            return given | {"prices": ()}
        return given


@dataclass(frozen=True, slots=True)
class Cost:
    """Money: `micros` millionths of `currency`."""

    micros: float
    currency: str


@dataclass(frozen=True, slots=True)
class Prices:
    """The table, asked by what was used."""

    currency: str = "USD"
    table: Mapping[tuple[str, str], Price] = field(default_factory=dict)

    def cost(self, spent: Spent) -> Cost | None:
        """What a request costs; None where no price is known.

        Work without a model's name is charged by nobody, unless it was cut off before the name came.
        """
        if not spent.model and not spent.estimated:
            return Cost(0.0, self.currency)
        for model in (spent.model, ANY_MODEL):
            price = self.table.get((spent.provider, model))
            micros = price.micros(spent) if price else None
            if price and micros is not None:
                return Cost(micros, price.currency or self.currency)
        return None


def load_prices(file: Path) -> Prices:
    """The table in `file`. Raises PersonaError, one line with the file and the line in it, if it cannot be used."""
    document = read(file)
    listed = cast(PriceList, document.check(PriceList, []))
    table: dict[tuple[str, str], Price] = {}
    problems = []
    for index, price in enumerate(listed.prices):
        key = (price.provider, price.model)
        if key in table:
            text = f"{price.provider} {price.model} has a price already; keep one"
            problems.append(Problem(("prices", index), text))
        table[key] = price
    if problems:
        document.refuse(problems)
    return Prices(listed.currency, table)
