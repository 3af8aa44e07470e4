"""Tells whoever is looking what happens, as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.store.records import SegmentRecord

QUEUE = 200
"""Updates that a slow viewer may be behind; beyond, its subscription ends, and it reloads the page's truth."""


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call's stream has begun."""

    call_id: UUID


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call is over; `end_reason` as in its row."""

    call_id: UUID
    end_reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """What happened since then may not have been told (None: nobody knows since when): whoever looks should read it."""

    since: datetime | None


Update = SegmentRecord | CallStarted | CallEnded | Missed
Happening = SegmentRecord | CallStarted | CallEnded


class Subscription:
    """Updates for one viewer: `async for update in subscription`; it ends when the hub closes or the viewer lags."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Update | None] = asyncio.Queue(QUEUE + 1)
        self.lagged = False

    def offer(self, update: Update) -> None:
        if self._queue.qsize() >= QUEUE:
            self.lagged = True
        if not self.lagged:
            self._queue.put_nowait(update)

    def end(self) -> None:
        self.lagged = True
        if not self._queue.full():
            self._queue.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Update]:
        while not (self.lagged and self._queue.empty()):
            update = await self._queue.get()
            if update is None:
                return
            yield update


class LiveHub:
    """Passes updates to the viewers of one call, or of all (`None`)."""

    def __init__(self) -> None:
        self._viewers: dict[UUID | None, set[Subscription]] = {}

    @contextmanager
    def subscribe(self, call_id: UUID | None) -> Iterator[Subscription]:
        """Updates of `call_id` (all of them), or of every call (only its start and end)."""
        viewer = Subscription()
        self._viewers.setdefault(call_id, set()).add(viewer)
        try:
            yield viewer
        finally:
            viewers = self._viewers.get(call_id, set())
            viewers.discard(viewer)
            if not viewers:
                self._viewers.pop(call_id, None)

    def watches(self, call_id: UUID) -> bool:
        """Is anybody looking at this call?"""
        return call_id in self._viewers

    def miss(self, since: datetime | None) -> None:
        """Have every viewer read anew."""
        for viewers in self._viewers.values():
            for viewer in viewers:
                viewer.offer(Missed(since))

    def publish(self, update: Happening) -> None:
        """Never waits."""
        for viewer in self._viewers.get(update.call_id, ()):
            viewer.offer(update)
        if not isinstance(update, SegmentRecord):
            for viewer in self._viewers.get(None, ()):
                viewer.offer(update)

    def close(self) -> None:
        for viewers in self._viewers.values():
            for viewer in viewers:
                viewer.end()
