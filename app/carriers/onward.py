"""A call that leaves us for a person: what a carrier must know for it, and what it tells of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

DialEnd = Literal["answered", "declined", "busy", "no-answer", "failed"]


@dataclass(frozen=True, slots=True)
class Onward:
    """`number`: whom to ring, for `ring_s`; `caller_id`: what they see (None: what the carrier shows by itself).

    `whisper_url` is asked for what the person is told before the two are joined, `after_url` for what comes next.
    """

    number: str = field(repr=False)
    caller_id: str | None = field(repr=False)
    ring_s: int
    maximum_s: int
    whisper_url: str
    after_url: str


@dataclass(frozen=True, slots=True)
class StreamOver:
    """What the carrier tells when a stream, or the talk with a person, has ended. `over`: the caller is gone as well.

    `end`: how it went with the person; None where nobody was rung. `duration_s`: how long they were on the line.
    """

    call_sid: str
    over: bool
    end: DialEnd | None = None
    duration_s: int | None = None
