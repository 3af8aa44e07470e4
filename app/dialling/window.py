"""The days and hours at which somebody may be rung, on the clock of the place where their telephone is.

A window that ends before it begins goes over midnight, and belongs to the day on which it begins: Friday 22:00 to
02:00 is open on Saturday at one. Several windows of one call are alternatives; the house's own hours are met besides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.dialling.zones import changes, instants

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_HORIZON_DAYS = 400
"""A window that does not open within a year, leap days and all, never does."""
_STRIDE_DAYS = 9


@dataclass(frozen=True, slots=True)
class Window:
    """`days`: 0 is Monday. `begins` and `ends` in minutes of the day, 0 to 1440; the end itself is outside."""

    days: frozenset[int]
    begins: int
    ends: int

    def __post_init__(self) -> None:
        if not (0 <= self.begins < DAY_MINUTES and 0 <= self.ends <= DAY_MINUTES):
            raise ValueError("A window's hours are from 00:00 to 24:00.")
        if self.begins == self.ends:
            raise ValueError("A window that ends when it begins never opens: for a whole day, give 00:00 and 24:00.")
        if not self.days:
            raise ValueError("A window without days never opens.")
        if not self.days <= set(range(7)):
            raise ValueError("The days of a window are mon, tue, wed, thu, fri, sat and sun.")

    def has(self, local: datetime) -> bool:
        """Is it open when the clock on the wall shows `local`?"""
        minutes, day = local.hour * 60 + local.minute, local.weekday()
        if self.begins < self.ends:
            return day in self.days and self.begins <= minutes < self.ends
        if minutes >= self.begins:
            return day in self.days
        return minutes < self.ends and (day - 1) % 7 in self.days


Windows = Sequence[Window]
"""Alternatives; none at all means any time."""

ANY_TIME: Windows = ()


def allowed(when: datetime, where: ZoneInfo, *rules: Windows) -> bool:
    """May somebody in `where` be rung at `when` (aware)? Each of `rules` must let it through."""
    local = when.astimezone(where)
    return all(not windows or any(window.has(local) for window in windows) for windows in rules)


def next_allowed(after: datetime, where: ZoneInfo, *rules: Windows) -> datetime | None:
    """The first time from `after` (UTC) on at which every rule lets a call through; None if that never comes."""
    if allowed(after, where, *rules):
        return after
    begun = {window.begins for windows in rules for window in windows}
    at, end = after, after + timedelta(days=_HORIZON_DAYS)
    while at < end:
        upto = min(at + timedelta(days=_STRIDE_DAYS), end)
        for when in _turns(at, upto, where, begun):
            if allowed(when, where, *rules):
                return when
        at = upto
    return None


def _turns(after: datetime, until: datetime, where: ZoneInfo, begun: Collection[int]) -> list[datetime]:
    """When a window may open, in order: at the minutes `begun` of each day, at midnight, or when the clocks change."""
    found = set(changes(after, until, where))
    day = after.astimezone(where).date()
    last = until.astimezone(where).date()
    while day <= last:
        midnight = datetime.combine(day, time())
        for minute in {0, *begun}:
            found.update(instants(midnight + timedelta(minutes=minute), where))
        day += timedelta(days=1)
    return sorted(when for when in found if after < when <= until)


def read_clock(text: str) -> int:
    """Minutes of the day from `09:30`. Raises ValueError, a sentence."""
    hours, colon, minutes = text.partition(":")
    digits = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
    if not (colon and digits and 1 <= len(hours) <= 2 and len(minutes) == 2):
        raise ValueError("Times of day are written as 09:30.")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) >= 60 or found > DAY_MINUTES:
        raise ValueError("Times of day are from 00:00 to 24:00.")
    return found


def write_clock(minutes: int) -> str:
    """`09:30` from minutes of the day."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def dump(windows: Windows) -> list[dict[str, Any]]:
    """Windows as JSON, as REST and the rows have them."""
    return [
        {
            "days": [DAYS[day] for day in sorted(window.days)],
            "from": write_clock(window.begins),
            "until": write_clock(window.ends),
        }
        for window in windows
    ]


def load(kept: Sequence[Mapping[str, Any]]) -> Windows:
    """Windows from JSON. Raises ValueError, a sentence, and KeyError."""
    return tuple(
        Window(frozenset(DAYS.index(day) for day in one["days"]), read_clock(one["from"]), read_clock(one["until"]))
        for one in kept
    )


def read_hours(text: str) -> Windows:
    """The house's own hours, `08:00-21:00`; empty for any time. Raises ValueError, a sentence."""
    if not text.strip():
        return ANY_TIME
    begins, dash, ends = text.partition("-")
    if not dash:
        raise ValueError("Hours are written as 08:00-21:00.")
    return (Window(frozenset(range(7)), read_clock(begins.strip()), read_clock(ends.strip())),)
