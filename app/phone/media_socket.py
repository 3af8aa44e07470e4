"""The thin shell round one media stream: a socket, and a clock that never drifts."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from app.phone.stream import StreamSide

HANG_UP_BOUND_S = 5.0
"""A server that reads nothing any more must not keep us from hanging up."""


class MediaSocket:
    """`now`: seconds since the number was dialled; `turn` is called after everything that may have changed the call."""

    def __init__(
        self, connection: ClientConnection, side: StreamSide, now: Callable[[], float], turn: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._side = side
        self._now = now
        self._turn = turn
        self._outbox: deque[str] = deque()
        self._sending = asyncio.Lock()

    async def run(self, parameters: Mapping[str, str]) -> int:
        """From the first message to the closed socket; its close code."""
        try:
            await self._send(self._side.start(parameters))
            async with asyncio.TaskGroup() as tasks:
                ticker = tasks.create_task(self._tick())
                await self._read()
                ticker.cancel()
        except ConnectionClosed:
            pass
        finally:
            self._side.closed(self._now())
            self._turn()
        return self._connection.close_code or 1006

    async def hang_up(self) -> None:
        """Says `stop` and closes."""
        try:
            async with asyncio.timeout(HANG_UP_BOUND_S):
                await self._send(self._side.stop(self._now()))
        except (TimeoutError, ConnectionClosed):
            pass
        await self._connection.close()

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for raw in self._connection:
                await self._send(self._side.receive(raw, self._now()))
                self._turn()

    async def _tick(self) -> None:
        with suppress(ConnectionClosed):  # the reader learns of it as well, and why
            while True:
                await asyncio.sleep(max(0.0, self._side.due_s() - self._now()))
                await self._send(self._side.advance(self._now()))
                self._turn()

    async def _send(self, messages: list[str]) -> None:
        """In the order of their numbers, whoever wrote them."""
        self._outbox.extend(messages)
        async with self._sending:
            while self._outbox:
                await self._connection.send(self._outbox.popleft())
