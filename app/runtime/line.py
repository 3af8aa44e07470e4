"""The way out to the caller's ear: messages in order, each send bounded, playback cleared without delay."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from app.carriers.protocol import Carrier

SEND_S = 5.0
"""A send that takes longer is to a dead socket."""
WAITING = 400
"""Messages; the core keeps the line at most a little over a second ahead, so this many means that nobody reads."""


class Line:
    """One stream's outbound side. `lost()` is called once, when a send fails or takes too long."""

    def __init__(
        self,
        carrier: Carrier,
        stream_sid: str,
        send: Callable[[str], Awaitable[None]],
        lost: Callable[[], None],
    ) -> None:
        self._carrier = carrier
        self._stream_sid = stream_sid
        self._send = send
        self._lost = lost
        self._queue: deque[str] = deque()
        self._wake = asyncio.Event()
        self._dead = False

    def media(self, mulaw: bytes) -> None:
        self._put(self._carrier.encode_media(self._stream_sid, mulaw))

    def mark(self, name: str) -> None:
        self._put(self._carrier.encode_mark(self._stream_sid, name))

    def clear(self) -> None:
        """Stop what is playing; what has not even been sent is forgotten with it."""
        self._queue.clear()
        self._put(self._carrier.encode_clear(self._stream_sid))

    def _put(self, message: str) -> None:
        if len(self._queue) >= WAITING:
            self._give_up()
        if not self._dead:
            self._queue.append(message)
            self._wake.set()

    async def run(self) -> None:
        """Send until cancelled, or until the socket is lost."""
        while not self._dead:
            await self._wake.wait()
            self._wake.clear()
            while self._queue and not self._dead:
                try:
                    async with asyncio.timeout(SEND_S):
                        await self._send(self._queue.popleft())
                except Exception:  # whatever the socket raises, or a send that takes too long: it is dead
                    self._give_up()

    def _give_up(self) -> None:
        if not self._dead:
            self._dead = True
            self._queue.clear()
            self._lost()
