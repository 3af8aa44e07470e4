"""What went wrong at a vendor whose SDK is of the kind that Groq's and OpenAI's are, in one line for the operator.

Never in the vendor's own words, which may quote ours. Each line is what happened, a colon, and what to do about it
where something can be done.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from app.speech.protocols import FaultKind, ProviderError

LONGEST_REST_S = 86_400.0
"""A vendor that wants to be left alone for more than a day means something else."""

_NO_MODEL = frozenset({"model_not_found", "model_decommissioned", "model_not_active", "model_terms_required"})
_NOT_THERE = (404, 405)
_BY_CODE: dict[str, FaultKind] = {
    "invalid_api_key": "key",
    "insufficient_quota": "quota",
    "blocked_api_access": "quota",  # Groq's, when the account's own spend limit is reached; comes with 400
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "json_validate_failed": "rubbish",  # what the model wrote was not the JSON that was asked for
    "tool_use_failed": "rubbish",
}
"""Vendors' own codes tell what a status leaves open."""

_BY_STATUS: dict[int, FaultKind] = {
    401: "key",
    402: "quota",
    403: "key",
    408: "late",
    429: "busy",
    498: "busy",  # Groq's, for a service tier without room
    503: "busy",
    504: "late",
    529: "busy",
}
_SAYS: dict[FaultKind, str] = {
    "key": "refuses the key",
    "quota": "says the account is used up",
    "busy": "says these are too many requests",
    "refused": "does not accept the request",
    "late": "did not answer in time",
    "failed": "failed",
    "rubbish": "answered with something that is not what was asked for",
}
_WORD = re.compile(r"[A-Za-z_]{1,40}")
"""What a code or type may look like to be repeated; a key has digits, a text has spaces."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Words:
    """How a vendor and its settings are named. `key`, `url`, `model`: what to correct when it is at fault."""

    vendor: str
    key: str
    url: str
    model: str

    def error(
        self, happened: str, kind: FaultKind, rest_s: float | None = None, mend: str | None = None
    ) -> ProviderError:
        """`Vendor happened; it asks for rest: what to do`; without the last where nothing can be done but wait."""
        mends: dict[FaultKind, str] = {
            "key": f"correct {self.key}",
            "quota": "raise its limit, or pay, at the vendor; waiting does not help",
            "refused": f"see whether {self.model} names one that can do this",
            "unreachable": f"mend the network, or correct {self.url}",
        }
        mend = mends.get(kind, "") if mend is None else mend
        asks = f"; it asks for {rest_s:g} s of rest" if rest_s is not None else ""
        return ProviderError(f"{self.vendor} {happened}{asks}{': ' if mend else ''}{mend}", kind, rest_s)


@contextmanager
def explained(words: Words) -> Iterator[None]:
    """Whatever fails inside becomes a ProviderError that says what to do; cancelling stays cancelling."""
    try:
        yield
    except Exception as error:
        raise _fault(error, words) from None


def codes(error: BaseException) -> list[str]:
    """`code` and `type` of an SDK's error, as far as they are words: its body holds them bare or in an envelope."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    given = [inner.get("code"), inner.get("type")] if isinstance(inner, Mapping) else []
    return [word for word in given if isinstance(word, str) and _WORD.fullmatch(word)]


def rest_s(headers: Mapping[str, str]) -> float | None:
    """How long the vendor wants to be left alone, in seconds: 0 to a day, or None if it says nothing to be believed.

    `Retry-After` may hold seconds, or a date, which is read against the answer's own `Date`.
    """
    ms, after = headers.get("retry-after-ms", ""), headers.get("retry-after", "")
    for text, scale in ((ms, 0.001), (after, 1.0)):
        seconds = _number(text) * scale
        if 0 <= seconds <= LONGEST_REST_S:
            return seconds
    try:
        seconds = (parsedate_to_datetime(after) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return seconds if 0 <= seconds <= LONGEST_REST_S else None


def _fault(error: BaseException, words: Words) -> ProviderError:
    """By what it is: ours, an answer with a status, an error in a stream, the network's; else by its type alone."""
    cause = error.__cause__
    status = getattr(error, "status_code", None)
    if isinstance(error, ProviderError):
        return error
    if isinstance(status, int):
        response: Any = getattr(error, "response", None)
        return _refusal(status, error, words, getattr(response, "headers", {}))
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return words.error(f"cannot be reached ({type(error).__name__})", "unreachable")
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return words.error("did not answer in time", "late")
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return words.error(f"could not be asked ({type(error).__name__})", "refused")
    if isinstance(error, httpx.TransportError):
        return words.error("broke off in the middle of its answer", "broken")
    if isinstance(cause, Exception) and hasattr(error, "request"):
        return _fault(cause, words)  # the SDK wraps what the network says
    if hasattr(error, "body"):
        return _failure_in_stream(error, words)
    return words.error(f"could not be asked, or not be understood ({type(error).__name__})", "rubbish")


def _refusal(status: int, error: BaseException, words: Words, headers: Mapping[str, str]) -> ProviderError:
    named = codes(error)
    kind = _kind(status, named)
    told = f"({', '.join([f'HTTP {status}', *named])})"
    if not _NO_MODEL.isdisjoint(named):
        return words.error(f"does not serve the model {told}", kind, mend=f"correct {words.model}")
    if kind == "refused" and status in _NOT_THERE:
        mend = f"correct {words.url}, or {words.model}"
        return words.error(f"has nothing at this address, or no such model {told}", kind, mend=mend)
    if httpx.codes.MULTIPLE_CHOICES <= status < httpx.codes.BAD_REQUEST:
        return words.error(f"is at another address {told}", kind, mend=f"correct {words.url}")
    asks_s = rest_s(headers) if kind in ("busy", "quota", "failed") else None
    return words.error(f"{_SAYS[kind]} {told}", kind, asks_s)


def _failure_in_stream(error: BaseException, words: Words) -> ProviderError:
    """A stream brings errors without a status; some give it as their `code`."""
    body: Any = getattr(error, "body", None)
    code = body.get("code") if isinstance(body, Mapping) else None
    named = codes(error)
    kind = _kind(code if isinstance(code, int) and code >= httpx.codes.BAD_REQUEST else 500, named)
    told = f" ({', '.join(named)})" if named else ""
    return words.error(f"failed in the middle of its answer{told}", kind)


def _kind(status: int, named: list[str]) -> FaultKind:
    if status < httpx.codes.BAD_REQUEST:
        return "rubbish"
    if not _NO_MODEL.isdisjoint(named):
        return "refused"
    known = next((_BY_CODE[word] for word in named if word in _BY_CODE), None) or _BY_STATUS.get(status)
    if known is not None:
        return known
    return "failed" if status >= httpx.codes.INTERNAL_SERVER_ERROR else "refused"


def _number(text: str) -> float:
    """NaN for what is none."""
    return float(text) if _SECONDS.fullmatch(text.strip()) else math.nan
