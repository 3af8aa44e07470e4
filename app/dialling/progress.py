"""How an attempt's status may change: one table, in words that belong to no carrier.

Carriers tell of a call's steps in any order, twice, or not at all. So a status is taken only if it stands further on
than the one that is known, and a final one is a latch: whatever comes after it changes nothing.

    planned ─ dialling ─ queued ─ initiated ─ ringing ─ in-progress ─┬ completed
       │          │         any of them may be skipped               ├ busy · no-answer
       │          └ refused (the carrier did not take it)            ├ failed · canceled
       └ abandoned (it was certainly never dialled)                  ┘
"""

from __future__ import annotations

from typing import Final

RANK: Final = {
    "planned": 0,
    "dialling": 1,
    "queued": 2,
    "initiated": 3,
    "ringing": 4,
    "in-progress": 5,
    "completed": 9,
    "busy": 9,
    "no-answer": 9,
    "failed": 9,
    "canceled": 9,
    "refused": 9,
    "abandoned": 9,
}
FINAL: Final = frozenset(name for name, rank in RANK.items() if rank == RANK["completed"])
UNDER_WAY: Final = tuple(name for name in RANK if name not in FINAL)
OF_CARRIER: Final = frozenset(RANK) - {"planned", "dialling", "refused", "abandoned"}
"""What a carrier may say; the rest is ours."""


def advanced(known: str, told: str) -> str | None:
    """The status that holds once a carrier has `told` of one; None if that changes nothing, or is not known at all."""
    if told not in OF_CARRIER or known in FINAL:
        return None
    return told if RANK[told] > RANK[known] else None


def earlier(told: str) -> tuple[str, ...]:
    """The statuses that `told` may follow: what a conditional UPDATE names."""
    return tuple(name for name in UNDER_WAY if RANK[name] < RANK[told])
