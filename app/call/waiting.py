"""How long one call waits for its caller: gathers the evidence, and has `endpointing` judge it again as it grows."""

from __future__ import annotations

from collections import deque

from app.audio.reading import Reading
from app.audio.segmenter import Segmenter
from app.call.actions import Note
from app.call.completeness import Completeness, completeness
from app.call.context import CallContext
from app.call.endpointing import FALLING, Evidence, Expects, OwnPause, Wait, wait_for
from app.call.expecting import expects_of
from app.call.utterance import Utterance

REMEMBERED = 20
"""Of the caller's latest pauses: some minutes of talk."""
OPENING = ("greeting", "question")
"""Kinds of the lines that begin a call."""
TIME_TO_THINK = 2
"""How many times as late the persona asks again, once the caller has asked for time."""
LETTERS_A_SECOND = 30
"""Of speech, pauses included: nobody speaks so fast. A recogniser that gives more than that has not heard it."""
MORE_VOICE_MS = 600
"""After so much more voice the words cannot be the same as at the pause before."""


class Waiting:
    """One call's patience. `usual_ms`: the persona's own; `wait`: what was judged of the present pause."""

    def __init__(self, context: CallContext, segmenter: Segmenter) -> None:
        patience = context.persona.patience
        self._context = context
        self._segmenter = segmenter
        self._longest_ms = patience.longest_silence_ms
        self._pauses: deque[OwnPause] = deque(maxlen=REMEMBERED)
        self._line: Utterance | None = None
        self._asked: Utterance | None = None
        self._think_s: float | None = None
        self._words: Completeness | None = None
        self._finality = self._model = -1
        self._voiced_ms = self._spoken_ms = 0
        self._before: tuple[str, int] = ("", 0)
        self._pausing = False
        self.usual_ms = patience.silence_ms
        self.wait = Wait(self.usual_ms, ())

    def agent_says(self, line: Utterance) -> None:
        """A line of the agent's sounds. One that only asks whether the caller is there leaves the question before it
        open."""
        if line.kind not in ("reprompt", "digits"):
            self._line = line
        if line.turn or line.kind in OPENING:
            self._asked = line

    @property
    def expects(self) -> Expects:
        """What the agent's last line wants, as its flow said, or as its words say."""
        line = self._line
        return "" if line is None else line.expects or expects_of(line.heard_text or line.text)

    @property
    def think_s(self) -> float | None:
        """How long the caller may be silent before the flow is asked what to say to that, by what it said last; None
        if it leaves that to the persona."""
        if self._asked is not None and self._asked.think_s is not None:
            self._think_s = self._asked.think_s
        return self._think_s

    @property
    def for_time(self) -> bool:
        """Has the caller asked for time to think?"""
        return self.expects == "time" or (self._words is not None and self._words.kind == "thinking")

    @property
    def may_be_all(self) -> bool:
        """Do the words leave it open whether more will come?"""
        return self._words is not None and self._words.kind in ("plain", "whole", "unknown")

    @property
    def may_be_over(self) -> bool:
        """Is it worth preparing an answer? Figures may be the last ones if the voice came down on them."""
        kind = self._words.kind if self._words is not None else ""
        return self.may_be_all or kind == "leaning" or (kind == "dictating" and self._finality >= FALLING)

    def reprompt_after_s(self) -> float:
        """How long the caller may be silent before they are asked again."""
        if (think_s := self.think_s) is not None:
            return think_s
        return self._context.persona.patience.reprompt_after_s * (TIME_TO_THINK if self.for_time else 1)

    def hear(self, reading: Reading) -> None:
        """Every frame: how the voice fell may be known a little later than that it paused."""
        if reading.finality != self._finality:
            self._finality = reading.finality
            if self._pausing:
                self._judge()

    def begins(self) -> None:
        """A turn begins."""
        self._before, self._voiced_ms, self._spoken_ms = ("", 0), 0, 0
        self._goes_on()

    def _goes_on(self) -> None:
        self._pausing = False
        self._words = None
        self._model = -1
        self._segmenter.silence_ms = self.usual_ms
        self.wait = Wait(self.usual_ms, ())

    def pauses(self, voiced_ms: int, spoken_ms: int) -> None:
        """The caller may have finished, after `voiced_ms` of voice in this turn, which is `spoken_ms` long so far."""
        self._pausing, self._voiced_ms, self._spoken_ms = True, voiced_ms, spoken_ms
        self._judge()

    def resumed(self, turn: int, paused_ms: int) -> None:
        """They had not: they went on after `paused_ms`."""
        if paused_ms >= self.usual_ms:
            self._context.do(Note("pause-kept", {"turn": turn, "paused_ms": paused_ms, **self._reasons()}))
        if self.may_be_all:
            self.learn(paused_ms)
        self._goes_on()

    def learn(self, paused_ms: int) -> None:
        """The caller made such a pause and went on."""
        self._pauses.append(OwnPause(paused_ms, self.wait.odds))

    def know(self, words: str) -> None:
        """The words of the turn so far, if they are to be relied upon; empty if not."""
        if self._cannot_be(words):
            self._words = Completeness("unknown", "not-these-words")
        else:
            self._words = completeness(words, self._context.persona.language)
        self._before = (words, self._voiced_ms)
        self._judge()

    def judged(self, complete: int) -> None:
        """How likely a network holds it that this pause is the end, in percent."""
        self._model = complete
        self._judge()

    def _cannot_be(self, words: str) -> bool:
        """Are these words too many for the voice that was heard, or the same as before all that was said since?"""
        if not words or not self._voiced_ms:
            return False
        before, voiced_ms = self._before
        same = words == before and self._voiced_ms >= voiced_ms + MORE_VOICE_MS
        return same or len(words) > LETTERS_A_SECOND * max(1.0, self._spoken_ms / 1000)

    def over(self) -> None:
        """The turn is decided, or is not to be any more."""
        self._pausing = False

    def note(self, turn: int) -> None:
        """Why the turn was taken for ended when it was."""
        self._context.do(
            Note("turn-ended", {"turn": turn, "wait_ms": self.wait.ms, "usual_ms": self.usual_ms, **self._reasons()})
        )

    def _judge(self) -> None:
        evidence = Evidence(
            self.usual_ms,
            self._longest_ms,
            self._words,
            self._finality,
            self.expects,
            tuple(self._pauses),
            self._voiced_ms,
            self._model,
        )
        self.wait = wait_for(evidence)
        if self._pausing:
            self._segmenter.silence_ms = self.wait.ms

    def _reasons(self) -> dict[str, str | int | float | bool]:
        words = self._words.kind if self._words is not None else ""
        return {
            "why": " ".join(self.wait.why),
            "words": words,
            "finality": self._finality,
            "model": self._model,
            "expects": self.expects,
            "odds": round(self.wait.odds, 1),
            "voiced_ms": self._voiced_ms,
            "longest_pause_ms": max((pause.ms for pause in self._pauses), default=0),
        }
