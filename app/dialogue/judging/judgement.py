"""What a judge is given and what it gives: an answer as it was said, and a verdict on each key point with its evidence.

A judge sees words and the recogniser's confidence in them, never the voice: how somebody sounds is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.dialogue.judging.points import Verdict, of_coverage


class KeyPoint(Protocol):
    """Something that a good answer holds. `wordings`: what people say who say it."""

    @property
    def id(self) -> str: ...
    @property
    def point(self) -> str: ...
    @property
    def wordings(self) -> tuple[str, ...]: ...


class Question(Protocol):
    """What a judge must know of a question; the bank's `Question` is one."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def key_points(self) -> Sequence[KeyPoint]: ...
    @property
    def hint(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
    """One segment of the answer, word for word. `id`: the segment's own, told again in quotes. `unsure`: the
    recogniser's confidence is below the persona's `patience.unsure_below`."""

    text: str
    id: str = ""
    unsure: bool = False


Answer = tuple[Said, ...]
"""All that was said to one question in one attempt, in order."""


class Coverage(StrEnum):
    """What an answer does with a key point. Unverified: it seems to be there, but the words are not to be relied on."""

    COVERED = "covered"
    MISSED = "missed"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Quote:
    """`text` is `answer[part].text[begin:end]`, to the letter. `segment`: the id of that part."""

    text: str
    part: int
    begin: int
    end: int
    segment: str = ""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """`reason`: a slug of docs/judging.md. What was not missed has a quote."""

    key_point: str
    coverage: Coverage
    reason: str
    quote: Quote | None = None

    @property
    def counts(self) -> bool:
        """Whether the candidate has it. What the recogniser was unsure of counts: its doubt is no fault of theirs."""
        return self.coverage is Coverage.COVERED or (
            self.coverage is Coverage.UNVERIFIED and self.reason == UNSURE_WORDS
        )


UNSURE_WORDS = "unsure-words"
LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judge's word on one attempt. `judge` and `version` say whose; `reason` why the verdict is what it is."""

    question: str
    verdict: Verdict
    points: tuple[PointVerdict, ...]
    judge: str
    version: str
    reason: str = "counted"

    @property
    def covered(self) -> tuple[str, ...]:
        """The ids of the key points that count for the candidate."""
        return tuple(point.key_point for point in self.points if point.counts)

    @property
    def unverified(self) -> bool:
        """Whether a person should listen: some of it rests on words that are not sure."""
        return any(point.coverage is Coverage.UNVERIFIED for point in self.points)


def settled(points: Iterable[PointVerdict], known: bool = True) -> tuple[Verdict, str]:
    """The verdict on an attempt from those on its key points, and why. `known`: the candidate did not say that they
    do not know."""
    points = tuple(points)
    counted = sum(point.counts for point in points)
    if counted:
        return of_coverage(counted, len(points)), "counted"
    if any(point.coverage is Coverage.UNVERIFIED for point in points):
        return Verdict.INCORRECT, LISTED
    return (Verdict.INCORRECT, "counted") if known else (Verdict.NOT_KNOWN, "not-known")


def after_hint(before: Judgement, now: Judgement) -> Judgement:
    """The second attempt with what the first had: nobody must say the first half again to be right.

    A key point keeps the better of its two verdicts; its quote's `segment` tells which answer it is from. Raises
    ValueError if they are judgements of different questions.
    """
    if before.question != now.question or [p.key_point for p in before.points] != [p.key_point for p in now.points]:
        raise ValueError(f"judgements of {before.question!r} and {now.question!r} cannot be put together")
    if now.verdict is Verdict.NOT_KNOWN:
        return now
    points = tuple(max(pair, key=_worth) for pair in zip(now.points, before.points, strict=True))
    verdict, reason = settled(points)
    return Judgement(now.question, verdict, points, now.judge, now.version, reason)


def _worth(point: PointVerdict) -> int:
    if point.coverage is Coverage.COVERED:
        return 3
    return 2 if point.counts else int(point.coverage is Coverage.UNVERIFIED)
