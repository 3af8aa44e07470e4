"""What can happen to a call. Past tense; the core is told them and never asks.

`turn` and `piece` are the ids that the core gave out with `Transcribe`, `Ask` and `Synthesize`; whoever answers
hands the id back, and the core drops what is no longer expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.audio.reading import Reading
from app.call.endpointing import Expects

Stage = Literal["transcribe", "reply", "speak"]
Voicemail = Literal["", "hang_up", "leave_message"]
"""What becomes of a machine that answers a call of ours; empty for a call that rang us."""


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """The line is open in both directions; the caller hears what is sent from now on.

    `greeting`: what the flow says first, heard to its end by its marks whatever the caller does, before `question` is
    asked (`expects`, `think_s`: as in `ReplyEnded`). Empty: the persona's own greeting.

    `voicemail`: we have placed the call, and nobody knows yet who has answered; the rest is told with `TalkOpened`.
    """

    greeting: str = ""
    question: str = ""
    expects: Expects = ""
    think_s: float | None = None
    voicemail: Voicemail = ""


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """The carrier's verdict on who has answered a call that we placed, in its own words: `human`, `machine_start`,
    `machine_end_beep`, `fax`, `unknown` …"""

    verdict: str


@dataclass(frozen=True, slots=True)
class TalkOpened:
    """What the flow says first, now that somebody is there (`actions.OpenTalk`). The fields as in `StreamStarted`."""

    greeting: str = ""
    question: str = ""
    expects: Expects = ""
    think_s: float | None = None


@dataclass(frozen=True, slots=True)
class NoMoreCallsAsked:
    """In turn `turn` the other side asked not to be rung again."""

    turn: int


@dataclass(frozen=True, slots=True)
class FrameArrived:
    """20 ms of the caller, as the audio chain read it."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class TranscriptReady:
    """The words of turn `turn`; empty when nothing intelligible was said. `confidence` in 0..1 where known."""

    turn: int
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PauseJudged:
    """How likely turn `turn` is complete where it pauses, in percent, by a network that heard it."""

    turn: int
    complete: int


@dataclass(frozen=True, slots=True)
class ReplyDelta:
    """More text of the reply to `turn`."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The reply to `turn` is complete. `end`: once it has been heard, the call is over. `expects`: what the caller is
    to answer, where the flow knows (`endpointing.Expects`). `think_s`: how long they may be silent before the flow is
    asked what to say to that; None: the persona asks again in its own time. `transfer`: once it has been heard, a
    person takes the call over, for whom this asked (see `actions.Transfer`)."""

    turn: int
    end: bool = False
    expects: Expects = ""
    think_s: float | None = None
    transfer: str = ""


@dataclass(frozen=True, slots=True)
class ReplyBroken:
    """The reply to `turn` will not come to its end. `instead`: the flow's own words, for a reply of which nothing can
    be used. `end`: once it has been heard, the call is over. `transfer`: as in `ReplyEnded`."""

    turn: int
    instead: str
    end: bool = False
    transfer: str = ""


@dataclass(frozen=True, slots=True)
class SpeechReady:
    """`ready_ms` of piece `piece` can be sent, in all; `final`: that is the whole of it.

    `word_ends`: (ms of the piece, characters of its text) where words end, as far as they are newly known.
    """

    piece: int
    ready_ms: int
    final: bool
    word_ends: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MarkReturned:
    """The line played everything sent before the mark, or was cleared: the ledger knows which."""

    name: str


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """One key: `0-9`, `*`, `#`."""

    digit: str


@dataclass(frozen=True, slots=True)
class DigitsAsked:
    """Someone of ours wants keys pressed on this line. Only the runner knows them, as `ref`; `shown` is what the
    transcript has of them."""

    ref: int
    shown: str


@dataclass(frozen=True, slots=True)
class ProviderFailed:
    """The work for turn (or, at stage `speak`, piece) `ref` will not come. `reason`: a slug without speech or
    keys."""

    stage: Stage
    ref: int
    reason: str


@dataclass(frozen=True, slots=True)
class HangUpAsked:
    """Someone of ours wants the call over: `reason` becomes its end reason. With `politely`, a goodbye is said
    first."""

    reason: str
    politely: bool


@dataclass(frozen=True, slots=True)
class StreamStopped:
    """The line is gone. `reason` becomes the call's end reason unless the call had ended already."""

    reason: str


Event = (
    StreamStarted
    | AnsweredBy
    | TalkOpened
    | NoMoreCallsAsked
    | FrameArrived
    | TranscriptReady
    | PauseJudged
    | ReplyDelta
    | ReplyEnded
    | ReplyBroken
    | SpeechReady
    | MarkReturned
    | DigitPressed
    | DigitsAsked
    | ProviderFailed
    | HangUpAsked
    | StreamStopped
)
