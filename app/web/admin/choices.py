"""A list's filters: read from the address, said back to the form, and kept in every link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Generic, Literal, TypeVar, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.store.listing import CallFilters
from app.web.admin.words import RUNNING

NAMES = ("q", "persona", "direction", "outcome", "from", "to", "zone")
LONGEST = 200
LIST = "/admin/calls"

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Choices(Generic[F]):
    """What was asked of the list at `address`, as typed; `filters` is what it means, `problems` what is wrong, by
    field."""

    address: str
    typed: Mapping[str, str]
    filters: F
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Is anything asked for?"""
        return any(value for name, value in self.typed.items() if name != "zone")

    @property
    def narrowed(self) -> bool:
        """Is anything asked for beside the words?"""
        return any(value for name, value in self.typed.items() if name not in ("zone", "q"))

    def link(self, **turned: str) -> str:
        """The list's address with these choices, turned to another page."""
        kept = {name: value for name, value in self.typed.items() if value and (name != "zone" or self.narrowed)}
        query = urlencode(kept | turned)
        return f"{self.address}?{query}" if query else self.address


def read_choices(query: Mapping[str, str]) -> Choices[CallFilters]:
    """Choices from an address. What cannot be understood is told, kept as typed, and not filtered by."""
    typed = as_typed(query, NAMES)
    problems: dict[str, str] = {}
    since, until = days(typed, problems)
    direction = typed["direction"] if typed["direction"] in ("inbound", "outbound") else None
    filters = CallFilters(
        persona=typed["persona"] or None,
        direction=cast("Literal['inbound', 'outbound'] | None", direction),
        outcome=typed["outcome"] if typed["outcome"] in RUNNING else None,
        end_reason=typed["outcome"] if typed["outcome"] not in RUNNING else None,
        since=since,
        until=until,
        search=typed["q"] or None,
    )
    return Choices(LIST, typed, filters, problems)


def as_typed(query: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """What an address holds under `names`."""
    return {name: query.get(name, "")[:LONGEST].strip() for name in names}


def days(typed: Mapping[str, str], problems: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    """From when until when, by the days typed under `from` and `to`, both whole; none of it if they are the wrong way
    round."""
    zone = zone_of(typed["zone"])
    since = midnight("from", typed, zone, problems)
    until = midnight("to", typed, zone, problems, days=1)
    if since and until and since >= until:
        problems["to"] = "This is before the first day."
        since = until = None
    return since, until


def midnight(
    name: str, typed: Mapping[str, str], zone: tzinfo, problems: dict[str, str], days: int = 0
) -> datetime | None:
    """The start of the day that was typed under `name`, or of one so many days later; what is wrong with it goes into
    `problems`."""
    if not typed[name]:
        return None
    try:
        day = date.fromisoformat(typed[name]) + timedelta(days=days)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        problems[name] = "Write the date as 2026-03-01."
        return None


def zone_of(name: str) -> tzinfo:
    """The viewer's zone, which their browser names; UTC where it does not."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, OSError, LookupError):  # whatever was put into the address, it is no zone
        return UTC
