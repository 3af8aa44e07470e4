"""What the Twilio SDK sends its requests through: with time limits, without retries, and to another address in tests.

The SDK's own asynchronous client has no time limit at all, whatever it is told, and its retries repeat POSTs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.http.response import Response  # type: ignore[import-untyped]

CONNECT_S = 3.0
CONNECT_SHARE = 0.4
"""Of a shorter limit. A request that may be sent for 5 s (`dialling.policy`) must have failed to connect before that: a
carrier out of reach costs an attempt, a machine that slept does not."""
ANSWER_S = 8.0
"""For a whole answer, from the first byte sent to the last one received."""


_LAST_MOMENTS = ("send_request_headers.started", "send_request_body.started")
"""What httpcore says before it writes to a connected socket; without its body a request is none."""


class SentTooLateError(Exception):
    """The request was not sent: its time had passed before its connection stood."""


@dataclass(slots=True)
class Sending:
    """A request on its way out. `begun`: something of it has left this machine."""

    may_send: Callable[[], bool]
    begun: bool = False


_sending: ContextVar[Sending | None] = ContextVar("sending", default=None)


@contextmanager
def sent_only_if(may_send: Callable[[], bool]) -> Iterator[Sending]:
    """Requests made within are sent only if `may_send` says so when everything else is ready; SentTooLateError
    otherwise. The SDK takes no such thing from its callers, so it goes past it."""
    sending = Sending(may_send)
    token = _sending.set(sending)
    try:
        yield sending
    finally:
        _sending.reset(token)


async def _ask_before_sending(step: str, _info: object) -> None:
    sending = _sending.get()
    if sending is None or not step.endswith(_LAST_MOMENTS):
        return
    if not sending.may_send():
        raise SentTooLateError
    sending.begun = True


class TwilioHttp:
    """`base_url`: scheme, host and port to which every request goes; None for the vendor's own.

    Raises httpx's errors, and TimeoutError. It is no subclass of the SDK's client, which asks for two names alone.
    """

    is_async = True

    def __init__(self, base_url: str | None = None, answer_s: float = ANSWER_S) -> None:
        self._base_url = base_url
        self._answer_s = answer_s
        # A redirect would carry the account's credentials to wherever it points.
        limits = httpx.Timeout(answer_s, connect=min(CONNECT_S, answer_s * CONNECT_SHARE))
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
                method,
                self._address(uri),
                params=_given(params),
                data=data,
                headers=headers,
                auth=auth,
                extensions={"trace": _ask_before_sending},
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
