"""The SDK's client upon a pool of connections of our own, without its hidden retries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx

from app.speech.elevenlabs_errors import NO_KEY
from app.speech.protocols import ProviderError

if TYPE_CHECKING:
    from elevenlabs.client import AsyncElevenLabs
    from elevenlabs.core.request_options import RequestOptions

VENDOR_URL = "https://api.elevenlabs.io"
_KEPT_S = 60.0
"""How long an idle connection is kept: turns of one call are seconds apart, and httpx's own 5 s would lose most."""
_KEPT = 20
_WARM_S = 3.0


class Connection:
    """One pool to the vendor. `settings`: ELEVENLABS_API_KEY, and ELEVENLABS_BASE_URL for another address."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._url = settings.get("ELEVENLABS_BASE_URL") or VENDOR_URL
        # Redirects are not followed: httpx would send the key's header along to wherever they point.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_KEPT_S)
        self._pool = httpx.AsyncClient(limits=limits, follow_redirects=False)
        self._client = _sdk(settings.get("ELEVENLABS_API_KEY", ""), self._url, self._pool)

    @property
    def client(self) -> AsyncElevenLabs:
        """The SDK's client. Raises ProviderError if there is no key."""
        if self._client is None:
            raise ProviderError(NO_KEY)
        return self._client

    async def warm(self) -> None:
        """Open a connection, so that the first sentence does not wait for one; whatever fails is told when it
        matters."""
        if self._client is None:
            return
        with suppress(httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            async with asyncio.timeout(_WARM_S):
                await self._pool.get(self._url)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def options(silence_s: float, **more: Any) -> RequestOptions:
    """One try, and at most `silence_s` without a byte.

    The SDK would try again twice, sleep as long as `Retry-After` says, and send a file without its fields.
    """
    made: RequestOptions = {"max_retries": 0, "timeout_in_seconds": silence_s, **more}  # type: ignore[typeddict-item]
    return made


def _sdk(key: str, url: str, pool: httpx.AsyncClient) -> AsyncElevenLabs | None:
    """None without a key. Imported here, because it takes 0.4 s and the offline house never needs it."""
    if not key:
        return None
    from elevenlabs.client import AsyncElevenLabs

    return AsyncElevenLabs(api_key=key, base_url=url, httpx_client=pool)
