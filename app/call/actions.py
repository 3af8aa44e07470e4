"""What the core wants done. Imperative; the runner does them in order and reports back with events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["agent", "caller", "system"]
TRANSFERRED = "transferred"
"""The end reason of a call that a person was asked to take over."""


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Turn caller audio `[start, end)` (samples at 8 kHz from the stream's start) into words, in one call.

    `early`: the caller pauses, and it is not decided whether the turn is over; a network may be asked that as well.
    """

    turn: int
    start: int
    end: int
    early: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the dialogue what to say to what the caller said (`text`) or keyed (`digits`).

    `early`: the turn may not be over. No tool may be offered or used for it; if that will not do, the reply fails, and
    is asked for again. `silent`: the caller has said nothing for as long as the flow gave them.
    `follows`: the words begin with those of that turn, which was left without an answer; 0 if they do not.
    """

    turn: int
    text: str
    digits: str = ""
    confidence: float | None = None
    early: bool = False
    silent: bool = False
    follows: int = 0


@dataclass(frozen=True, slots=True)
class CommitTurn:
    """The reply to `turn` begins to sound, in its own words (a filler is none): what the dialogue planned for it is now
    fact."""

    turn: int


@dataclass(frozen=True, slots=True)
class DropTurn:
    """Nothing more is wanted for `turn`: stop its transcription and its reply."""

    turn: int


@dataclass(frozen=True, slots=True)
class Synthesize:
    """Make speech of `text`; report with `SpeechReady(piece, …)`."""

    piece: int
    text: str


@dataclass(frozen=True, slots=True)
class SendDigits:
    """Make tones of the keys that came as `ref` (`events.DigitsAsked`); report with `SpeechReady(piece, …)`."""

    piece: int
    ref: int


@dataclass(frozen=True, slots=True)
class DropSpeech:
    """Piece `piece` will not be sent any further: stop its synthesis and free its audio."""

    piece: int


@dataclass(frozen=True, slots=True)
class SendAudio:
    """Send `[start_ms, end_ms)` of piece `piece` to the line."""

    piece: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class SendMark:
    """Ask the line for `name` back once everything sent before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class ClearPlayback:
    """Throw away what the line has queued and not yet played."""


@dataclass(frozen=True, slots=True)
class RecordSegment:
    """A line of the transcript, by `number`; recorded again whenever more of it is known.

    Times in milliseconds of the recording. `heard_text` is the part of `text` that reached the caller, cut at a word
    (for the caller's own lines, all of it). `final`: it will not change any more.
    """

    number: int
    turn: int
    role: Role
    text: str
    heard_text: str
    started_ms: int
    ended_ms: int
    interrupted: bool = False
    final: bool = True
    confidence: float | None = None
    kind: str = "speech"


@dataclass(frozen=True, slots=True)
class MeasureTurn:
    """Where the time of `turn` went, in milliseconds of the recording; None for what has not come (yet).

    End of speech, turn decided, transcript, first text of the reply, first audio sent, first audio heard (as the
    first returned mark proves it); and between text and audio, its first clause given to the voice. A filler is none
    of it. Recorded again when more is known.
    """

    turn: int
    speech_ended_ms: int | None
    decided_ms: int | None
    transcript_ms: int | None
    first_text_ms: int | None
    first_audio_ms: int | None
    first_heard_ms: int | None
    first_clause_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing on the call's page: `kind` is a slug, `detail` numbers and slugs, never speech."""

    kind: str
    detail: dict[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenTalk:
    """Somebody is there: have the flow begin, and tell what it says first with `TalkOpened`."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """By what was heard, a `human` or a `machine` has answered the call that we placed."""

    who: Literal["human", "machine"]


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """A machine has the whole message."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call on the carrier; `reason` is its end reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hand the call over to a person, who has been promised and heard; `by`: what asked for them (`words`, `key`,
    `model`). The stream ends, and the carrier is told whom to ring."""

    by: str

    @property
    def reason(self) -> str:
        """The end reason of the stretch that the agent led."""
        return TRANSFERRED


Action = (
    Transcribe
    | Ask
    | CommitTurn
    | DropTurn
    | Synthesize
    | SendDigits
    | DropSpeech
    | SendAudio
    | SendMark
    | ClearPlayback
    | RecordSegment
    | MeasureTurn
    | Note
    | OpenTalk
    | Recognised
    | MessageLeft
    | HangUp
    | Transfer
)
