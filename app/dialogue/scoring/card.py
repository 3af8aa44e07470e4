"""A scorecard as a value: what was asked, what was said, what of it was found and where, and what it is worth.

It knows words and the recogniser's confidence in them, and nothing of the person: no voice, no accent, no pace, and
not which of the candidate's own controls were used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.record import Kind, Left
from app.dialogue.interviewing.score import Sum
from app.dialogue.interviewing.session import Consent
from app.dialogue.judging.judgement import Coverage
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.later import Score
from app.personas.questions import Level

State = Literal["not-asked", "open", "closed"]
Disposition = Literal["complete", "stopped", "refused", "not-agreed", "open"]
SentenceKind = Literal["heard", "unsure", "not-heard", "record"]
CheckWhy = Literal["unsure-words", "listed", "unsure-line"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, whole. `segment`: the transcript's id of it. `confidence`: the recogniser's, 0 to 1."""

    text: str
    segment: str = ""
    confidence: float | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words to the letter: `text` is `lines[part].text[begin:end]` of the attempt of that kind; `consent` for those
    of the agreement, which stand for themselves."""

    text: str
    segment: str
    attempt: Kind | Literal["consent"]
    part: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class PointCard:
    """What became of a key point. `reason`: a slug of docs/judging.md. `counts`: whether the candidate has it. Without
    evidence it was not heard, which says nothing more than that."""

    id: str
    point: str
    coverage: Coverage
    reason: str
    counts: bool
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class AttemptCard:
    """One answer as it was said, and its judge's word on it; `verdict` is None while that is awaited."""

    kind: Kind
    lines: tuple[Line, ...]
    at: str
    cut: bool
    verdict: Verdict | None = None
    reason: str = ""
    judge: str = ""
    version: str = ""
    points: tuple[PointCard, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question. `hint` is empty unless it was given. `unfinished`: words of an answer that nobody finished.
    `key_points`: the best of all attempts, each with its own evidence. `path`: the verdicts that made the points in
    the talk, and `corrected` that a correction took the last one's place. `talk_points`: what the talk gave; `points`:
    what counts now. `overrules`: the oldest first."""

    place: int
    id: str
    version: int
    level: Level
    text: str
    hint: str
    state: State
    attempts: tuple[AttemptCard, ...]
    unfinished: tuple[Line, ...]
    key_points: tuple[PointCard, ...]
    hints: int
    left: Left
    path: tuple[Verdict, ...]
    corrected: bool
    talk_points: int | None
    points: int | None
    overrules: tuple[Score, ...] = ()

    @property
    def judges(self) -> tuple[str, ...]:
        """Who judged it in the talk, with their versions, each once."""
        return tuple(dict.fromkeys(f"{it.judge} {it.version}" for it in self.attempts if it.judge))

    def of(self, coverage: Coverage) -> tuple[PointCard, ...]:
        """The key points of that coverage."""
        return tuple(point for point in self.key_points if point.coverage is coverage)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the summary. What it says was heard is in `quotes`, all of it; `not-heard` has none, and `record`
    says what was done and not what was said."""

    kind: SentenceKind
    text: str
    quotes: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a person should listen to. `key_point` is empty for a line that the recogniser was not sure of
    and nothing was found in."""

    place: int
    key_point: str
    why: CheckWhy
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class RunScore:
    """What a rescoring made of one question. `gained` and `lost`: key points that it found and the talk's judge did
    not, and the other way round."""

    place: int
    points: int
    judge: str
    version: str
    key_points: tuple[PointCard, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Scores that were made together. It counts for nothing by itself: a person who agrees with it overrules."""

    id: str
    judge: str
    version: str
    rubric: str
    at: str
    scores: tuple[RunScore, ...]
    total: Sum

    @property
    def judges(self) -> tuple[str, ...]:
        """Who judged in it, with their versions, each once."""
        judged = [it for it in self.scores if any(point.reason != "not-judged" for point in it.key_points)]
        return tuple(dict.fromkeys(f"{it.judge} {it.version}" for it in judged or self.scores))

    def score(self, place: int) -> RunScore | None:
        """What it made of the question at `place`; None if it had no points then."""
        return next((score for score in self.scores if score.place == place), None)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """An interview's. `total` and `by_level`: with overrules; `talk_total`: without. `runs`: the oldest first."""

    disposition: Disposition
    phase: Phase
    consent: Consent | None
    rubric: str
    questions: tuple[QuestionCard, ...]
    total: Sum
    talk_total: Sum
    by_level: Mapping[Level, Sum]
    summary: tuple[Sentence, ...]
    checks: tuple[Check, ...]
    runs: tuple[Run, ...] = ()

    @property
    def overruled(self) -> bool:
        """Whether a person has had a word."""
        return any(question.overrules for question in self.questions)
