"""What became of one question: its life, every attempt at it as it was said, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.dialogue.interviewing.asked import AskedQuestion
from app.dialogue.interviewing.life import OPEN, WITH_JUDGE, Life
from app.dialogue.judging.judgement import Answer, Judgement, after_hint
from app.dialogue.judging.points import Verdict, points

Kind = Literal["first", "hinted", "correction"]
Left = Literal["", "skipped", "silence", "stopped"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer, word for word. `confidence`: the recogniser's, for each part of `said`. `at`: when it began, as the
    shell told it. `cut`: more was said than is kept. `judgement`: None until the judge has spoken."""

    kind: Kind
    said: Answer
    confidence: tuple[float | None, ...] = ()
    at: str = ""
    cut: bool = False
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """`held`: words of an answer that is not complete. `missed`, `murmurs`: turns without a usable word, and turns that
    were a mere "um". `checked`: the one gentle check was made. `stretched`: how often more time was asked for. `left`:
    why it closed without an answer to its last asking."""

    question: AskedQuestion
    life: Life = Life.WAITING
    attempts: tuple[Attempt, ...] = ()
    held: Answer = ()
    held_confidence: tuple[float | None, ...] = ()
    held_at: str = ""
    hints: int = 0
    missed: int = 0
    murmurs: int = 0
    checked: bool = False
    stretched: int = 0
    reopened: bool = False
    left: Left = ""

    @property
    def open(self) -> bool:
        """Whether the candidate has the word."""
        return self.life in OPEN

    @property
    def with_judge(self) -> bool:
        """Whether a judgement of the last attempt is awaited."""
        return self.life in WITH_JUDGE

    @property
    def next_kind(self) -> Kind:
        """What an answer would be now."""
        if self.life in (Life.REOPENED, Life.CORRECTED):
            return "correction"
        return "hinted" if self.hints else "first"

    def attempt(self, kind: Kind) -> Attempt | None:
        """The attempt of that kind; there is at most one."""
        return next((attempt for attempt in self.attempts if attempt.kind == kind), None)

    @property
    def counted(self) -> tuple[Judgement, ...]:
        """The judgements that make the points, in order: of the answer, and of the one after the hint together with
        what the first had already."""
        first, second = self._judgement("first"), self._judgement("hinted")
        if first is None:
            return ()
        return (first,) if second is None else (first, after_hint(first, second))

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What came of the attempts, corrections apart."""
        return tuple(judgement.verdict for judgement in self.counted)

    @property
    def points(self) -> int | None:
        """1 to 9 once the question has been closed; None before, and for one that was never asked.

        A correction takes the place of the last answer (of the hinted one, if a hint was given) if that is worth more;
        who adds a little to a full answer has lost nothing.
        """
        if self.life is not Life.CLOSED and not self.reopened:
            return None
        plain = points(self.verdicts)
        correction = self._judgement("correction")
        if correction is None or correction.verdict is Verdict.NOT_KNOWN:
            return plain
        before = self.verdicts[:1] if self.hints else ()
        return max(plain, points((*before, correction.verdict)))

    def _judgement(self, kind: Kind) -> Judgement | None:
        attempt = self.attempt(kind)
        return attempt.judgement if attempt else None
