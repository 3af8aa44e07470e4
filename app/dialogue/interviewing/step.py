"""What an interview wants done next: the only thing that a shell needs to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.dialogue.interviewing.asked import AskedQuestion
from app.dialogue.interviewing.happening import Judged
from app.dialogue.interviewing.session import Session
from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Answer
from app.dialogue.judging.meaning import Meaning

PieceKind = Literal[
    "disclosure", "consent", "opening", "question", "acknowledgement", "hint", "repeat", "encouragement", "check",
    "excuse", "correction", "confirmation", "resumption", "closing", "aside",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to say. `to_its_end`: nothing that the candidate does may cut it short."""

    kind: PieceKind
    text: str
    to_its_end: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What the candidate is expected to do now: answer a small question (`quick`), go on (`normal`), or think first
    (`thought`). A Timeout is due after `think_s` seconds without a word."""

    kind: Literal["quick", "normal", "thought"]
    think_s: float


@dataclass(frozen=True, slots=True)
class JudgementRequest:
    """A judgement is wanted now. It comes back as `Judged(number, …)`; if it fails or is late, `offline()` decides."""

    number: int
    question: AskedQuestion
    answer: Answer

    def offline(self, meaning: Meaning | None = None) -> Judged:
        """The verdict of the judge that needs nobody. With `meaning` it takes tenths of a second of the processor: on a
        thread, where others wait."""
        return Judged(self.number, offline.judge(self.question, self.answer, meaning))


@dataclass(frozen=True, slots=True)
class Step:
    """`session`: from now on. `pieces`: to say, in order. Then either `judge`, or `expected`, or the `end` of the talk.
    `slow`: the candidate asked for a slower voice. `transfer`: when this was heard, a person takes the call over."""

    session: Session
    pieces: tuple[Piece, ...] = ()
    expected: Expected | None = None
    judge: JudgementRequest | None = None
    end: bool = False
    transfer: bool = False

    @property
    def slow(self) -> bool:
        return self.session.slow

    @property
    def text(self) -> str:
        """All that is said, in one breath."""
        return " ".join(piece.text for piece in self.pieces)
