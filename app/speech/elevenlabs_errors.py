"""What went wrong at ElevenLabs, in one line for the operator: never the vendor's own words, which may quote ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from app.speech.protocols import ProviderError

NO_KEY = "ElevenLabs has no key: set ELEVENLABS_API_KEY, or take elevenlabs out of STT_PROVIDER and TTS_PROVIDER"

_BY_STATUS = {
    "invalid_api_key": "refuses the key: correct ELEVENLABS_API_KEY",
    "missing_permissions": "says the key may not do this: give it the permission, or set another ELEVENLABS_API_KEY",
    "quota_exceeded": "says the account's quota is used up: raise it, or wait for its renewal",
    "voice_not_found": "has no such voice: correct the persona's voice.elevenlabs.voice_id, or ELEVENLABS_VOICE_ID",
    "max_character_limit_exceeded": "says the text is too long for the model",
    "too_many_concurrent_requests": "says these are more requests at a time than the plan allows",
    "system_busy": "is busy",
}
_BY_CODE = {
    401: "refuses the key: correct ELEVENLABS_API_KEY",
    429: "says these are too many requests",
}
_WORD = re.compile(r"[a-z_]{1,40}")
"""What a status or a field's name may look like to be repeated; a key has digits, a text has spaces."""
_SECONDS = re.compile(r"\d{1,5}")


@contextmanager
def explained() -> Iterator[None]:
    """Whatever fails inside becomes a ProviderError that says what to do; cancelling stays cancelling."""
    try:
        yield
    except ProviderError:
        raise
    except httpx.TimeoutException:
        raise ProviderError("ElevenLabs did not answer in time") from None
    except httpx.RemoteProtocolError:
        raise ProviderError("ElevenLabs broke off in the middle of its answer") from None
    except httpx.TransportError as error:
        raise ProviderError(f"ElevenLabs cannot be reached ({type(error).__name__})") from None
    except Exception as error:
        raise ProviderError(_explain(error)) from None


def _explain(error: Exception) -> str:
    """The SDK's ApiError by its status; anything else by its type alone."""
    code = getattr(error, "status_code", None)
    if not isinstance(code, int):
        return f"ElevenLabs could not be asked, or not be understood ({type(error).__name__})"
    if code < httpx.codes.BAD_REQUEST:
        return f"ElevenLabs answered HTTP {code} with something that is not what was asked for"
    return f"ElevenLabs {_reason(code, getattr(error, 'body', None))}{_rest(getattr(error, 'headers', None))}"


def _reason(code: int, body: Any) -> str:
    """By `detail.status`, because a used-up quota comes with 400, 401 or 429; by the HTTP code where there is none."""
    detail = body.get("detail") if isinstance(body, Mapping) else None
    if isinstance(detail, list):
        return f"does not accept {_fields(detail)} (HTTP {code})"
    status = detail.get("status") if isinstance(detail, Mapping) else None
    if not isinstance(status, str) or not _WORD.fullmatch(status):
        return f"{_BY_CODE.get(code, 'failed')} (HTTP {code})"
    known = _BY_STATUS.get(status) or _BY_CODE.get(code, "failed")
    return f"{known} (HTTP {code}, {status})"


def _fields(problems: list[Any]) -> str:
    """The names of the fields that the vendor refused."""
    places = [problem["loc"] for problem in problems if isinstance(problem, Mapping) and problem.get("loc")]
    names = [str(place[-1]) for place in places if isinstance(place, list)]
    return ", ".join(sorted({name for name in names if _WORD.fullmatch(name)})) or "the request"


def _rest(headers: Any) -> str:
    """How long the vendor wants to be left alone, if it says so."""
    after = httpx.Headers(headers or {}).get("retry-after", "")
    return f"; it asks for {after} s of rest" if _SECONDS.fullmatch(after) else ""
