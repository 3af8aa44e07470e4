"""One call of the carrier's may be several of ours: it leaves us for a person, nobody answers, and it comes back.

What follows the first stretch is stored under the carrier's name with a number behind it: `CA….2`.
"""

from __future__ import annotations

MOST = 9
"""Stretches of one call; who is sent back and forth more often has met a fault."""


def carrier_sid(call_sid: str) -> str:
    """What the carrier calls a call of ours."""
    return call_sid.partition(".")[0]


def next_leg(call_sid: str) -> str | None:
    """What the stretch after this one is stored as; None if there were enough."""
    sid, _, number = call_sid.partition(".")
    following = int(number or 1) + 1
    return f"{sid}.{following}" if following <= MOST else None
