"""Putting a caller through to a person: whom to ring, when, and what both of them are told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.personas.part import Line, Part

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OF_WHISPER = ("caller", "about")
"""Placeholders of the whisper; they are filled in when somebody is put through."""

_OPENING = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
_DAY_MIN = 24 * 60


def _read(text: str) -> tuple[frozenset[int], int, int]:
    """The days (Monday is 0), and the minutes of the day at which it opens and closes. Raises PydanticCustomError."""
    found = _OPENING.fullmatch(text)
    if found is None or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise PydanticCustomError("persona", "must look like: mon-fri 09:00-17:30")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    days = frozenset(day % 7 for day in range(first, last + 1 if last >= first else last + 8))
    opens, closes = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if max(int(found[4]), int(found[6])) > 59 or max(opens, closes) > _DAY_MIN or opens == closes:
        raise PydanticCustomError("persona", "must be two different times of the day, from 00:00 to 24:00")
    return days, opens, closes


def _readable(text: str) -> str:
    _read(text)
    return text


class Transfer(Part):
    """A person who takes calls over from the persona.

    `number`: in E.164; emergency services and dear numbers are refused when the house is put together. `hours`: when
    they may be rung, on the clocks of `time_zone`, as `mon-fri 09:00-17:30`; always if left out. A stretch that closes
    before it opens goes over midnight and belongs to the day on which it begins.

    `line`: said before the caller leaves us. `closed`: outside the hours. `nobody`: said when the call comes back, for
    the talk goes on. `whisper`: told to the person before the two are joined; `{caller}` is the caller's number and
    `{about}` what they had said before. `confirm`: the person takes the call by pressing a key, so no voicemail can.
    """

    number: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    hours: tuple[Annotated[str, AfterValidator(_readable)], ...] = Field(default=(), max_length=20)
    time_zone: str = "UTC"
    line: Line = "One moment, please. I'm putting you through."
    closed: Line = "I'm sorry, nobody can take your call at this hour. Can I help you with anything else?"
    nobody: Line = "I'm sorry, I couldn't reach anybody just now. You are back with me, and we can go on."
    whisper: Line = "A call from {caller}, put through by an automatic assistant. They said: {about}"
    confirm: bool = True
    ring_s: int = Field(default=25, ge=5, le=120)
    maximum_s: int = Field(default=3600, ge=60, le=14_400)

    def takes_calls(self, at: str) -> bool:
        """May the person be rung at this moment (ISO 8601, with its offset)? Yes, if that is none."""
        try:
            here = datetime.fromisoformat(at).astimezone(ZoneInfo(self.time_zone))
        except (ValueError, OverflowError):
            return True
        if not self.hours:
            return True
        minute, yesterday = here.hour * 60 + here.minute, (here - timedelta(days=1)).weekday()
        return any(_open(_read(hours), here.weekday(), yesterday, minute) for hours in self.hours)

    @model_validator(mode="after")
    def _is_a_zone(self) -> Self:
        try:
            ZoneInfo(self.time_zone)
        except (ValueError, OSError, LookupError):
            text = "is no time zone; write one like Europe/Berlin"
            raise PydanticCustomError("persona", text, {"key": "time_zone"}) from None
        return self


def _open(hours: tuple[frozenset[int], int, int], today: int, yesterday: int, minute: int) -> bool:
    days, opens, closes = hours
    if opens < closes:
        return today in days and opens <= minute < closes
    return (today in days and minute >= opens) or (yesterday in days and minute < closes)
