"""The breaker of a campaign: when most of its calls fail, something is wrong that ringing on would make worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.dialling.outcome import COUNTED, Disposition

FAILURES = frozenset({Disposition.FAILED, Disposition.REFUSED, Disposition.UNKNOWN})
"""A busy line, nobody at home or a machine is no failure: the telephone works, and the number is right."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Stops a campaign once `share` of its last `looked_at` attempts have failed, and no sooner than after
    `at_least`."""

    looked_at: int = 20
    at_least: int = 10
    share: float = 0.6

    def verdict(self, newest_first: Sequence[Disposition]) -> str | None:
        """The reason to stop, a slug; None to go on. `newest_first`: how attempts ended since the campaign began, or
        was last set going again."""
        counted = [one for one in newest_first if one in COUNTED][: self.looked_at]
        failed = sum(one in FAILURES for one in counted)
        if len(counted) < self.at_least or failed < self.share * len(counted):
            return None
        return "most-calls-fail"


ACCOUNT_REFUSED = "account-refused"
"""The carrier refuses us, not the number: the next call would fare no better, so the campaign stops at the first."""
