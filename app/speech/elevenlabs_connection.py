"""The SDK's client upon a pool of connections of our own, without its hidden retries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from app.speech.answer_bounds import IDENTITY, bound
from app.speech.elevenlabs_errors import NO_KEY, explained
from app.speech.protocols import ProviderError

if TYPE_CHECKING:
    from elevenlabs.client import AsyncElevenLabs
    from elevenlabs.core.request_options import RequestOptions

VENDOR_URL = "https://api.elevenlabs.io"
_KEPT_S = 60.0
"""How long an idle connection is kept: turns of one call are seconds apart, and httpx's own 5 s would lose most."""
_COLD_AFTER_S = 30.0
"""A connection used less long ago is surely still open."""
_KEPT = 50
"""As many as calls that are admitted by default."""
_CONNECT_S = 3.0
_WARM_S = 3.0
_log = structlog.get_logger(__name__)


class Connection:
    """One pool to the vendor. `settings`: ELEVENLABS_API_KEY, and ELEVENLABS_BASE_URL for another address."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._url = settings.get("ELEVENLABS_BASE_URL") or VENDOR_URL
        # Redirects are not followed: httpx would send the key's header along to wherever they point.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_KEPT_S)
        hooks = {"response": [_answered]}
        self._pool = httpx.AsyncClient(limits=limits, follow_redirects=False, headers=IDENTITY, event_hooks=hooks)
        self._client = _sdk(settings.get("ELEVENLABS_API_KEY", ""), self._url, self._pool)
        self._idle_since: list[float] = []
        self._warming = 0
        self._busy = _Crowd()

    @property
    def has_key(self) -> bool:
        """Can anything be asked at all?"""
        return self._client is not None

    @asynccontextmanager
    async def client(self) -> AsyncIterator[AsyncElevenLabs]:
        """The SDK's client, for one request whose answer is read to its end inside. Raises ProviderError: whatever
        fails inside, and if there is no key."""
        if self._client is None:
            raise ProviderError(NO_KEY, "key")
        self._take_idle()
        self._busy.enter(_now_s())
        try:
            with explained():
                yield self._client
            self._idle_since.append(_now_s())  # otherwise it was closed, or nobody knows
        finally:
            self._busy.leave(_now_s())

    async def warm(self) -> None:
        """Have an open connection for everyone who may need one at once: as many as were needed in the last minute,
        and one for each that is asked for now. What fails is for the log alone."""
        if self._client is None:
            return
        now_s = _now_s()
        self._idle_since = [since for since in self._idle_since if now_s - since < _COLD_AFTER_S]
        wanted = max(self._busy.most(now_s) - self._busy.now, self._warming + 1)
        if len(self._idle_since) + self._warming >= wanted:
            return
        # Asked all at once: one after the other they would all take the same connection.
        await asyncio.gather(*(self._open() for _ in range(wanted - self._warming)))

    async def _open(self) -> None:
        self._warming += 1
        self._take_idle()
        try:
            with explained():
                async with asyncio.timeout(_WARM_S):
                    await self._pool.get(self._url)
            self._idle_since.append(_now_s())
        except ProviderError as error:
            _log.info("provider_not_warm", provider="elevenlabs", why=error.kind)
        finally:
            self._warming -= 1

    def _take_idle(self) -> None:
        """The pool gives a request an idle connection, if there is one."""
        if self._idle_since:
            self._idle_since.pop()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Crowd:
    """How many requests are under way `now`, and how many at most were lately."""

    def __init__(self) -> None:
        self.now = 0
        self._most = 0
        self._since_s = float("-inf")

    def enter(self, now_s: float) -> None:
        self.now += 1
        self._note(now_s)

    def leave(self, now_s: float) -> None:
        self.now -= 1
        self._note(now_s)

    def most(self, now_s: float) -> int:
        self._note(now_s)
        return self._most

    def _note(self, now_s: float) -> None:
        if now_s - self._since_s > _KEPT_S:
            self._most = self.now
        if self.now >= self._most:
            self._most, self._since_s = self.now, now_s


async def _answered(response: httpx.Response) -> None:
    bound("ElevenLabs", response)


def options(silence_s: float, **more: Any) -> RequestOptions:
    """One try, and at most `silence_s` without a byte.

    The SDK would try again twice, sleep as long as `Retry-After` says, and send a file without its fields.
    """
    limit: Any = httpx.Timeout(silence_s, connect=_CONNECT_S)  # given to httpx as it is
    made: RequestOptions = {"max_retries": 0, "timeout_in_seconds": limit, **more}  # type: ignore[typeddict-item]
    return made


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _sdk(key: str, url: str, pool: httpx.AsyncClient) -> AsyncElevenLabs | None:
    """None without a key. Imported here, because it takes 0.4 s and the offline house never needs it."""
    if not key:
        return None
    from elevenlabs.client import AsyncElevenLabs

    return AsyncElevenLabs(api_key=key, base_url=url, httpx_client=pool)
