"""Calls that we place: what a carrier must be able to do for them, in words that belong to no carrier.

No method repeats a request by itself. An error says what is known about the call: whether it was certainly not taken,
and whether asking again could help. Numbers stay out of representations, and so out of logs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

PlacingFault = Literal["refused", "account", "throttled", "unsent", "late", "unknown"]


class PlacingError(Exception):
    """A request to the carrier did not do what it should. `code`, `words`: the carrier's own, if it had any; words
    may hold numbers and belong on a page, not into a log.

    `refused`: never for this number; `account`: never for us; `throttled`: too many requests, nothing was done;
    `unsent`: nothing reached the carrier; `late`: likewise, because it could not be sent in time; `unknown`: it may
    have been done, or not.
    """

    def __init__(self, kind: PlacingFault, message: str, *, code: int | None = None, words: str = "") -> None:
        super().__init__(message)
        self.kind: PlacingFault = kind
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call to place. `answer_url` is asked for what to do once somebody answers; `status_url` is told of each step,
    `verdict_url` of who answered (None: nobody is to find out). `ring_s`: how long to let it ring.

    `until_beep`: the verdict on a machine comes only after its greeting, so that a message can be left. `send_digits`:
    keys to press once somebody answers; `w` waits for half a second.
    """

    to: str = field(repr=False)
    from_: str = field(repr=False)
    answer_url: str
    status_url: str
    verdict_url: str | None
    ring_s: int = 30
    until_beep: bool = False
    send_digits: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What the carrier knows of a call. `status` in `app.dialling.progress`'s words, which are most carriers' own.

    Times are the carrier's, aware; None where it gives none. `sequence`: which of a call's messages this is.
    """

    call_sid: str
    status: str
    created_at: datetime | None = None
    ended_at: datetime | None = None
    at: datetime | None = None
    duration_s: int | None = None
    answered_by: str | None = None
    sequence: int | None = None


class ReportError(ValueError):
    """A message that does not say which call it is about, or what became of it."""


class PlacingCarrier(Protocol):
    """An account with a telephone company, from which calls are placed."""

    async def dial(self, wanted: Wanted, may_send: Callable[[], bool]) -> Report:
        """Ring, once. `may_send` is asked at the last moment before anything leaves this machine, however long it took
        to get so far; False, and nothing leaves it (`late`). Raises PlacingError."""

    async def hang_up(self, call_sid: str) -> None:
        """End a call, rung or answered; one that has ended is left so. Raises PlacingError."""

    async def look_up(self, call_sid: str) -> Report | None:
        """What became of a call; None if the carrier knows of none. Raises PlacingError."""

    async def recent(self, to: str, from_: str, since: datetime) -> list[Report]:
        """The calls placed to `to` since then, the newest first. Raises PlacingError."""

    async def aclose(self) -> None:
        """Close every connection."""
