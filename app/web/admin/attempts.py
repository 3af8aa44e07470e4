"""Counts wrong passwords by address, so that nobody can try a dictionary."""

from __future__ import annotations

import math
from collections import OrderedDict, deque

from app.clock import Clock

ALLOWED = 10
WITHIN_S = 300.0
ADDRESSES = 10_000
"""Remembered at most; the address that was quiet longest is forgotten first."""


class Attempts:
    """Wrong passwords of the last `WITHIN_S`, at most `ALLOWED` an address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Seconds until `address` may try again; 0 if it may now."""
        now = self._clock.now()
        wrong = self._wrong.get(address)
        while wrong and wrong[0] <= now - WITHIN_S:
            wrong.popleft()
        if not wrong or len(wrong) < ALLOWED:
            return 0
        return max(1, math.ceil(wrong[0] + WITHIN_S - now))

    def failed(self, address: str) -> None:
        """One more wrong password from `address`."""
        self._wrong.setdefault(address, deque(maxlen=ALLOWED)).append(self._clock.now())
        self._wrong.move_to_end(address)
        while len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """The right password: what was wrong before is forgotten."""
        self._wrong.pop(address, None)
