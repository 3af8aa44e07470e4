"""What whoever answers a call of ours says first: cut into utterances, put into words, and read.

Apart from `listening`, for there is no talk yet: nothing is answered here, nobody is interrupted, and what goes on
before its words were known is one utterance with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.audio.reading import Reading
from app.audio.segmenter import Segmenter, SpeechDropped, SpeechEnded, SpeechStarted
from app.call.actions import DropTurn, RecordSegment, Transcribe
from app.call.answered_by import Sign
from app.call.context import CallContext, to_ms
from app.call.first_words import sign_of
from app.call.voice import Voice

PAUSE_MS = 500
"""Ends a person's "hello?"; a machine that pauses as long goes on, and what it said is put together again."""
MINIMUM_MS = 160
LONGEST_MS = 20_000
"""An utterance is put into words then, whether or not it goes on: the greeting of a machine."""
_WORTH_WORDS_MS = 300


@dataclass(slots=True)
class _Heard:
    """An utterance whose words are awaited. `over_agent`: it may be our own echo."""

    turn: int
    start: int
    end: int
    voiced_ms: int
    over_agent: bool


class FirstUtterances:
    """One call's. `began()`: somebody speaks. `ended()`: an utterance is over, and its words are asked for if
    `wants_words()`. `nothing()`: what had begun was none. `read(sign)`: what an utterance says."""

    def __init__(
        self,
        context: CallContext,
        voice: Voice,
        *,
        began: Callable[[], None],
        ended: Callable[[], None],
        nothing: Callable[[], None],
        read: Callable[[Sign], None],
    ) -> None:
        self._context = context
        self._voice = voice
        self._began, self._ended, self._nothing, self._read = began, ended, nothing, read
        self._segmenter = Segmenter(PAUSE_MS, MINIMUM_MS, LONGEST_MS)
        self._awaited: _Heard | None = None
        self._before: _Heard | None = None
        self._over_agent = False
        self.wants_words = True

    @property
    def speaking(self) -> bool:
        """Does somebody speak now?"""
        return self._segmenter.speaking

    @property
    def awaited(self) -> bool:
        """Are the words of an utterance on their way?"""
        return self._awaited is not None

    def frame(self, reading: Reading) -> None:
        """Hear 20 ms of whoever is there."""
        heard = self._segmenter.push(reading)
        if isinstance(heard, SpeechStarted):
            self._over_agent = self._voice.echo.may_sound_at(self._context.now)
            self._withdraw()
            self._began()
        elif isinstance(heard, SpeechEnded):
            self._over(heard)
        elif isinstance(heard, SpeechDropped):
            self._dropped()

    def transcribed(self, turn: int, text: str, confidence: float | None) -> bool:
        """The words of an utterance. False if they are of none that is awaited here."""
        heard = self._take(turn)
        if heard is None:
            return False
        text = text.strip()
        if text and heard.over_agent and self._voice.echo.callers_own(text)[1]:
            self._nothing()
            return True
        if text:
            self._write_down(heard, text, confidence)
        self._read(sign_of(text, heard.voiced_ms))
        return True

    def failed(self, turn: int) -> bool:
        """No words will come: the length must do. False if nobody waits for them here."""
        heard = self._take(turn)
        if heard is None:
            return False
        self._read(Sign.LONG if sign_of("", heard.voiced_ms) is Sign.LONG else Sign.SHORT)
        return True

    def give_up(self) -> None:
        """The words take too long."""
        if (heard := self._awaited) is not None:
            self._context.do(DropTurn(heard.turn))
            self.failed(heard.turn)

    def stop(self) -> None:
        """It is known who is there: no more words are wanted."""
        if self._awaited is not None:
            self._context.do(DropTurn(self._awaited.turn))
        self._awaited = self._before = None
        self.wants_words = False

    def line_gone(self) -> None:
        """The line is gone in the midst of an utterance: it is put into words all the same, for the transcript."""
        heard = self._segmenter.end_now()
        if self.wants_words and isinstance(heard, SpeechEnded) and heard.voiced_ms >= _WORTH_WORDS_MS:
            self._over(heard)

    def _take(self, turn: int) -> _Heard | None:
        heard = self._awaited
        if heard is None or heard.turn != turn:
            return None
        self._awaited = None
        return heard

    def _withdraw(self) -> None:
        """They go on before the words were known: both are one utterance, unless it is as long as any already."""
        heard = self._awaited
        if heard is not None and to_ms(heard.end - heard.start) < LONGEST_MS:
            self._context.do(DropTurn(heard.turn))
            self._before, self._awaited = heard, None

    def _over(self, heard: SpeechEnded) -> None:
        before, self._before = self._before, None
        if self.wants_words:
            utterance = _Heard(0, heard.start, heard.end, heard.voiced_ms, self._over_agent)
            if before is not None:
                utterance.start, utterance.over_agent = before.start, before.over_agent
                utterance.voiced_ms += before.voiced_ms
            self._ask(utterance)
        self._ended()

    def _dropped(self) -> None:
        """A click, a breath: what was said before it stands."""
        before, self._before = self._before, None
        if before is None or not self.wants_words:
            self._nothing()
            return
        self._ask(before)
        self._ended()

    def _ask(self, heard: _Heard) -> None:
        if self._awaited is not None:
            self._context.do(DropTurn(self._awaited.turn))
        heard.turn = self._context.number("turn")
        self._awaited = heard
        self._context.do(Transcribe(heard.turn, heard.start, heard.end))

    def _write_down(self, heard: _Heard, text: str, confidence: float | None) -> None:
        number, start_ms, end_ms = self._context.number("segment"), to_ms(heard.start), to_ms(heard.end)
        self._context.do(
            RecordSegment(number, heard.turn, "caller", text, text, start_ms, end_ms, confidence=confidence)
        )
