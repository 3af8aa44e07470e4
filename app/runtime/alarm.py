"""The moment at which a call's core wants to be woken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Alarm:
    """At most one moment at a time; `wake()` is called then. Needs a running event loop."""

    __slots__ = ("_at", "_timer", "_wake")

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._timer: asyncio.TimerHandle | None = None
        self._at: float | None = None

    def set(self, at: float | None, now: float) -> None:
        """Both in seconds of the call; None: do not wake."""
        if at == self._at:
            return
        self.cancel()
        self._at = at
        if at is not None:
            self._timer = asyncio.get_running_loop().call_later(max(at - now, 0.0), self._ring)

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._at = None

    def _ring(self) -> None:
        self._timer = self._at = None
        self._wake()
