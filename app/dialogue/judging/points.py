"""What an answer is worth: the only place where points are given, as one table.

A question has at most two attempts: the answer, and one more after its hint. Who says that they do not know is given no
hint; who is right at once needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from types import MappingProxyType

RUBRIC = "1"
"""Version of the table and of what counts as correct; it changes with either."""


class Verdict(StrEnum):
    """What came of one attempt."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    NOT_KNOWN = "not_known"


_CORRECT, _PARTIAL, _INCORRECT, _NOT_KNOWN = Verdict

FAILED = 1
POINTS = MappingProxyType(
    {
        (_CORRECT,): 9,
        (_PARTIAL, _CORRECT): 7,
        (_PARTIAL, _PARTIAL): 5,
        (_PARTIAL, _INCORRECT): 5,
        (_PARTIAL, _NOT_KNOWN): 5,
        (_PARTIAL,): 5,
        (_INCORRECT, _CORRECT): 4,
        (_INCORRECT, _PARTIAL): FAILED,
        (_INCORRECT, _INCORRECT): FAILED,
        (_INCORRECT, _NOT_KNOWN): FAILED,
        (_INCORRECT,): FAILED,
        (_NOT_KNOWN,): FAILED,
        (): FAILED,
    }
)
"""Verdicts of a question's attempts, in order, and what they are worth. `(PARTIAL,)`: the hint was never answered."""
MOST = max(POINTS.values())


def points(attempts: Sequence[Verdict]) -> int:
    """1 to 9 for a question that was asked. Raises ValueError for attempts that the game does not have."""
    try:
        return POINTS[tuple(attempts)]
    except KeyError:
        told = ", then ".join(attempts)
        raise ValueError(f"no question ends {told}; a hint follows partial and incorrect alone, and once") from None


def earns_hint(attempts: Sequence[Verdict]) -> bool:
    """Whether the candidate is given the hint and asked once more."""
    return tuple(attempts) in ((_PARTIAL,), (_INCORRECT,))


def of_coverage(covered: int, total: int) -> Verdict:
    """The verdict on an answer that holds `covered` of `total` key points: half or more is correct.

    Raises ValueError for counts that cannot be.
    """
    if total < 1 or not 0 <= covered <= total:
        raise ValueError(f"{covered} of {total} key points cannot be")
    if 2 * covered >= total:
        return _CORRECT
    return _PARTIAL if covered else _INCORRECT
