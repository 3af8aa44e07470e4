"""Later words on a question's points: another judge's or a person's. They are added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from app.dialogue.interviewing.record import Kind
from app.dialogue.judging.judgement import Judgement
from app.dialogue.judging.points import MOST

LEAST_POINTS, MOST_POINTS = 1, MOST
"""What a question can be worth; one that was asked is worth 1 at least."""
SHORTEST_REASON, LONGEST_REASON = 3, 500
LONGEST_NAME = 80

ScoreKind = Literal["rescored", "overruled"]


@dataclass(frozen=True, slots=True)
class Rejudged:
    """Another judge's word on one attempt."""

    attempt: Kind
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Score:
    """`run`: what was made together has the same. `judge`: of an overrule the person's name, if they gave one.
    `reason`: of an overrule alone. `rejudged`: of a rescoring alone. `at`: UTC as ISO 8601 to the microsecond, all
    of one form, so that they sort."""

    place: int
    kind: ScoreKind
    run: str
    points: int
    judge: str
    version: str
    rubric: str
    reason: str
    at: str
    rejudged: tuple[Rejudged, ...] = ()


_REJUDGED = TypeAdapter(tuple[Rejudged, ...])


def as_detail(rejudged: tuple[Rejudged, ...]) -> dict[str, Any]:
    """As JSON, to be kept."""
    return {"rejudged": _REJUDGED.dump_python(rejudged, mode="json")}


def of_detail(detail: Mapping[str, Any]) -> tuple[Rejudged, ...]:
    """What was kept; nothing where it is not of this form, for the points stand without it."""
    try:
        return _REJUDGED.validate_python(detail.get("rejudged", ()))
    except ValidationError:
        return ()
