"""What the Twilio SDK sends its requests through: with time limits, without retries, and to another address in tests.

The SDK's own asynchronous client has no time limit at all, whatever it is told, and its retries repeat POSTs.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.http.response import Response  # type: ignore[import-untyped]

CONNECT_S = 5.0
ANSWER_S = 8.0
"""For a whole answer, from the first byte sent to the last one received."""


class TwilioHttp:
    """`base_url`: scheme, host and port to which every request goes; None for the vendor's own.

    Raises httpx's errors, and TimeoutError. It is no subclass of the SDK's client, which asks for two names alone.
    """

    is_async = True

    def __init__(self, base_url: str | None = None, answer_s: float = ANSWER_S) -> None:
        self._base_url = base_url
        self._answer_s = answer_s
        # A redirect would carry the account's credentials to wherever it points.
        limits = httpx.Timeout(answer_s, connect=min(CONNECT_S, answer_s))
        self._client = httpx.AsyncClient(timeout=limits, follow_redirects=False)

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, once."""
        async with asyncio.timeout(timeout or self._answer_s):
            answer = await self._client.request(
                method, self._address(uri), params=_given(params), data=data, headers=headers, auth=auth
            )
        return Response(answer.status_code, answer.text, answer.headers)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    def _address(self, uri: str) -> str:
        if self._base_url is None:
            return uri
        parts = urlsplit(uri)
        return f"{self._base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _given(params: dict[str, object] | None) -> Any:
    """None for no parameters: httpx would take an empty mapping as a wish to remove those in the address."""
    return params or None
