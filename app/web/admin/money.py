"""Money and amounts in words: what a call used and cost, and what a day did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.store.usage import ModelUse, Used, total
from app.web.admin.words import plain

STAGES: Mapping[str, str] = {"transcribe": "Recognition", "reply": "Answers", "speak": "Speech"}
NO_PRICE = "no price known"

_SIGNS: Mapping[str, str] = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹"}
_MILLION = 1_000_000
_SMALLEST = 100
"""Millionths: from a ten-thousandth on, an amount is written out."""


def money(micros: int, currency: str) -> str:
    """Millionths of a currency as a sum: `$0.0123`, from ten on `$12.35`, and less than can be written as that."""
    sign = _SIGNS.get(currency, f"{currency} ")
    if 0 < micros < _SMALLEST:
        return f"under {sign}0.0001"
    places = 4 if micros < 10 * _MILLION else 2
    return f"{sign}{micros / _MILLION:,.{places}f}"


def cost(used: Used) -> str:
    """What it cost: a sum for each currency; `free`, or that no price is known."""
    sums = [money(micros, currency) for currency, micros in sorted(used.costs.items()) if micros]
    if used.unpriced and not sums:
        return NO_PRICE
    return " + ".join(sums) or "free"


def amounts(used: Used) -> str:
    """How much was used: `3 requests, 12.5 s of sound`."""
    about = "about " if used.estimated else ""
    parts = [
        _count(used.requests, "request"),
        f"{used.seconds:,.1f} s of sound" if used.seconds else "",
        f"{about}{used.tokens_read:,} tokens read, {used.tokens_written:,} written"
        if used.tokens_read + used.tokens_written
        else "",
        _count(used.characters, "character") if used.characters else "",
    ]
    return ", ".join(part for part in parts if part)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class CostView:
    """One line of a table of costs. `known`: whether there is a sum, which is set in figures and not in words."""

    what: str
    who: str
    amounts: str
    cost: str
    known: bool


@dataclass(frozen=True, slots=True)
class CallCost:
    """What a call cost. `partial`: some of it is not in the sum, for want of a price."""

    lines: tuple[CostView, ...]
    total: str
    partial: bool


def call_cost(uses: Sequence[ModelUse]) -> CallCost | None:
    """The call's table; None if nobody was asked anything."""
    if not uses:
        return None
    whole = total(use.used for use in uses)
    lines = tuple(
        CostView(
            what=STAGES.get(use.stage, plain(use.stage)),
            who=f"{use.provider}, {use.model}" if use.model else use.provider,
            amounts=amounts(use.used),
            cost=cost(use.used),
            known=bool(use.used.costs),
        )
        for use in uses
    )
    return CallCost(lines, cost(whole), whole.unpriced and bool(whole.costs))
