"""Keys that we press on the other side's line: said between two lines of the talk, as tones, and never into a word."""

from __future__ import annotations

from collections import deque

from app.call.actions import Note, SendDigits
from app.call.context import CallContext
from app.call.events import DigitsAsked
from app.call.listening import Listening
from app.call.phases import Phase
from app.call.piece import Piece
from app.call.voice import Voice

DIGITS = "digits"
"""The utterance; its text is what may be shown of the keys."""
_OVER = frozenset({Phase.CLOSING, Phase.ENDED})


class Tones:
    """One call's."""

    def __init__(self, context: CallContext, voice: Voice, listening: Listening) -> None:
        self._context = context
        self._voice = voice
        self._listening = listening
        self._waiting: deque[DigitsAsked] = deque()

    def asked(self, event: DigitsAsked) -> None:
        """Somebody of ours wants keys pressed: as soon as the agent has nothing in hand."""
        if self._context.phases.phase in _OVER:
            self._context.do(Note("digits-refused"))
            return
        self._waiting.append(event)
        self.go_on()

    def go_on(self) -> None:
        """Is it the moment? Whoever is speaking then, often the menu that the keys are for, is not waited for."""
        context = self._context
        if not self._waiting or context.phases.phase is not Phase.WAIT_FOR_USER or self._voice.active:
            return
        event = self._waiting.popleft()
        self._listening.forget()
        context.deadlines.clear("reprompt")
        context.deadlines.clear("ask")
        context.phases.move(Phase.AI_SPEAKING)  # before its first sound: no noise may take the line from it
        utterance = self._voice.open(0, kind=DIGITS, interruptible=False)
        piece = Piece(context.number("piece"), event.shown, requested=True)
        utterance.pieces.append(piece)
        utterance.worded = True
        context.do(SendDigits(piece.number, event.ref))
        context.do(Note("digits-sent", {"count": len(event.shown)}))
        self._voice.close()
