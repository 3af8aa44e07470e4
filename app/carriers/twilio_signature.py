"""Was it Twilio? Checks of `X-Twilio-Signature` (WIRE facts A.4, B.3), and the URLs that are signed.

URLs are made from the configured public address, never from a request's own headers, which anyone can write.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]


def webhook_url(public_url: str, path: str, query: str = "") -> str:
    """The address of `path` (from `/`) as Twilio knows and signs it; `query` without its question mark."""
    return public_url.rstrip("/") + path + (f"?{query}" if query else "")


def stream_url(public_url: str, path: str = "/twilio/stream") -> str:
    """The media stream's address: `ws` for `http`, `wss` for `https`. Raises ValueError for any other scheme."""
    parts = urlsplit(webhook_url(public_url, path))
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme)
    if scheme is None or not parts.netloc:
        raise ValueError(f"The public address must begin with http:// or https://, not {public_url!r}.")
    return urlunsplit((scheme, parts.netloc, parts.path, "", ""))


def verify_webhook(url: str, params: Mapping[str, str], signature: str | None, token: str) -> bool:
    """`url` with its query, `params`: every field of the form. A missing signature or an empty token is False."""
    if not signature or not token:
        return False
    try:
        return bool(RequestValidator(token).validate(url.partition("#")[0], params, signature))
    except (TypeError, ValueError):  # a file among the fields, half a surrogate: Twilio sends neither
        return False


def verify_upgrade(url: str, signature: str | None, token: str) -> bool:
    """The handshake carries no parameters; Twilio may have signed the URL with a slash behind it."""
    return any(verify_webhook(candidate, {}, signature, token) for candidate in (url, url + "/"))
