"""What the barge-in table makes the agent do: fall silent, judge, give the floor or take the sentence up again."""

from __future__ import annotations

from app.audio.segmenter import Segmenter
from app.call.actions import Note
from app.call.barge_in import VALIDATION_SILENCE_MS, BargeInTable, Stage, is_interruption
from app.call.context import CallContext
from app.call.phases import Phase
from app.call.voice import Voice


class Interruption:
    """The present interruption of the agent, if there is one. `cut_off`: the turn to which the last accepted one left
    no answer; 0 if the answer had begun."""

    def __init__(self, context: CallContext, voice: Voice, segmenter: Segmenter) -> None:
        self._context = context
        self._voice = voice
        self._segmenter = segmenter
        self._manners = context.persona.barge_in
        self._patience_ms = context.persona.patience.silence_ms
        self._table = BargeInTable()
        self.cut_off = 0

    @property
    def stage(self) -> Stage:
        return self._table.stage

    @property
    def judging(self) -> bool:
        """The agent has fallen silent, and it is not settled yet who has the floor."""
        return self._table.stage is Stage.VALIDATING

    def may_begin(self) -> bool:
        """A persona that does not yield still yields with a filler: it has nothing to say yet."""
        utterance = self._voice.utterance
        if utterance is None or not utterance.interruptible:
            return False
        return self._manners.enabled or (utterance.turn > 0 and not utterance.answered)

    def begin(self) -> None:
        """A sound that may be the caller."""
        self._table.move(Stage.CANDIDATE)

    def lasted(self, voiced_ms: int) -> bool:
        """The candidate has `voiced_ms` of voice by now. True if that alone has given it the floor."""
        stage = self._table.stage
        if stage is Stage.CANDIDATE and voiced_ms >= self._manners.pause_after_ms:
            self.pause()
        elif stage is Stage.VALIDATING and voiced_ms >= self._manners.accept_after_ms:
            self.accept("voice")
            return True
        return False

    def pause(self) -> None:
        """Fall silent while the candidate is judged; a shorter pause of theirs is enough for that."""
        self._table.move(Stage.VALIDATING)
        self._segmenter.silence_ms = min(VALIDATION_SILENCE_MS, self._patience_ms)
        self._voice.pause()
        self._context.do(Note("barge-in-pause"))

    def takes_floor(self, words: str) -> bool:
        return is_interruption(words, self._manners)

    def accept(self, why: str) -> None:
        """The floor is the caller's: what the agent had left to say is gone."""
        self._table.move(Stage.ACCEPTED)
        utterance = self._voice.utterance
        self.cut_off = utterance.turn if utterance is not None and not utterance.answered else 0
        self._voice.abandon()
        self._voice.release()
        self._context.phases.move(Phase.WAIT_FOR_USER)
        self._context.do(Note("barge-in-accepted", {"by": why}))
        self.settle()

    def reject(self, why: str) -> None:
        """It was nothing: the agent goes on where the caller stopped hearing it."""
        self._table.move(Stage.REJECTED)
        self._context.do(Note("barge-in-rejected", {"why": why}))
        self.settle()
        self._voice.resume()

    def settle(self) -> None:
        """No interruption any more."""
        self._table.settle()
        self._segmenter.silence_ms = self._patience_ms
