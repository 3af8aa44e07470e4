"""What went wrong at Sarvam, in one line for the operator: never the vendor's own words, which may quote ours.

Each line is what happened, a colon, and what to do about it where something can be done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from app.speech.protocols import FaultKind, ProviderError
from app.speech.vendor_errors import rest_s as asked_rest_s

NO_KEY = "Sarvam has no key: set SARVAM_API_KEY, or take sarvam out of STT_PROVIDER, LLM_PROVIDER and TTS_PROVIDER"

_BY_CODE: dict[str, FaultKind] = {
    "invalid_api_key_error": "key",
    "insufficient_quota_error": "quota",
    "rate_limit_exceeded_error": "busy",
}
"""The vendor's own codes tell what a status leaves open: a 429 is too many requests, or no credit at all."""

_BY_STATUS: dict[int, FaultKind] = {401: "key", 402: "quota", 403: "key", 408: "late", 429: "busy", 503: "busy"}

_SAYS: dict[FaultKind, str] = {
    "key": "refuses the key",
    "quota": "says the account's credits are used up",
    "busy": "says these are too many requests",
    "refused": "does not accept the request",
    "late": "did not answer in time",
    "failed": "failed",
    "rubbish": "answered with something that is not what was asked for",
}
_MEND: dict[FaultKind, str] = {
    "key": "correct SARVAM_API_KEY",
    "quota": "add credits at the vendor; waiting does not help",
    "busy": "wait, or have the plan's limits raised",
}
_WORD = re.compile(r"[a-z_]{1,40}")
"""What a code may look like to be repeated; a key has digits, a text has spaces."""


@contextmanager
def explained(hint: str) -> Iterator[None]:
    """Whatever fails inside becomes a ProviderError that says what to do; cancelling stays cancelling.

    `hint`: what to correct if the vendor refuses what it was asked for.
    """
    try:
        yield
    except ProviderError:
        raise
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        text = f"Sarvam cannot be reached ({type(error).__name__}): mend the network, or correct SARVAM_BASE_URL"
        raise ProviderError(text, "unreachable") from None
    except (httpx.TimeoutException, TimeoutError):
        raise ProviderError("Sarvam did not answer in time", "late") from None
    except httpx.TransportError:
        raise ProviderError("Sarvam broke off in the middle of its answer", "broken") from None
    except Exception as error:
        raise _explain(error, hint) from None


def _explain(error: Exception, hint: str) -> ProviderError:
    """The SDK's ApiError by its code and status; anything else by its type alone."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return ProviderError(f"Sarvam could not be asked, or not be understood ({type(error).__name__})", "rubbish")
    code = _code(getattr(error, "body", None))
    kind = _kind(status, code)
    rest_s = asked_rest_s(httpx.Headers(getattr(error, "headers", None) or {})) if kind != "quota" else None
    asks = f"; it asks for {rest_s:g} s of rest" if rest_s is not None else ""
    mend = hint if kind == "refused" else _MEND.get(kind, "")
    named = f"HTTP {status}, {code}" if code else f"HTTP {status}"
    return ProviderError(f"Sarvam {_SAYS[kind]} ({named}){asks}{mend and ': '}{mend}", kind, rest_s)


def _kind(status: int, code: str) -> FaultKind:
    if status < httpx.codes.BAD_REQUEST:
        return "rubbish"
    if (kind := _BY_CODE.get(code) or _BY_STATUS.get(status)) is not None:
        return kind
    return "failed" if status >= httpx.codes.INTERNAL_SERVER_ERROR else "refused"


def _code(body: Any) -> str:
    """`error.code`, if it looks like one; else nothing."""
    inner = body.get("error") if isinstance(body, Mapping) else None
    code = inner.get("code") if isinstance(inner, Mapping) else None
    return code if isinstance(code, str) and _WORD.fullmatch(code) else ""
