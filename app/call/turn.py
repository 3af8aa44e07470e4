"""One turn: what the caller said from onset to endpoint, and when each step of its answer came."""

from __future__ import annotations

from dataclasses import dataclass

from app.audio.segmenter import SpeechEnded
from app.call.actions import MeasureTurn, RecordSegment
from app.call.context import to_ms


@dataclass(slots=True)
class Turn:
    """`start`, `end`: samples of the recording. `voice_ended_at`, `ask_at`: seconds of the call; it must not be
    answered before the latter.

    `earlier`: words, and their confidence, that were understood of it before the caller went on. `unanswered`: the
    question before it, of turn `follows`, if that was cut off without an answer. `began_under_echo`,
    `ended_under_echo`: when the agent's own sound could still come back on this line. `took_floor`: it interrupted the
    agent. `question`: what the dialogue was asked, at `asked_at`. `silent`: nothing was said, and the flow is asked
    what to say to that. `guesses`, `reply_guesses`: how often its words and its reply were asked for before it was
    over.
    """

    number: int
    start: int
    end: int | None = None
    voiced_ms: int = 0
    earlier: tuple[str, float | None] | None = None
    unanswered: tuple[str, float | None] | None = None
    follows: int = 0
    question: tuple[str, float | None] = ("", None)
    keys: str = ""
    silent: bool = False
    began_under_echo: bool = False
    ended_under_echo: bool = False
    took_floor: bool = False
    transcript: str | None = None
    confidence: float | None = None
    voice_ended_at: float = 0.0
    ask_at: float = 0.0
    asked: bool = False
    asked_at: float = 0.0
    guesses: int = 0
    reply_guesses: int = 0
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
        self.segment, self.voiced_ms = old.segment, old.voiced_ms
        self.unanswered, self.follows = old.unanswered, old.follows
        self.guesses, self.reply_guesses = old.guesses, old.reply_guesses
        self.began_under_echo, self.took_floor = old.began_under_echo, old.took_floor
        if understood and old.transcript is not None:
            self.earlier = (old.transcript, old.confidence)
        else:
            self.earlier = old.earlier

    def forget_words(self) -> None:
        """What was heard was not all of it."""
        self.transcript = self.confidence = self.transcript_ms = None

    def ended(self, heard: SpeechEnded) -> None:
        """The caller has paused, and that may be its end."""
        self.end = max(heard.end, self.start)
        self.voiced_ms += heard.voiced_ms
        self.speech_ended_ms = to_ms(heard.last_voice)

    def keyed(self, keys: str, position: int, line_ms: int) -> None:
        """It was said with keys, at this sample and millisecond of the recording."""
        self.keys, self.start, self.end = keys, position, position
        self.decided_ms = self.speech_ended_ms = line_ms

    def fell_silent(self, position: int, line_ms: int) -> None:
        """Nobody has said anything up to this sample and millisecond of the recording."""
        self.silent, self.start, self.end = True, position, position
        self.decided_ms = self.speech_ended_ms = line_ms

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
