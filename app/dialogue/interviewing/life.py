"""The life of a question, and of an interview: two tables, and nothing happens that is not in them.

A question is chosen (`waiting`), asked, answered, judged; if the answer falls short it is hinted and answered once
more; then it is closed. Beside that road there are three bypaths. It is left (skipped, or nobody answers) and closes
as it is. The candidate goes on while the judge still thinks, and takes the answer up again. And a closed question is
reopened once, for a correction: that is answered, judged, and closed, without a hint.

An interview discloses what it is and waits for consent; then it asks. To stop it, the candidate confirms. It may break
off at any time before its end (a dropped call, or nobody there) and be taken up again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar


class Life(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    ASKED = "asked"
    ANSWERED = "answered"
    JUDGED = "judged"
    HINTED = "hinted"
    ANSWERED_AGAIN = "answered_again"
    CLOSED = "closed"
    REOPENED = "reopened"
    CORRECTED = "corrected"


class Phase(StrEnum):
    """Where an interview stands."""

    NEW = "new"
    CONSENT = "consent"
    ASKING = "asking"
    STOPPING = "stopping"
    PAUSED = "paused"
    OVER = "over"


Place = TypeVar("Place", Life, Phase)

OF_QUESTION: Mapping[tuple[Life, str], Life] = MappingProxyType(
    {
        (Life.WAITING, "ask"): Life.ASKED,
        (Life.ASKED, "answer"): Life.ANSWERED,
        (Life.ASKED, "leave"): Life.CLOSED,
        (Life.ANSWERED, "go on"): Life.ASKED,
        (Life.ANSWERED, "judge"): Life.JUDGED,
        (Life.JUDGED, "hint"): Life.HINTED,
        (Life.JUDGED, "close"): Life.CLOSED,
        (Life.HINTED, "answer"): Life.ANSWERED_AGAIN,
        (Life.HINTED, "leave"): Life.CLOSED,
        (Life.ANSWERED_AGAIN, "go on"): Life.HINTED,
        (Life.ANSWERED_AGAIN, "judge"): Life.CLOSED,
        (Life.CLOSED, "reopen"): Life.REOPENED,
        (Life.REOPENED, "answer"): Life.CORRECTED,
        (Life.REOPENED, "leave"): Life.CLOSED,
        (Life.CORRECTED, "go on"): Life.REOPENED,
        (Life.CORRECTED, "judge"): Life.CLOSED,
    }
)

OF_INTERVIEW: Mapping[tuple[Phase, str], Phase] = MappingProxyType(
    {
        (Phase.NEW, "start"): Phase.CONSENT,
        (Phase.CONSENT, "agree"): Phase.ASKING,
        (Phase.CONSENT, "end"): Phase.OVER,
        (Phase.CONSENT, "break off"): Phase.PAUSED,
        (Phase.ASKING, "ask to stop"): Phase.STOPPING,
        (Phase.ASKING, "end"): Phase.OVER,
        (Phase.ASKING, "break off"): Phase.PAUSED,
        (Phase.STOPPING, "go on"): Phase.ASKING,
        (Phase.STOPPING, "end"): Phase.OVER,
        (Phase.STOPPING, "break off"): Phase.PAUSED,
        (Phase.PAUSED, "ask consent"): Phase.CONSENT,
        (Phase.PAUSED, "go on"): Phase.ASKING,
    }
)

OPEN = frozenset({Life.ASKED, Life.HINTED, Life.REOPENED})
"""The candidate has the word."""
WITH_JUDGE = frozenset({Life.ANSWERED, Life.ANSWERED_AGAIN, Life.CORRECTED})
"""A judgement is awaited."""


class OutOfOrderError(ValueError):
    """What happened cannot happen here; nothing was changed. The message holds nothing of what was said."""


def moved(table: Mapping[tuple[Place, str], Place], place: Place, cause: str) -> Place:
    """Where `cause` leads from `place`. Raises OutOfOrderError if the table does not have it."""
    try:
        return table[place, cause]
    except KeyError:
        possible = ", ".join(other for at, other in table if at is place) or "nothing more"
        raise OutOfOrderError(f"{cause!r} cannot happen to what is {place.value}; possible: {possible}") from None
