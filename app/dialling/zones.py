"""Time zones by name, and what a clock on the wall means: summer time skips an hour and, in autumn, repeats one.

Names and rules come from the IANA database: the system's, or the `tzdata` package where the system has none.
"""

from __future__ import annotations

import difflib
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_SECOND = timedelta(seconds=1)


class ZoneError(ValueError):
    """There is no zone of this name; one sentence that says which may be meant."""


class NoSuchTimeError(ValueError):
    """The clocks of the zone skip this time; one sentence."""


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})


@cache
def zone(name: str) -> ZoneInfo:
    """The zone called `name`, as `Europe/Berlin`. Raises ZoneError."""
    if name in _names():
        return ZoneInfo(name)
    near = difflib.get_close_matches(name[:64], _names(), n=1, cutoff=0.8)
    hint = f": {near[0]} is one" if near else ": give one like Europe/Berlin"
    raise ZoneError(f"There is no such time zone{hint}.")


def instant(local: datetime, name: str) -> datetime:
    """The UTC time at which clocks in the zone `name` show `local` (without a zone of its own).

    Of an hour that comes twice the first is meant. Raises ZoneError, and NoSuchTimeError for one that never comes.
    """
    where = zone(name)
    found = _shown(local, where, 0)
    if found is None:
        raise NoSuchTimeError(
            f"The clocks in {name} are put forward and skip {local:%H:%M} on {local:%Y-%m-%d}: give another time."
        )
    return found


def instants(local: datetime, where: ZoneInfo) -> list[datetime]:
    """Every UTC time at which clocks in `where` show `local`: one as a rule, none in a skipped hour, two in a repeated
    one."""
    found = (_shown(local, where, fold) for fold in (0, 1))
    return sorted({when for when in found if when is not None})


def changes(after: datetime, until: datetime, where: ZoneInfo) -> list[datetime]:
    """The UTC times in `(after, until]` from which the clocks of `where` go otherwise, to the second."""
    found = []
    step, at = timedelta(hours=12), after
    while at < until:
        upto = min(at + step, until)
        if _offset(at, where) != _offset(upto, where):
            found.append(_first_new(at, upto, where))
        at = upto
    return found


def _shown(local: datetime, where: ZoneInfo, fold: int) -> datetime | None:
    utc = local.replace(tzinfo=where, fold=fold).astimezone(UTC)
    return utc if utc.astimezone(where).replace(tzinfo=None, fold=0) == local.replace(fold=0) else None


def _offset(when: datetime, where: ZoneInfo) -> timedelta | None:
    return when.astimezone(where).utcoffset()


def _first_new(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """The first second after `before` with the offset of `after`; they differ."""
    new = _offset(after, where)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _offset(middle, where) == new:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
