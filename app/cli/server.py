"""The server's process: sees its calls out before it stops."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

LARGEST_MESSAGE_BYTES = 16 * 2**20
"""A longer message breaks its stream; a carrier's frame has a few hundred bytes. The decoder counts and ignores
what is over 64 kB, and the call goes on: so this is generous, for only who knows the auth token gets past the
handshake."""

_log = structlog.get_logger(__name__)


def configuration(application: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How uvicorn is run. Compression and pings are off: frames are small and many, and the call watches its line."""
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


class DrainingServer(uvicorn.Server):
    """Upon SIGTERM or Ctrl-C, `drain` is awaited while webhooks are still answered; a second signal stops at once."""

    def __init__(
        self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]], started: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._drain = drain
        self._tell_started = started
        self._draining: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        self._loop = asyncio.get_running_loop()
        if self.started:
            self._tell_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is None or self._draining is not None:
            super().handle_exit(sig, frame)
            return
        self._loop.call_soon_threadsafe(self._begin_draining, signal.Signals(sig).name)

    def _begin_draining(self, name: str) -> None:
        if self._draining is None:
            _log.info("stop_asked", signal=name)
            self._draining = asyncio.get_running_loop().create_task(self._see_out())

    async def _see_out(self) -> None:
        try:
            await self._drain()
        finally:
            self.should_exit = True
