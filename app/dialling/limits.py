"""How much is dialled: by the whole house at once and a second, and to one number a day.

The counts come from the database, taken in the same transaction as the claim: only there they hold across machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.dialling.window import Windows, allowed, next_allowed
from app.dialling.zones import instants

SAME_NUMBER_S = 120
"""A call whose number is being rung for another call waits so long before it looks again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`per_second` may be a fraction: 0.5 is a call every two seconds. `hours`: the house's own, met by every call."""

    at_once: int = 10
    per_second: float = 1.0
    per_number_a_day: int = 10
    hours: Windows = ()

    @property
    def pace(self) -> tuple[int, timedelta]:
        """So many calls may begin within any such span."""
        if self.per_second >= 1:
            return int(self.per_second), timedelta(seconds=int(self.per_second) / self.per_second)
        return 1, timedelta(seconds=1 / self.per_second)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one due call at the moment of its claim. `rung_today`: attempts to its number since the last
    midnight there; `under_way`: whether its number is being rung for another call."""

    refused_to_be_rung: bool
    rung_today: int
    under_way: bool


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; look again at `at`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """Not at all."""

    reason: str


def judge(now: datetime, where: ZoneInfo, windows: Windows, limits: Limits, found: Standing) -> Later | Never | None:
    """May a due call be dialled now? None if so."""
    if found.refused_to_be_rung:
        return Never("do-not-call")
    if not allowed(now, where, windows, limits.hours):
        opens = next_allowed(now, where, windows, limits.hours)
        return Later(opens, "outside-window") if opens is not None else Never("never-allowed")
    if found.under_way:
        return Later(now + timedelta(seconds=SAME_NUMBER_S), "number-in-use")
    if found.rung_today >= limits.per_number_a_day:
        opens = next_allowed(next_midnight(now, where), where, windows, limits.hours)
        return Later(opens, "number-limit") if opens is not None else Never("never-allowed")
    return None


def last_midnight(now: datetime, where: ZoneInfo) -> datetime:
    """When the current day began in `where`, in UTC."""
    return _day_begins(now.astimezone(where).date(), where)


def next_midnight(now: datetime, where: ZoneInfo) -> datetime:
    """When the next day begins in `where`, in UTC."""
    return _day_begins(now.astimezone(where).date() + timedelta(days=1), where)


def _day_begins(day: date, where: ZoneInfo) -> datetime:
    """Where summer time begins at midnight, the day has no 00:00 and begins an hour later; islands that moved over the
    date line have skipped whole days."""
    shown = datetime.combine(day, time())
    while not (found := instants(shown, where)):
        shown += timedelta(minutes=15)
    return found[0]
