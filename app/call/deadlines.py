"""Named moments at which the core wants to be woken."""

from __future__ import annotations

import math

_STEPS_PER_S = 10_000
"""Moments are kept to a tenth of a millisecond, rounded up: exact enough, and short to read in a timeline."""


class Deadlines:
    """At most one moment a name. Times are seconds of the call, as `handle` is given them."""

    __slots__ = ("_at", "_next")

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._next: float | None = None

    def set(self, name: str, at: float) -> None:
        step = math.ceil(at * _STEPS_PER_S)
        if step / _STEPS_PER_S < at:  # rounded down: woken too soon, one would set the same moment for ever
            step += 1
        self._at[name] = step / _STEPS_PER_S
        self._next = min(self._at.values())

    def clear(self, name: str) -> None:
        if self._at.pop(name, None) is not None:
            self._next = min(self._at.values(), default=None)

    def clear_all(self) -> None:
        self._at.clear()
        self._next = None

    def __contains__(self, name: str) -> bool:
        return name in self._at

    @property
    def next(self) -> float | None:
        """When to wake next, or None."""
        return self._next

    def pop_due(self, now: float) -> list[str]:
        """Take out the names whose moment has come, earliest first."""
        due = sorted((at, name) for name, at in self._at.items() if at <= now)
        for _, name in due:
            del self._at[name]
        if due:
            self._next = min(self._at.values(), default=None)
        return [name for _, name in due]
