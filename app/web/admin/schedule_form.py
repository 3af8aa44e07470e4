"""The form of a call to place: what was typed, what it comes to, and what is wrong with it, field by field."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import available_timezones

from app.dialling.keys import checked_keys
from app.dialling.numbers import checked, guess_zone
from app.dialling.plan import DEFAULT_DELAYS_S, LONGEST_DELAY_S, MOST_ATTEMPTS, Plan
from app.dialling.window import DAY_MINUTES, DAYS, Window, Windows, read_clock
from app.dialling.zones import ZoneError, zone
from app.runtime.arranging import Wish

DELAYS = {f"{kind}_min": kind for kind in DEFAULT_DELAYS_S}
DAY_FIELDS = tuple(f"day-{day}" for day in DAYS)
PLAIN = (
    "to", "persona", "candidate_name", "role", "variables", "when", "at", "time_zone", "from", "until",
    "max_attempts", *DELAYS, "voicemail", "webhook_url", "campaign", "send_digits", "key",
)  # fmt: skip
LONGEST_VALUE = 500
MOST_VARIABLES = 50
FIELD_OF = {"scheduled_at": "at", "row": "to"}
"""Where the form has a field that a wish calls otherwise."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_KEY = re.compile(r"[0-9a-f]{32}")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Form:
    """What the page shows. `typed`: every field; a day that is ticked is not empty. `wrong`: what is wrong, by
    field."""

    typed: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same form sent twice, and another once something in it was changed."""
        sent = json.dumps(dict(self.typed), sort_keys=True)
        return f"page:{hashlib.sha256(sent.encode('utf-8', 'surrogatepass')).hexdigest()}"

    def has_more(self) -> bool:
        """Is anything filled in of what few need?"""
        unusual = any(
            self.typed[name] for name in ("from", "until", *DELAYS, "webhook_url", "variables", "send_digits")
        )
        return unusual or not all(self.typed[day] for day in DAY_FIELDS)


def empty_form(persona: str = "") -> Form:
    """For a call that is not arranged yet."""
    typed = dict.fromkeys(PLAIN, "") | dict.fromkeys(DAY_FIELDS, "on")
    return Form(typed | {"persona": persona, "when": "now", "max_attempts": "3", "voicemail": "hang_up", "key": _new()})


def typed_form(sent: Mapping[str, str]) -> Form:
    """The form as it was sent."""
    typed = {name: sent.get(name, "") for name in (*PLAIN, *DAY_FIELDS)}
    return Form(typed if _KEY.fullmatch(typed["key"]) else typed | {"key": _new()})


def wish_of(form: Form) -> Wish | Form:
    """The call that was typed, or the form with what is wrong beside each field."""
    typed = {name: value.strip() for name, value in form.typed.items()}
    judge = _Judge(typed)
    to = judge.read("to", lambda text: checked(_number(text)), "")
    time_zone = judge.read("time_zone", lambda name: _zone(name, to), None)
    at = judge.read("at", lambda text: _time(typed["when"], text), None)
    windows: Windows = judge.read("window", lambda _: _windows(typed), ())
    attempts = judge.read("max_attempts", _attempts, 1)
    delays: dict[str, tuple[int, ...]] = {kind: judge.read(name, _delays, ()) for name, kind in DELAYS.items()}
    variables: dict[str, Any] = judge.read("variables", _variables, {})
    of_candidate = {name: judge.read(name, _value, "") for name in ("candidate_name", "role")}
    campaign = judge.read("campaign", lambda text: _value(text, 60), "")
    keys = judge.read("send_digits", checked_keys, "")
    wrong = judge.wrong
    if wrong:
        return Form(form.typed, wrong)
    return Wish(
        to=to,
        persona=typed["persona"],
        scheduled_at=at,
        time_zone=time_zone,
        windows=windows,
        plan=Plan(attempts, {kind: given for kind, given in delays.items() if given}),
        voicemail="leave_message" if typed["voicemail"] == "leave_message" else "hang_up",
        variables={name: value for name, value in of_candidate.items() if value} | variables,
        webhook_url=typed["webhook_url"] or None,
        campaign=campaign,
        send_digits=keys,
    )


class _Judge:
    """Reads fields, and keeps what is wrong with each."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.wrong: dict[str, str] = {}

    def read(self, name: str, read: Callable[[str], _T], otherwise: _T) -> _T:
        try:
            return read(self._typed.get(name, ""))
        except ValueError as error:
            self.wrong[name] = str(error)
            return otherwise


@cache
def zone_names() -> tuple[str, ...]:
    """Zones to choose from: those that are named after a place."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def _new() -> str:
    return uuid4().hex


def _number(text: str) -> str:
    """A number without what people write between its digits."""
    if not text:
        raise ValueError("Write whom to ring.")
    return re.sub(r"[\s().\-/]", "", text)


def _zone(name: str, to: str) -> str | None:
    if name:
        zone(name)
        return name
    guessed = guess_zone(to) if to else None
    if to and guessed is None:
        raise ZoneError("This number does not tell in which time zone it is: give one like Europe/Berlin.")
    return guessed


def _time(when: str, at: str) -> datetime | None:
    if when != "at":
        return None
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        raise ValueError("Write the time as 2026-03-02T09:00.") from None


def _windows(typed: Mapping[str, str]) -> Windows:
    days = frozenset(place for place, name in enumerate(DAY_FIELDS) if typed[name])
    if len(days) == len(DAYS) and not (typed["from"] or typed["until"]):
        return ()
    begins = read_clock(typed["from"]) if typed["from"] else 0
    return (Window(days, begins, read_clock(typed["until"]) if typed["until"] else DAY_MINUTES),)


def _attempts(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_ATTEMPTS):
        raise ValueError(f"This is a number from 1 to {MOST_ATTEMPTS}.")
    return int(text)


def _delays(text: str) -> tuple[int, ...]:
    """Seconds from `5, 15, 30` minutes; none for the usual ones."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    longest = LONGEST_DELAY_S // 60
    for part in parts:
        if not (part.isascii() and part.isdigit() and len(part) < 7 and 1 <= int(part) <= longest):
            raise ValueError(f"These are minutes, from 1 to {longest}, apart by commas.")
    if len(parts) > MOST_ATTEMPTS:
        raise ValueError(f"There are at most {MOST_ATTEMPTS} of them.")
    return tuple(60 * int(part) for part in parts)


def _variables(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not _NAME.fullmatch(name):
            raise ValueError("Write a line for each, as topic: python. Names have letters, digits and underscores.")
        if name in found or name in ("candidate_name", "role"):
            raise ValueError(f"{name} is there twice.")
        found[name] = _value(value.strip())
    if len(found) > MOST_VARIABLES - 2:
        raise ValueError(f"There are at most {MOST_VARIABLES} of them.")
    return found


def _value(text: str, longest: int = LONGEST_VALUE) -> str:
    if len(text) > longest or any(letter < " " or letter == "\x7f" for letter in text):
        raise ValueError(f"This is one line of at most {longest} characters.")
    return text
