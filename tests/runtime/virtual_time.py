"""An event loop whose clock leaps: nobody waits, and every wait takes exactly as long as it says."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Leaping(selectors.DefaultSelector):
    """Where the loop would sleep, its clock goes on instead."""

    leapt_s = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits, and nothing will ever happen"
            self.leapt_s += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Begins at 0 s. For what waits for timers alone: threads and sockets know nothing of its time."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.leapt_s


class LoopClock:
    """The running loop's time as the house's clock."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def utc(self) -> datetime:
        return datetime(2024, 5, 1, tzinfo=UTC) + timedelta(seconds=self.now())


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run `story` from 0 s on; no task may be left behind."""
    loop = VirtualLoop()
    try:
        told = loop.run_until_complete(story)
        assert asyncio.all_tasks(loop) == set(), "a task was left behind"
        loop.run_until_complete(loop.shutdown_asyncgens())
        return told
    finally:
        loop.close()
