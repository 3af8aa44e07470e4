"""The end of a turn: how long to wait for it, and what to prepare meanwhile. See `endpointing` and `speculation`."""

from __future__ import annotations

from app.audio.segmenter import Segmenter, SpeechEnded, SpeechPaused, SpeechResumed
from app.call.asking import Asking
from app.call.context import CallContext, to_ms
from app.call.speculation import Speculation
from app.call.turn import Turn
from app.call.voice import Voice
from app.call.waiting import Waiting


class TurnEnd:
    """Of the present turn of one call."""

    def __init__(self, context: CallContext, voice: Voice, segmenter: Segmenter, asking: Asking) -> None:
        self._context = context
        self._voice = voice
        self._segmenter = segmenter
        self._asking = asking
        self.waiting = Waiting(context, segmenter)
        self.speculation = Speculation(context, voice)

    def turn_begins(self) -> None:
        """The caller begins to speak, or goes on with what was taken for ended."""
        self.speculation.throw_away(None)
        self.waiting.begins()
        self._segmenter.pause_ms = self.speculation.pause_ms(None)

    def paused(self, turn: Turn, pause: SpeechPaused) -> None:
        """The caller may have finished: how long to wait is judged, and what they said is asked for."""
        self.waiting.pauses(turn.voiced_ms + pause.voiced_ms, to_ms(pause.last_voice - turn.start))
        self.speculation.begin(turn, pause)

    def resumed(self, turn: Turn, resumed: SpeechResumed) -> None:
        """They had not."""
        self.waiting.resumed(turn.number, resumed.paused_ms)
        self.speculation.throw_away(turn)
        self._segmenter.pause_ms = self.speculation.pause_ms(turn)

    def went_on(self, old: Turn, began_ms: int) -> None:
        """They had not, and it was decided already; their speech began again at `began_ms` of the recording."""
        self.speculation.forget()
        if old.speech_ended_ms is not None and not old.keys:
            self.waiting.learn(max(0, began_ms - old.speech_ended_ms))

    def words_early(self, turn: Turn, number: int, text: str, confidence: float | None) -> bool:
        """What the words are if the turn ends here; they count for nothing else yet. False if nobody waits for them."""
        if not self.speculation.awaits_words(turn, number):
            return False
        self.take_words(turn, text, confidence)
        if self.waiting.may_be_over and self._asking.understood(turn) and not turn.began_under_echo:
            self.speculation.ask(turn, self._asking.question(turn))
        return True

    def judged(self, turn: Turn | None, number: int, complete: int) -> None:
        """What a network holds of the present pause. A judgement of one that is over is worth nothing."""
        if self.speculation.is_about(turn, number):
            self.waiting.judged(complete)

    def decided(self, turn: Turn, heard: SpeechEnded, *, at_once: bool) -> bool:
        """The turn has ended. `at_once`: it is over as well; else that is still waited for. Are its words known, or
        asked for?"""
        known = self.speculation.stands(heard)
        if not known:
            self.speculation.throw_away(turn)
        context = self._context
        turn.ended(heard)
        turn.voice_ended_at = context.now - to_ms(context.position - heard.last_voice) / 1000
        turn.decided_ms = context.line_ms if at_once else None
        self.waiting.over()
        turn.ask_at = context.now if at_once else self._until(turn)
        return known

    def words(self, turn: Turn, text: str, confidence: float | None) -> None:
        """The words of a turn that has ended: they may tell that more is to come, or that enough was waited."""
        self.take_words(turn, text, confidence)
        turn.ask_at = self._until(turn)

    def take_words(self, turn: Turn, text: str, confidence: float | None) -> None:
        turn.transcript, turn.confidence = text.strip(), confidence
        if turn.earlier is not None and not self._asking.understood(turn):
            turn.transcript, turn.confidence = turn.earlier  # what was added was a noise: it must not spoil the rest
        turn.transcript_ms = self._context.line_ms
        self.waiting.know(self._asking.understood(turn))

    def ask(self, turn: Turn) -> None:
        """Its time has come: put the turn to the dialogue; a reply that was prepared sounds at once."""
        turn.decided_ms = turn.decided_ms or self._context.line_ms
        self.waiting.note(turn.number)
        if self._asking.ask(turn, self.speculation):
            self._voice.confirm()

    def _until(self, turn: Turn) -> float:
        """The moment at which the turn is over, as far as is known; not one that has passed."""
        return max(self._context.now, turn.voice_ended_at + self.waiting.wait.ms / 1000)
