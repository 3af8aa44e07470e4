"""What is done with the words of a turn: who has the floor, when it is over, and whether anything was said at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.call.actions import Note
from app.call.asking import Asking
from app.call.context import CallContext
from app.call.phases import Phase
from app.call.turn import Turn

if TYPE_CHECKING:
    from app.call.listening import Listening


class Validating:
    """Takes the words of one call's turns. `takes(turn)`: is it for somebody else than the dialogue?"""

    def __init__(self, context: CallContext, listening: Listening, asking: Asking) -> None:
        self._context = context
        self._listening = listening
        self._asking = asking
        self.takes: Callable[[Turn], bool] = lambda turn: False

    def transcribed(self, number: int, text: str, confidence: float | None) -> None:
        """The words of turn `number`; dropped if that turn is no longer the one expected."""
        listening, turn = self._listening, self._listening.turn
        if listening.interruption.early_words(number, text, confidence):
            return
        if turn is not None and listening.turn_end.words_early(turn, number, text, confidence):
            return
        if turn is None or turn.number != number or turn.transcript is not None or turn.end is None:
            self._context.do(Note("stale-transcript", {"turn": number}))
            return
        listening.turn_end.words(turn, text, confidence)
        self.words_known()

    def words_known(self) -> None:
        """Act on the turn's words, unless they are still to come or the caller is going on."""
        listening, turn = self._listening, self._listening.turn
        if turn is None or turn.transcript is None or listening.going_on:
            return
        if listening.interruption.judging:
            if not listening.interruption.judged(turn):
                listening.turn = None
                self._context.deadlines.clear("answer")
                return
            self._context.phases.move(Phase.VALIDATING_UTTERANCE)
            listening.going_on = listening.speaking
            self.try_ask()
        elif listening.interruption.without_echo(turn):
            self.try_ask()
        else:
            listening.give_up_turn()

    def try_ask(self) -> None:
        """Put the turn to the dialogue if its words are there, its time has come, and the caller is not going on."""
        turn, context, listening = self._listening.turn, self._context, self._listening
        if context.phases.phase is not Phase.VALIDATING_UTTERANCE or listening.going_on:
            return
        if turn is None or turn.transcript is None:
            return
        if context.now < turn.ask_at:
            turn.decided_ms = None
            context.deadlines.set("ask", turn.ask_at)
        elif self._asking.is_noise(turn) or self._asking.is_in_vain(turn):
            listening.give_up_turn()
        elif not self.takes(turn):
            listening.turn_end.ask(turn)
