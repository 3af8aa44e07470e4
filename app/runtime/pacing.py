"""A stream within its limits of time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TypeVar

from app.runtime.limits import Pace

T = TypeVar("T")


async def paced(
    source: AsyncIterator[T], pace: Pace, now: Callable[[], float], played_s: Callable[[], float | None]
) -> AsyncGenerator[T]:
    """What `source` gives; leaving it, in any way, closes the source at once.

    `played_s`: how long it takes to play what has come; None for what is not played. A stream of sound that trickles
    falls behind its own playing, and is late when it is `idle_s` behind. Raises TimeoutError.
    """
    began = now()
    over_at, due_at = began + pace.total_s, began + pace.first_s
    first_at: float | None = None
    try:
        while True:
            async with asyncio.timeout(max(0.0, min(due_at, over_at) - now())):
                piece = await anext(source)
            yield piece
            came_at = now()
            first_at = came_at if first_at is None else first_at
            playing_s = played_s()
            due_at = came_at + pace.idle_s
            if playing_s is not None:
                due_at = min(due_at, first_at + playing_s + pace.idle_s)
    except StopAsyncIteration:
        return
    finally:
        if isinstance(source, AsyncGenerator):
            await source.aclose()
