"""What is put to the dialogue: a turn's words, and those of the turn before if it was never answered."""

from __future__ import annotations

from app.audio.reading import LINE_RATE_HZ
from app.call.actions import Ask, Note
from app.call.barge_in import has_stop_word
from app.call.context import CallContext
from app.call.phases import Phase
from app.call.speculation import Speculation
from app.call.turn import Turn

ANSWER_S = 30.0
"""No answer to a turn within this: the runner's own limits have failed. The persona says so, and the call goes on."""

UNINTELLIGIBLE_MS = 700
"""Voice this long without a recognised word was speech that was not understood; shorter, it was a noise."""

OVERLAP_S = 12.0
"""A turn may begin within an utterance, when the agent has finished, and so be shorter by one of its sentences."""


class Asking:
    """Asks for answers. `asked`: the turn that was put to the dialogue last."""

    def __init__(self, context: CallContext) -> None:
        self._context = context
        self.asked: Turn | None = None

    def understood(self, turn: Turn) -> str:
        """The turn's words, if the recogniser is sure enough of them to act upon."""
        unsure = self._context.persona.patience.is_unsure(turn.confidence)
        return "" if unsure else turn.transcript or ""

    def is_noise(self, turn: Turn) -> bool:
        """Has nobody said anything in it? That is noted."""
        wordless = not self.understood(turn) and turn.voiced_ms < UNINTELLIGIBLE_MS
        if not (wordless or self._context.line.is_no_caller(turn.voiced_ms)):
            return False
        self._context.do(Note("noise", {"turn": turn.number, "voiced_ms": turn.voiced_ms}))
        return True

    def is_too_long(self, turn: Turn | None) -> bool:
        """A turn as long as the longest is answered, whoever goes on: a crowd or a television would never be."""
        longest_s = self._context.persona.patience.maximum_utterance_s
        enough_s = max(longest_s / 2, longest_s - OVERLAP_S)
        return turn is not None and self._context.position - turn.start >= enough_s * LINE_RATE_HZ

    def is_in_vain(self, turn: Turn) -> bool:
        """Tell the judge of the line what came of the turn. True if the caller is to be told of the line instead of
        being asked once more. Unsure words are an interview's answer: they prove nothing of the line."""
        line, persona = self._context.line, self._context.persona
        if self.understood(turn):
            line.understood()
        elif not (turn.transcript and persona.interview is not None):
            line.wordless(turn.voiced_ms)
            return line.trouble() is not None
        return False

    def carry_over(self, turn: Turn, cut_off: int) -> None:
        """The caller took the floor for `turn` while turn `cut_off` was still without an answer: what they say now is
        about that, or adds to it, and the dialogue is to know both."""
        asked = self.asked
        if asked is not None and asked.number == cut_off and not (asked.keys or asked.silent):
            turn.unanswered, turn.follows = asked.question, asked.number

    def ask(self, turn: Turn, speculation: Speculation) -> bool:
        """Put the turn to the dialogue. True if that was done before it was over: the reply may sound."""
        context = self._context
        turn.asked_at = context.now
        turn.question = self.question(turn)
        known = speculation.take(turn)
        self.asked = turn
        self.write_down(turn)
        context.phases.move(Phase.PROCESSING_USER)
        context.deadlines.set("answer", context.now + ANSWER_S)
        if filler_after_ms := context.persona.patience.filler_after_ms:
            context.deadlines.set("filler", context.now + filler_after_ms / 1000)
        text, confidence = turn.question
        if not known:
            context.do(Ask(turn.number, text, turn.keys, confidence, silent=turn.silent, follows=turn.follows))
        return known

    def write_down(self, turn: Turn) -> None:
        """The turn as a line of the transcript."""
        turn.asked = True
        if turn.silent:
            return
        turn.segment = turn.segment or self._context.number("segment")
        self._context.do(turn.as_segment())

    def question(self, turn: Turn) -> tuple[str, float | None]:
        """The words to be answered, and the confidence in them. One who says stop does not want what they asked
        before."""
        said = turn.transcript or ""
        if turn.unanswered is None or turn.keys or has_stop_word(said, self._context.persona.barge_in):
            return said, turn.confidence
        before, confidence = turn.unanswered
        added = self.understood(turn)
        return (f"{before} {added}", turn.confidence) if added else (before, confidence)
