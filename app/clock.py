"""The only place in the house that reads the time.

Everything else is given a `Clock` (or, on the pure floors, the time itself as an argument), so that tests can turn
hours into microseconds and a recorded call can be replayed.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> float:
        """Monotonic seconds; only differences mean anything."""

    def utc(self) -> datetime:
        """The wall clock, aware, in UTC."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> float:
        return time.monotonic()

    def utc(self) -> datetime:
        return datetime.now(UTC)
