"""What went wrong at ElevenLabs, in one line for the operator: never the vendor's own words, which may quote ours.

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

NO_KEY = "ElevenLabs has no key: set ELEVENLABS_API_KEY, or take elevenlabs out of STT_PROVIDER and TTS_PROVIDER"

_KEY = "correct ELEVENLABS_API_KEY"
_BY_STATUS: dict[str, tuple[FaultKind, str, str]] = {
    "invalid_api_key": ("key", "refuses the key", _KEY),
    "missing_permissions": ("key", "says the key may not do this", "give it the permission, or set another key"),
    "quota_exceeded": ("quota", "says the account's quota is used up", "raise it, or wait for its renewal"),
    "voice_not_found": (
        "refused",
        "has no such voice",
        "correct the persona's voice.elevenlabs.voice_id, or ELEVENLABS_VOICE_ID",
    ),
    "max_character_limit_exceeded": ("refused", "says the text is too long for the model", ""),
    "too_many_concurrent_requests": ("busy", "says these are more requests at a time than the plan allows", ""),
    "system_busy": ("busy", "is busy", ""),
}
"""The vendor's own words first: a used-up quota comes with 400, 401 or 429."""
_BY_CODE: dict[int, tuple[FaultKind, str, str]] = {
    401: ("key", "refuses the key", _KEY),
    402: ("quota", "wants to be paid first", "see the account's plan"),
    403: ("key", "says the key may not do this", "give it the permission, or set another key"),
    408: ("late", "gave up waiting", ""),
    429: ("busy", "says these are too many requests", ""),
    503: ("busy", "is busy", ""),
}
_WORD = re.compile(r"[a-z_]{1,40}")
"""What a status or a field's name may look like to be repeated; a key has digits, a text has spaces."""


class NotTakenError(ProviderError):
    """The request was refused for a reason that is not known here: perhaps for its path or one of its fields."""


@contextmanager
def explained() -> Iterator[None]:
    """Whatever fails inside becomes a ProviderError that says what to do; cancelling stays cancelling."""
    try:
        yield
    except ProviderError:
        raise
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        text = f"ElevenLabs cannot be reached ({type(error).__name__}): mend the network, or ELEVENLABS_BASE_URL"
        raise ProviderError(text, "unreachable") from None
    except (httpx.TimeoutException, TimeoutError):
        raise ProviderError("ElevenLabs did not answer in time", "late") from None
    except httpx.TransportError:
        raise ProviderError("ElevenLabs broke off in the middle of its answer", "broken") from None
    except Exception as error:
        raise _explain(error) from None


def failure(body: Any) -> ProviderError:
    """What the vendor's `body` says went wrong, where it comes without a status of its own."""
    return _refused(None, body, None)


def _explain(error: Exception) -> ProviderError:
    """The SDK's ApiError by its status; anything else by its type alone."""
    code = getattr(error, "status_code", None)
    if not isinstance(code, int):
        kind: FaultKind = "failed" if isinstance(error, RuntimeError) else "rubbish"
        return ProviderError(f"ElevenLabs could not be asked, or not be understood ({type(error).__name__})", kind)
    if code < httpx.codes.BAD_REQUEST:
        text = f"ElevenLabs answered HTTP {code} with something that is not what was asked for"
        return ProviderError(text, "rubbish")
    return _refused(code, getattr(error, "body", None), getattr(error, "headers", None))


def _refused(code: int | None, body: Any, headers: Any) -> ProviderError:
    made: type[ProviderError] = ProviderError
    detail = body.get("detail") if isinstance(body, Mapping) else None
    status = detail.get("status") if isinstance(detail, Mapping) else None
    status = status if isinstance(status, str) and _WORD.fullmatch(status) else ""
    reason = _BY_STATUS.get(status) or _BY_CODE.get(code or 0)
    if reason is not None:
        kind, says, mend = reason
    elif code is None or code >= httpx.codes.INTERNAL_SERVER_ERROR:
        kind, says, mend = "failed", "failed", ""
    else:
        made, kind, mend = NotTakenError, "refused", "correct the model's or the voice's setting"
        says = f"does not accept {_fields(detail) if isinstance(detail, list) else 'the request'}"
    rest_s = asked_rest_s(httpx.Headers(headers or {}))
    asks = "" if rest_s is None else f"; it asks for {rest_s:g} s of rest"
    named = ", ".join(filter(None, [f"HTTP {code}" if code else "in its answer", status]))
    return made(f"ElevenLabs {says} ({named}){asks}{mend and ': '}{mend}", kind, rest_s)


def _fields(problems: list[Any]) -> str:
    """The names of the fields that the vendor refused."""
    places = [problem["loc"] for problem in problems if isinstance(problem, Mapping) and problem.get("loc")]
    names = [str(place[-1]) for place in places if isinstance(place, list)]
    return ", ".join(sorted({name for name in names if _WORD.fullmatch(name)})) or "the request"
