"""Who is let in: one slot a call, taken at the webhook and given back when the call is over."""

from __future__ import annotations

import math

from app.carriers.tokens import TOKEN_LIFE_S

UNCLAIMED_S = float(TOKEN_LIFE_S)
"""A slot whose stream has not come by then is free again: the carrier opens it within a second or two of our
answer."""


class Admission:
    """`maximum` slots of this process. Everything happens between two steps of the event loop, so no two calls get the
    same slot. Where machines share the calls, a stream may come to another one than its webhook did: it takes a slot
    there (`app.web.stream`), and the one that was kept for it is given back."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._slots: dict[str, float] = {}
        self.open = True

    def take(self, call_sid: str, now: float) -> bool:
        """A slot for this call; the same call asking again keeps the one it has. False: all are taken."""
        self._slots = {sid: until for sid, until in self._slots.items() if until > now}
        if call_sid in self._slots:
            return True
        if not self.open or len(self._slots) >= self._maximum:
            return False
        self._slots[call_sid] = now + UNCLAIMED_S
        return True

    def has(self, call_sid: str, now: float) -> bool:
        """Does this call have a slot that has not run out?"""
        return self._slots.get(call_sid, -math.inf) > now

    def hold(self, call_sid: str, now: float) -> bool:
        """The stream has come: the slot is kept until it is released. False, and nothing changed, if the call has no
        slot (any more), or if a stream holds it already."""
        if not now < self._slots.get(call_sid, -math.inf) < math.inf:
            return False
        self._slots[call_sid] = math.inf
        return True

    def give_back(self, call_sid: str) -> None:
        """Release the slot unless a stream holds it: that call runs, whatever its webhook says a second time."""
        if self._slots.get(call_sid) != math.inf:
            self.release(call_sid)

    def expects(self, now: float) -> bool:
        """Is a slot kept for a stream that has not come?"""
        return any(now < until < math.inf for until in self._slots.values())

    def release(self, call_sid: str) -> None:
        self._slots.pop(call_sid, None)

    def taken(self, now: float) -> int:
        """Slots of running calls, and of those whose stream may still come."""
        return sum(until > now for until in self._slots.values())
