"""The rules for single settings, and the words for breaking one: one line that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic_core import ErrorDetails

from app.dialling.window import read_hours

E164 = re.compile(r"^\+[1-9]\d{6,14}$")
PROVIDER_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
SECRET = re.compile(r"_KEY$|_TOKEN$|_SECRET$|PASSWORD$|^WEBHOOK_URL$|^DATABASE_URL$|_NUMBER$")


class SettingsError(Exception):
    """A setting stops the start; the message is one line for the operator and holds no secret."""


def base_url(value: str) -> str:
    """Scheme, host and port alone: `https://host[:port]`, without a slash at the end. Raises ValueError."""
    wanted = "it must be like https://parley.example.org or http://localhost:8000: scheme, host and port alone"
    try:
        parts = urlsplit(value.strip())
        _ = parts.port  # raises ValueError when it is no port
    except ValueError:
        raise ValueError(wanted) from None
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or extra or re.search(r"\s", parts.netloc):
        raise ValueError(wanted)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def hours(value: str) -> str:
    """Hours of a day, `08:00-21:00`. Raises ValueError."""
    try:
        read_hours(value)
    except ValueError:
        raise ValueError("it must be like 08:00-21:00, from 00:00 to 24:00; empty for any time") from None
    return value


def webhook_url(value: str) -> str:
    """A whole address, with a path and a query if need be. Raises ValueError."""
    given = value.strip()
    try:
        parts = urlsplit(given)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
        _ = parts.port
    except ValueError:
        fine = False
    if not fine or len(given) > 2000 or any(letter <= " " for letter in given):
        raise ValueError("it must be an address like https://ats.example.org/parley")
    return given


def e164(value: str) -> str:
    """A phone number as Twilio writes it. Raises ValueError."""
    if not E164.match(value.strip()):
        raise ValueError("it must be a number like +15551234567: a plus, the country, digits alone")
    return value.strip()


def provider_order(value: str) -> str:
    """Provider names joined by commas, without blanks and doubles. Raises ValueError."""
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    wrong = [name for name in names if not PROVIDER_NAME.match(name)]
    if not names or wrong:
        raise ValueError("it must name one provider or more, separated by commas, like groq,offline")
    return ",".join(dict.fromkeys(names))


def folder(value: Path) -> Path:
    """A folder's path, with `~` for the home folder. Raises ValueError."""
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("it must be a path; nobody of that name has a home folder here") from None


def closest(name: str, known: Iterable[str]) -> str | None:
    """` (did you mean X?)` for the known name that looks like `name`, or None."""
    matches = get_close_matches(name.upper(), {word.upper(): word for word in known}, n=1, cutoff=0.6)
    if not matches:
        return None
    return f" (did you mean {next(word for word in known if word.upper() == matches[0])}?)"


def unreadable_line(text: str) -> int | None:
    """The number, from 1, of the first line of a `.env` that is not `NAME=value`, or None."""
    for binding in parse_stream(StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            return binding.original.line
    return None


def explain(error: ErrorDetails, given: Mapping[str, str]) -> str:
    """One line for one of pydantic's complaints: the setting, what it is, unless secret, and what it must be."""
    name = str(error["loc"][0]) if error["loc"] else "a setting"
    is_now = f' is "{" ".join(given[name].split())}"' if name in given and not SECRET.search(name) else ""
    return f"{name}{is_now}: {_wanted(name, error, given)}"


def _wanted(name: str, error: ErrorDetails, given: Mapping[str, str]) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            choices = [word.strip("' ") for word in re.split(r",| or ", str(context["expected"])) if word.strip()]
            return f"it must be {', '.join(choices[:-1])} or {choices[-1]}{closest(given.get(name, ''), choices) or ''}"
        case "value_error":
            return str(context["error"])
        case "string_pattern_mismatch":
            return "it must be the account's SID from Twilio's console, which begins with AC"
        case "int_parsing" | "int_from_float":
            return "it must be a whole number"
        case "float_parsing" | "finite_number":
            return "it must be a number"
        case "bool_parsing":
            return "it must be true or false"
        case "greater_than_equal":
            return f"it must be {context['ge']:g} or more"
        case "less_than_equal":
            return f"it must be {context['le']:g} or less"
        case _:
            return error["msg"][:1].lower() + error["msg"][1:]
