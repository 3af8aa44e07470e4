"""A circuit breaker: who fails again and again is left alone for a while, then tried with one request.

    closed     requests pass; failures in a row are counted
    open       nobody asks, until its rest is over
    half-open  the rest is over: one request at a time is a probe; if it is served the breaker closes, else the next,
               longer rest begins

Pure: time comes in as an argument, in seconds of a clock that only goes forward. One breaker serves all calls, so
requests overlap: each carries a `Permit`, and what began before the breaker opened has no say in when it closes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from app.speech.protocols import FaultKind

State = Literal["closed", "open", "half-open"]

IN_A_ROW = 3
"""So many failures open it: one is chance, two may be one bad connection asked twice."""
FIRST_REST_S, LONGEST_REST_S = 10.0, 300.0
"""The first rest costs a call two turns or so; each further one is twice as long. Five minutes is how long a vendor
that is back may go unnoticed."""
ASKED_REST_S = 3600.0
"""No vendor is left alone for longer, whatever its Retry-After says."""
KEY_REST_S, QUOTA_REST_S = 3600.0, 900.0
"""A key is mended by a restart, a quota may be raised or renewed at any time."""

_HARMLESS: frozenset[FaultKind] = frozenset({"unfit", "refused"})
"""They are about the turn or the persona, not about the provider's health: others are served all the same."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to send one request; it is handed back with how it went, exactly once."""

    opened: int
    probe: bool


class Breaker:
    """One provider's, for one stage."""

    def __init__(self) -> None:
        self.why: FaultKind = "failed"
        self._failures = 0
        self._rests = 0
        self._opened = 0
        self._until: float | None = None
        self._probing = False

    def state(self, now: float) -> State:
        """What it is at `now`."""
        if self._until is None:
            return "closed"
        return "open" if now < self._until else "half-open"

    def rests_for_s(self, now: float) -> float:
        """Seconds of rest that are left; 0 if it may be asked."""
        return 0.0 if self._until is None else max(0.0, self._until - now)

    def would_allow(self, now: float) -> bool:
        """Would `ask` give leave?"""
        return self._until is None or (now >= self._until and not self._probing)

    def ask(self, now: float) -> Permit | None:
        """Leave for one request; None: not now."""
        if not self.would_allow(now):
            return None
        self._probing = probe = self._until is not None
        return Permit(self._opened, probe)

    def served(self, permit: Permit) -> None:
        """The request came to its end."""
        if self._is_current(permit):
            self._failures, self._rests, self._until = 0, 0, None

    def let_go(self, permit: Permit) -> None:
        """The caller went away in the middle: that says nothing about the provider."""
        self._is_current(permit)

    def failed(self, permit: Permit, kind: FaultKind, retry_after_s: float | None, now: float) -> None:
        """The request failed. What a vendor asks for in seconds counts, whenever its request began."""
        current = self._is_current(permit)
        if kind in _HARMLESS:
            return
        self.why = kind
        asked_s = _believable(retry_after_s)
        if current:
            self._failures += 1
            if permit.probe or self._failures >= IN_A_ROW or asked_s or kind in ("key", "quota"):
                self._open(kind, asked_s, now)
        elif self._until is not None and asked_s:
            self._until = max(self._until, now + asked_s)

    def _open(self, kind: FaultKind, asked_s: float, now: float) -> None:
        grown_s = min(FIRST_REST_S * 2 ** min(self._rests, 10), LONGEST_REST_S)
        rest_s = {"key": KEY_REST_S, "quota": QUOTA_REST_S}.get(kind, asked_s or grown_s)
        self._until = now + max(rest_s, asked_s)
        self._failures = 0
        self._rests += 1
        self._opened += 1

    def _is_current(self, permit: Permit) -> bool:
        """Does the permit belong to the breaker as it stands? Frees the probe."""
        current = permit.opened == self._opened and permit.probe == (self._until is not None)
        if current and permit.probe:
            self._probing = False
        return current


def _believable(asked_s: float | None) -> float:
    """0 for nothing, and for what is no time to wait."""
    if asked_s is None or not math.isfinite(asked_s) or asked_s <= 0:
        return 0.0
    return min(asked_s, ASKED_REST_S)
