"""A streamed chat's connection, saved for the next one.

The SDK leaves a stream at its last line, `[DONE]`, without reading the end of the answer behind it; httpx then closes
the connection, and each reply would have to open another.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx

_LAST = b"[DONE]"
_TAIL = 32
"""Bytes: the last line, and what line ends may follow it."""
_ENDING_S = 0.1
"""How long the end may take to come; past that the connection is closed."""


class ReadOut(httpx.AsyncByteStream):
    """`stream`, read to its end when it is closed after its last line; closed at once when it is left before."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream
        self._received = stream.__aiter__()
        self._tail = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for received in self._received:
            self._tail = (self._tail + received)[-_TAIL:]
            yield received

    async def aclose(self) -> None:
        try:
            if _LAST in self._tail:
                with suppress(httpx.HTTPError, TimeoutError):
                    async with asyncio.timeout(_ENDING_S):
                        async for _ in self._received:
                            pass
        finally:
            await self._stream.aclose()


def saved(response: httpx.Response) -> None:
    """Have the response's connection saved, if it brings a stream of events."""
    if is_stream(response) and isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = ReadOut(response.stream)


def is_stream(response: httpx.Response) -> bool:
    """Does it bring a stream of events?"""
    return bool(response.headers.get("content-type", "").startswith("text/event-stream"))
