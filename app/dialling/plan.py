"""What comes after an attempt: again, and when; or the end, and why.

Delays are given for each way in which an attempt may end; the second busy line waits the second delay, and the last
one stands for all that follow. An attempt that nobody could have heard (`outcome.COUNTED`) uses none of them up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.dialling.outcome import COUNTED, Disposition
from app.dialling.window import Windows, next_allowed

DEFAULT_DELAYS_S: Mapping[str, tuple[int, ...]] = {
    "busy": (300, 900, 1800),
    "no_answer": (1800, 7200),
    "voicemail": (7200,),
    "failed": (60, 300, 900),
}
LONGEST_DELAY_S = 30 * 24 * 3600
MOST_ATTEMPTS = 20
THROTTLED_S = (5, 10, 20, 40, 60)
"""After a carrier said "too many requests": nothing was dialled, so the same call is soon due again."""

_KIND = {
    Disposition.BUSY: "busy",
    Disposition.NO_ANSWER: "no_answer",
    Disposition.MACHINE: "voicemail",
    Disposition.FAILED: "failed",
    Disposition.LINES_FULL: "failed",
}
_LAST_WORD = {
    Disposition.PERSON: ("completed", "answered"),
    Disposition.MESSAGE_LEFT: ("completed", "message-left"),
    Disposition.FAX: ("failed", "fax"),
    Disposition.REFUSED: ("failed", "refused-by-carrier"),
    Disposition.UNKNOWN: ("failed", "outcome-unknown"),
    Disposition.CANCELLED: ("cancelled", "cancelled"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a call is to be tried. `delays_s`: seconds by `busy`, `no_answer`, `voicemail` and `failed`."""

    max_attempts: int = 3
    delays_s: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def delay_s(self, kind: str, nth: int) -> int:
        """Seconds to wait after the `nth` attempt (from 1) that ended in this way."""
        delays = self.delays_s.get(kind) or DEFAULT_DELAYS_S[kind]
        return delays[min(nth, len(delays)) - 1]


@dataclass(frozen=True, slots=True)
class Again:
    """Ring again at `at` (UTC); `reason` is a slug that says what it waits for."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing more is done. `status`: `completed`, `failed` or `cancelled`; `reason` is a slug."""

    status: str
    reason: str


def after(history: Sequence[Disposition], plan: Plan, now: datetime, where: ZoneInfo, *rules: Windows) -> Again | Over:
    """What comes next, given how all attempts so far have ended, the last one just `now`."""
    last = history[-1]
    if last in _LAST_WORD:
        return Over(*_LAST_WORD[last])
    if last is Disposition.ABANDONED:
        return Again(now, "never-dialled")
    if last is Disposition.THROTTLED:
        nth = sum(1 for one in history if one is last)
        return Again(now + timedelta(seconds=THROTTLED_S[min(nth, len(THROTTLED_S)) - 1]), "carrier-busy")
    if sum(one in COUNTED for one in history) >= plan.max_attempts:
        return Over("failed", f"{_slug(last)}-every-time" if len(set(history)) == 1 else "attempts-used-up")
    wait_s = plan.delay_s(_KIND[last], sum(one is last for one in history))
    when = next_allowed(now + timedelta(seconds=wait_s), where, *rules)
    if when is None:
        return Over("failed", "never-allowed")
    return Again(when, _slug(last))


def _slug(last: Disposition) -> str:
    return "voicemail" if last is Disposition.MACHINE else last.value
