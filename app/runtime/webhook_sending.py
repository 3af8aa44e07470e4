"""One delivery: a signed POST to the customer's system, within our own time and size, followed nowhere."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from app.runtime.webhook_address import Destination, Permissions, RefusedAddressError, Resolver, destination, resolve
from app.store.outbound_tables import OutboxRow

SIGNATURE = "Parley-Signature"
WHOLE_S = 15.0
"""From the look-up of the name to the answer; whoever needs longer should take it first and work afterwards."""
CONNECT_S = 5.0
READ_S = 2.0
MOST_READ_BYTES = 64_000
"""Of an answer nothing but its status counts; the rest is read so far that a polite server is not cut off."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it. `status`: the answer's, None if there was none; `error`: empty when it was taken; `for_good`:
    trying again is of no use."""

    status: int | None
    error: str = ""
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs, and where it may be sent."""

    secret: str = field(repr=False)
    allowed: Permissions = field(default_factory=Permissions)
    resolver: Resolver = resolve
    trust: ssl.SSLContext = field(default_factory=httpx.create_ssl_context, repr=False)
    whole_s: float = WHOLE_S

    async def send(self, row: OutboxRow, now: datetime) -> Sent:
        """Tell what `row` says. Never raises for what the other side does."""
        body = json.dumps(body_of(row), ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Parley",
            SIGNATURE: signature(self.secret, body, now),
        }
        try:
            async with asyncio.timeout(self.whole_s):
                return await self._posted(await destination(row.url, self.allowed, self.resolver), body, headers)
        except RefusedAddressError as refusal:
            return Sent(None, str(refusal), refusal.for_good)
        except (TimeoutError, httpx.TimeoutException):
            return Sent(None, "It did not answer in time.")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Sent(None, _words(error))

    async def _posted(self, to: Destination, body: bytes, headers: dict[str, str]) -> Sent:
        for address in to.addresses[:-1]:
            try:
                return await self._posted_to(address, to.url, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout):  # nothing was sent: perhaps the next one is there
                continue
        return await self._posted_to(to.addresses[-1], to.url, body, headers)

    async def _posted_to(self, address: str, url: httpx.URL, body: bytes, headers: dict[str, str]) -> Sent:
        """To an address that was judged: the name is only for the certificate and the `Host` header. A client for each
        delivery, as one that keeps connections would lend one host's to another at the same address."""
        named = headers | {"Host": url.netloc.decode("ascii")}
        async with (
            httpx.AsyncClient(
                verify=self.trust,
                trust_env=False,  # a proxy would resolve the name anew
                follow_redirects=False,  # whatever it points to was not judged
                timeout=httpx.Timeout(self.whole_s, connect=CONNECT_S),
            ) as client,
            client.stream(
                "POST",
                url.copy_with(host=address),
                content=body,
                headers=named,
                extensions={"sni_hostname": url.raw_host.decode("ascii").strip("[]")},
            ) as answer,
        ):
            await _read_some(answer)
            if answer.is_success:
                return Sent(answer.status_code)
            if answer.is_redirect:
                return Sent(answer.status_code, "It points elsewhere, and we follow nowhere: name the right address.")
            return Sent(answer.status_code, f"It answered {answer.status_code}.")


async def _read_some(answer: httpx.Response) -> None:
    read = 0
    try:
        async with asyncio.timeout(READ_S):
            async for piece in answer.aiter_raw(8_192):
                read += len(piece)
                if read > MOST_READ_BYTES:
                    return
    except (TimeoutError, httpx.HTTPError):
        return  # its status has come, and that alone counts


def body_of(row: OutboxRow) -> dict[str, Any]:
    """What is told: who, what, when and why, and never a word of what was said. The same at every try."""
    told = row.payload
    return {
        "id": str(row.id),
        "type": row.event,
        "time": row.created_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "sequence": row.seq,
        "call_id": None if row.scheduled_call_id is None else str(row.scheduled_call_id),
        "interview_id": None if row.interview_id is None else str(row.interview_id),
        "outcome": told.get("status", ""),
        "reason": told.get("reason", ""),
        "data": {name: value for name, value in told.items() if name not in ("id", "status", "reason")},
    }


def signature(secret: str, body: bytes, now: datetime) -> str:
    """The header's value: the time of this try in seconds, and the HMAC-SHA256 of `time.body` in hexadecimals."""
    at = str(int(now.timestamp()))
    made = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def _words(error: Exception) -> str:
    if isinstance(error, httpx.ConnectError):
        return "Its certificate is not trusted." if "CERTIFICATE" in str(error) else "It could not be connected to."
    return f"The connection broke ({type(error).__name__})."
