"""What is put to the dialogue: a turn's words, and those of the turn before if it was never answered."""

from __future__ import annotations

from app.call.actions import Ask
from app.call.barge_in import has_stop_word
from app.call.context import CallContext
from app.call.phases import Phase
from app.call.turn import Turn

ANSWER_S = 30.0
"""No answer to a turn within this: the runner's own limits have failed. The persona says so, and the call goes on."""


class Asking:
    """Asks for answers. `asked`: the turn that was put to the dialogue last."""

    def __init__(self, context: CallContext) -> None:
        self._context = context
        self.asked: Turn | None = None

    def understood(self, turn: Turn) -> str:
        """The turn's words, if the recogniser is sure enough of them to act upon."""
        unsure = self._context.persona.patience.is_unsure(turn.confidence)
        return "" if unsure else turn.transcript or ""

    def carry_over(self, turn: Turn, cut_off: int) -> None:
        """The caller took the floor for `turn` while turn `cut_off` was still without an answer: what they say now is
        about that, or adds to it, and the dialogue is to know both."""
        asked = self.asked
        if asked is not None and asked.number == cut_off and not asked.keys:
            turn.unanswered = asked.question

    def ask(self, turn: Turn) -> None:
        """Put the turn to the dialogue."""
        context = self._context
        turn.asked_at = context.now
        turn.question = self._question(turn)
        self.asked = turn
        self.write_down(turn)
        context.phases.move(Phase.PROCESSING_USER)
        context.deadlines.set("answer", context.now + ANSWER_S)
        if filler_after_ms := context.persona.patience.filler_after_ms:
            context.deadlines.set("filler", context.now + filler_after_ms / 1000)
        text, confidence = turn.question
        context.do(Ask(turn.number, text, turn.keys, confidence))

    def write_down(self, turn: Turn) -> None:
        """The turn as a line of the transcript."""
        turn.asked = True
        turn.segment = turn.segment or self._context.number("segment")
        self._context.do(turn.as_segment())

    def _question(self, turn: Turn) -> tuple[str, float | None]:
        """The words to be answered, and the confidence in them. One who says stop does not want what they asked
        before."""
        said = turn.transcript or ""
        if turn.unanswered is None or turn.keys or has_stop_word(said, self._context.persona.barge_in):
            return said, turn.confidence
        before, confidence = turn.unanswered
        added = self.understood(turn)
        return (f"{before} {added}", turn.confidence) if added else (before, confidence)
