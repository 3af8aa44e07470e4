"""What may stand in a log, and what is written in the place of what may not.

By key: speech, prompts and secrets never pass, whatever they look like. By look: phone numbers, bearer tokens and
vendors' keys are masked in every text. By type: an unknown object is named, not shown, since its `repr` could hold a
sentence; and an exception's own words pass only if it is ours or the operating system's, as only those are written
with logs in mind.
"""

from __future__ import annotations

import datetime
import enum
import re
import traceback
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HIDDEN = "[redacted]"
#: A key with one of these words in it is secret.
SECRET_WORDS = frozenset(
    {"text", "transcript", "prompt", "token", "password", "passwd", "authorization", "signature", "secret", "cookie"}
    | {"heard", "sentence"}
)
#: A key that is exactly this is secret; as a part of a longer key (`content_type`, `utterance_id`) it says little.
SECRET_KEYS = SECRET_WORDS | {
    "said",
    "speech",
    "utterance",
    "greeting",
    "messages",
    "content",
    "body",
    "digits",
    "reply",
}
#: What a key ends in when it holds a measure or a name, not the thing itself: `token_count`, `transcript_id`.
MEASURES = frozenset({"id", "ms", "s", "count", "length", "bytes"})
NUMBER_KEYS = frozenset({"from", "to", "caller", "callee", "called", "phone", "number", "phone_number", "msisdn"})
#: Whose exceptions may speak for themselves: the house's, and the local database's, whose words hold no values.
TRUSTED = frozenset({"app", "sqlite3"})
WORDS_OF_KEY = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

#: A plus (or its form in a URL) and seven digits or more, with the separators people write between them.
PHONE = re.compile(r"(?:\+|%2[Bb])[\s(]?\d(?:[\s().-]{0,2}\d){6,}")
#: Without a plus, so many digits in a row are a number rather than a count or an id.
LONG_NUMBER = re.compile(r"(?<![\w.-])\d{10,15}(?![\w.-])")
#: Under a key that holds a number, without a plus: five digits or more.
BARE_NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){4,}")
CREDENTIALS = (
    re.compile(r"\b(?:bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE),
    re.compile(r"\b(?:gsk|sk|parley|sess)_[\w-]{8,}"),
    re.compile(r"(?<=://)[^\s/@]+(?=@)"),
    re.compile(r"(?<=[?&])(?:token|signature|api_?key|password|sig)=[^&\s\"']+", re.IGNORECASE),
)


def clean_text(text: str) -> str:
    """`text` with phone numbers cut to their last two digits and credentials hidden."""
    for pattern in CREDENTIALS:
        text = pattern.sub(HIDDEN, text)
    return LONG_NUMBER.sub(_mask, PHONE.sub(_mask, text))


def redact(record: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `record` with everything personal hidden, to any depth."""
    return {str(key): _value(str(key), value) for key, value in record.items()}


def traceback_of(error: BaseException) -> str:
    """Where `error` came from, file and line, and its kind; its own words only where `message_of` allows."""
    lines = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    tail = f"; after {message_of(cause)}" if cause is not None else ""
    return " > ".join([*lines, message_of(error) + tail])


def message_of(error: BaseException) -> str:
    """The kind of `error`, and its words if the house or the operating system wrote them."""
    if type(error).__module__.partition(".")[0] in TRUSTED or isinstance(error, OSError):
        return f"{_kind(error)}: {clean_text(str(error))}"
    return _kind(error)


def _kind(error: BaseException) -> str:
    return type(error).__qualname__


def _value(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _is_secret(key, value):
        return HIDDEN
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        cleaned = clean_text(value)
        return BARE_NUMBER.sub(_mask, cleaned) if key.lower() in NUMBER_KEYS else cleaned
    if isinstance(value, Mapping):
        return redact(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(key, item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    """Things that cannot hold a sentence as they are; anything else by its kind alone."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, int | float):
        return value
    if isinstance(value, uuid.UUID | datetime.date | datetime.timedelta | Path):
        return clean_text(str(value))
    if isinstance(value, BaseException):
        return message_of(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{len(value)} bytes]"
    return f"[{type(value).__qualname__}]"


def _is_secret(key: str, value: Any) -> bool:
    """A word of `key` names something secret. Counts, as in `prompt_tokens=12`, pass unless the key is the word."""
    lowered = key.lower()
    if lowered in SECRET_KEYS or "api_key" in lowered or "apikey" in lowered:
        return True
    words = [word.lower() for word in WORDS_OF_KEY.findall(key)]
    measure = isinstance(value, int | float) or (words[-1:] and words[-1] in MEASURES)
    return not measure and not SECRET_WORDS.isdisjoint(words)


def _mask(match: re.Match[str]) -> str:
    return "***" + re.sub(r"\D", "", match.group())[-2:]
