"""The SDK's client upon a pool of connections of our own, without its hidden retries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from app.speech.answer_bounds import IDENTITY, bound
from app.speech.protocols import ProviderError
from app.speech.sarvam_errors import NO_KEY, explained
from app.speech.sarvam_stream import is_stream, saved

if TYPE_CHECKING:
    from sarvamai.client import AsyncSarvamAI
    from sarvamai.core.request_options import RequestOptions

VENDOR_URL = "https://api.sarvam.ai"
SILENCE_S = 10.0
"""No byte from the vendor for so long, and its answer is given up; whoever asks has a stricter limit of their own."""
_CONNECT_S = 3.0
_WARM_S = 3.0
_WARM_PATH = "/v1/models"
"""Answered without a key, and quickly."""
_COLD_AFTER_S = 30.0
"""A connection used less long ago is still open."""
_KEPT_S = 60.0
"""How long an idle connection is kept: turns of one call are seconds apart, and httpx's own 5 s would lose most."""
_KEPT = 20
_log = structlog.get_logger(__name__)


class Connection:
    """One pool to the vendor. `settings`: SARVAM_API_KEY, and SARVAM_BASE_URL for another address."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._url = settings.get("SARVAM_BASE_URL") or VENDOR_URL
        # Redirects are not followed: httpx would send the key's header along to wherever they point.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_KEPT_S)
        hooks = {"response": [self._answered]}
        self._pool = httpx.AsyncClient(limits=limits, follow_redirects=False, headers=IDENTITY, event_hooks=hooks)
        self._client = _sdk(settings.get("SARVAM_API_KEY", ""), self._url, self._pool)
        self._used_s: float | None = None
        self._told = False

    @property
    def client(self) -> AsyncSarvamAI:
        """The SDK's client. Raises ProviderError if there is no key."""
        if self._client is None:
            raise ProviderError(NO_KEY, "key")
        return self._client

    async def warm(self) -> None:
        """Open a connection, unless one was used lately; what fails is for the log alone, a missing key once."""
        if self._client is None:
            if not self._told:
                _log.warning("provider_not_ready", provider="sarvam", reason=NO_KEY)
            self._told = True
            return
        now_s = asyncio.get_running_loop().time()
        if self._used_s is not None and now_s - self._used_s < _COLD_AFTER_S:
            return
        # Set before it is asked, so that others who come meanwhile, and after a failure, do not ask as well.
        self._used_s = now_s
        try:
            with explained(""):
                async with asyncio.timeout(_WARM_S):
                    await self._pool.get(self._url + _WARM_PATH)
        except ProviderError as error:
            _log.warning("provider_not_ready", provider="sarvam", reason=str(error))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    async def _answered(self, response: httpx.Response) -> None:
        bound("Sarvam", response, in_events=is_stream(response))
        saved(response)
        self._used_s = asyncio.get_running_loop().time()


def options(silence_s: float) -> RequestOptions:
    """One try, and at most `silence_s` without a byte.

    The SDK would try again twice, sleep as long as `Retry-After` says, and send a file without its fields.
    """
    limit: Any = httpx.Timeout(silence_s, connect=_CONNECT_S)  # given to httpx as it is
    made: RequestOptions = {"max_retries": 0, "timeout_in_seconds": limit}
    return made


def _sdk(key: str, url: str, pool: httpx.AsyncClient) -> AsyncSarvamAI | None:
    """None without a key. Imported here, because it takes 0.2 s and the offline house never needs it."""
    if not key:
        return None
    from sarvamai.client import AsyncSarvamAI
    from sarvamai.environment import SarvamAIEnvironment

    # The vendor's three addresses are one host; the SDK has no `base_url` for all of them.
    sockets = "ws" + url.removeprefix("http")
    places = SarvamAIEnvironment(base=url, creative=f"{url}/dubbing", production=sockets)
    return AsyncSarvamAI(api_subscription_key=key, environment=places, httpx_client=pool)
