"""One turn: what the caller said from onset to endpoint, and when each step of its answer came."""

from __future__ import annotations

from dataclasses import dataclass

from app.call.actions import MeasureTurn, RecordSegment
from app.call.context import to_ms


@dataclass(slots=True)
class Turn:
    """`start`, `end`: samples of the recording. `ask_at`: seconds of the call before which it must not be answered.

    `earlier`: words, and their confidence, that were understood of it before the caller went on. `unanswered`: the
    question before it, if that was cut off without an answer. `question`: what the dialogue was asked, at `asked_at`.
    """

    number: int
    start: int
    end: int | None = None
    voiced_ms: int = 0
    earlier: tuple[str, float | None] | None = None
    unanswered: tuple[str, float | None] | None = None
    question: tuple[str, float | None] = ("", None)
    keys: str = ""
    transcript: str | None = None
    confidence: float | None = None
    ask_at: float = 0.0
    asked: bool = False
    asked_at: float = 0.0
    segment: int = 0
    speech_ended_ms: int | None = None
    decided_ms: int | None = None
    transcript_ms: int | None = None
    first_text_ms: int | None = None
    first_clause_ms: int | None = None
    first_audio_ms: int | None = None
    first_heard_ms: int | None = None

    def follow(self, old: Turn, *, understood: bool) -> None:
        """The caller went on: this turn has taken the place of `old`, and begins where it began."""
        self.segment, self.voiced_ms, self.unanswered = old.segment, old.voiced_ms, old.unanswered
        if understood and old.transcript is not None:
            self.earlier = (old.transcript, old.confidence)
        else:
            self.earlier = old.earlier

    def as_segment(self) -> RecordSegment:
        """The caller's line of the transcript."""
        said = self.keys or self.transcript or ""
        return RecordSegment(
            number=self.segment,
            turn=self.number,
            role="caller",
            text=said,
            heard_text=said,
            started_ms=to_ms(self.start),
            ended_ms=to_ms(self.end if self.end is not None else self.start),
            confidence=self.confidence,
            kind="keys" if self.keys else "speech",
        )

    def as_measured(self) -> MeasureTurn:
        return MeasureTurn(
            turn=self.number,
            speech_ended_ms=self.speech_ended_ms,
            decided_ms=self.decided_ms,
            transcript_ms=self.transcript_ms,
            first_text_ms=self.first_text_ms,
            first_audio_ms=self.first_audio_ms,
            first_heard_ms=self.first_heard_ms,
            first_clause_ms=self.first_clause_ms,
        )
