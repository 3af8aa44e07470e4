"""Connections to a vendor: kept open, opened ahead of need, and never read without bound."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, suppress

import httpx
import structlog

from app.speech.answer_bounds import IDENTITY, Bounds, refuse_packed
from app.speech.protocols import ProviderError

STREAMED = "text/event-stream"
SILENCE_S = 10.0
"""No byte from the vendor for so long, and its answer is given up; whoever asks has a stricter limit of their own."""
CONNECT_S = 3.0
_WARM_S = 3.0
_COLD_AFTER_S = 30.0
"""A connection that was used less long ago is surely still open."""
_KEPT = 50
"""As many as calls that are admitted by default."""
_KEPT_S = 60.0
"""How long an idle connection is kept: turns of one call are seconds apart, and httpx's own 5 s would lose most."""
_ENDING_S = 0.25
"""How long a stream may take to end once it said that it is done; past that its connection is closed."""

_DONE = re.compile(rb"(?:^|(?<=\n))data: ?\[DONE\]")
_log = structlog.get_logger(__name__)


class Pool:
    """Connections for one part of a provider. `http`: for an SDK to send its requests by; those for a stream accept
    `STREAMED`. `vendor`: as the operator calls it."""

    def __init__(self, provider: str, vendor: str) -> None:
        self._provider, self._vendor = provider, vendor
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_KEPT_S)
        self.http = httpx.AsyncClient(
            limits=limits,
            timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S),
            follow_redirects=False,  # whatever they point to would be sent the caller's words
            headers=IDENTITY,
            event_hooks={"response": [self._answered]},
        )
        self._idle_since_s = float("-inf")
        self._warming = False
        self._told = ""

    async def warm(self, url: str, explained: Callable[[], AbstractContextManager[None]]) -> None:
        """Open a connection by asking for `url`, whatever the answer, unless one was used lately or is being opened.

        What fails is for the log alone, and told once, not each time. `explained` makes a ProviderError of it.
        """
        if self._warming or _now_s() - self._idle_since_s < _COLD_AFTER_S:
            return
        self._warming = True
        try:
            with explained():
                async with asyncio.timeout(_WARM_S):
                    await self.http.get(url)
            self._told = ""
        except ProviderError as error:
            self.tell(str(error))
        finally:
            self._warming = False

    def tell(self, reason: str) -> None:
        """Write into the log why the provider is not ready, unless that was the last thing written."""
        if reason != self._told:
            _log.warning("provider_not_ready", provider=self._provider, reason=reason)
        self._told = reason

    async def aclose(self) -> None:
        """Close every connection."""
        await self.http.aclose()

    async def _answered(self, response: httpx.Response) -> None:
        """Before any of the answer is read."""
        refuse_packed(self._vendor, response)
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _Body(response, response.stream, self._vendor, self._idle)

    def _idle(self, is_open: bool) -> None:
        self._idle_since_s = _now_s() if is_open else float("-inf")


class _Body(httpx.AsyncByteStream):
    """An answer's bytes within their bounds. `ended` is told whether the connection can be used again."""

    def __init__(
        self, response: httpx.Response, body: httpx.AsyncByteStream, vendor: str, ended: Callable[[bool], None]
    ) -> None:
        self._body = body
        self._ended = ended
        self._is_stream = STREAMED in response.request.headers.get("accept", "")
        self._bounds = Bounds(vendor, response, in_events=self._is_stream)
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises ProviderError (`rubbish`) for too much."""
        pieces = aiter(self._body)
        async for piece in pieces:
            if not self._bounds.admit(piece):
                return
            done = _DONE.search(piece) if self._is_stream else None
            if done is None:
                yield piece
                continue
            # SDKs close the connection here, if it has not ended by itself; so it ends before they learn of it.
            yield piece[: done.start()]
            self._whole = await _ends(pieces)
            yield piece[done.start() :]
            return
        self._whole = True

    async def aclose(self) -> None:
        await self._body.aclose()
        self._ended(self._whole)


async def _ends(pieces: AsyncIterator[bytes]) -> bool:
    """Reads what is left of a stream that said it is done; False if it does not end."""
    with suppress(TimeoutError, httpx.TransportError):
        async with asyncio.timeout(_ENDING_S):
            async for _ in pieces:
                pass
            return True
    return False


def quiet(sdk: str) -> None:
    """Keeps an SDK from writing down whole requests, and with them what people said, whatever the log's level.

    `sdk`: its name among the loggers. It does so at `debug`.
    """
    for name in [sdk, *(name for name in logging.root.manager.loggerDict if name.startswith(f"{sdk}."))]:
        logger = logging.getLogger(name)
        if _is_fit not in logger.filters:
            logger.addFilter(_is_fit)


def _is_fit(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO


def _now_s() -> float:
    return asyncio.get_running_loop().time()
