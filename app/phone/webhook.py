"""Twilio's requests to a server's webhooks (WIRE facts B.1, B.3): their forms, their signature, where they go."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

import httpx
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from app.phone.twiml import TwimlError, Verb, parse

TIMEOUT_S = 15.0
"""Twilio's own hard cap on a webhook (WIRE facts B.2)."""


class PhoneError(Exception):
    """The call could not be made or kept up; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who calls whom, with the sids of this one call."""

    from_: str
    to: str
    call_sid: str = field(default_factory=lambda: "CA" + secrets.token_hex(16))
    account_sid: str = "AC" + "0" * 32


@dataclass(frozen=True, slots=True)
class Server:
    """`url`: where it is reached; `public_url`: what it believes to be called, which is what gets signed."""

    url: str
    public_url: str
    auth_token: str = field(repr=False)

    def sign(self, url: str, params: Mapping[str, str]) -> str:
        """`X-Twilio-Signature` for a request to `url`, as the server knows it."""
        return str(RequestValidator(self.auth_token).compute_signature(url, params))

    def reach(self, url: str) -> str:
        """The address behind a public one: the same, unless the server is reached by another way."""
        for public, local in ((self.public_url, self.url), (_socket_url(self.public_url), _socket_url(self.url))):
            if url == public or url.startswith((public + "/", public + "?")):
                return local + url[len(public) :]
        return url


def _socket_url(url: str) -> str:
    return "ws" + url.removeprefix("http") if url.startswith("http") else url


def form(parties: Parties, status: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The fields of a voice webhook; the geography, of which we know nothing, is sent empty, as Twilio does."""
    fields = {
        "AccountSid": parties.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": parties.call_sid,
        "CallStatus": status,
        "Called": parties.to,
        "Caller": parties.from_,
        "Direction": "inbound",
        "From": parties.from_,
        "To": parties.to,
    }
    for who in ("Called", "Caller", "From", "To"):
        for what in ("City", "Country", "State", "Zip"):
            fields[who + what] = ""
    return fields | dict(extra or {})


async def post(client: httpx.AsyncClient, server: Server, url: str, fields: Mapping[str, str]) -> tuple[Verb, ...]:
    """One signed request to `url` (public); the verbs of the answer. Raises PhoneError."""
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "user-agent": "TwilioProxy/1.1",
        "x-home-region": "us1",
        "i-twilio-idempotency-token": secrets.token_hex(16),
        "x-twilio-signature": server.sign(url, fields),
    }
    try:
        response = await client.post(
            server.reach(url), content=urlencode(fields), headers=headers, timeout=TIMEOUT_S, follow_redirects=False
        )
    except httpx.ConnectError:
        raise PhoneError(f"Nobody answers at {server.url}: is the server running, and on this port?") from None
    except httpx.HTTPError as error:
        raise PhoneError(f"{url} did not answer in order: {type(error).__name__}.") from None
    if response.status_code == httpx.codes.FORBIDDEN:
        raise PhoneError(
            f"The server refused our signature (403): the auth token must be the server's, and {server.public_url} its "
            "PUBLIC_URL."
        )
    if not response.is_success:
        raise PhoneError(f"11200: {url} answered {response.status_code}.")
    try:
        return parse(response.content, response.headers.get("content-type", ""))
    except TwimlError as error:
        raise PhoneError(f"The TwiML from {url} is not in order: {error}") from error


def absolute(base: str, url: str) -> str:
    """TwiML may name addresses relative to its own."""
    return urljoin(base, url)
