"""When the steps of a turn's answer came."""

from __future__ import annotations

from app.call.context import CallContext
from app.call.turn import Turn


class Stopwatch:
    """Notes a turn's times as they become known; what belongs to another turn is passed over."""

    def __init__(self, context: CallContext) -> None:
        self._context = context

    def reply_begins(self, turn: Turn | None) -> None:
        """The first text of the reply has come."""
        if turn is not None and turn.first_text_ms is None:
            turn.first_text_ms = self._context.line_ms

    def clause_cut(self, turn: Turn | None) -> None:
        """The first piece of the reply has been given to the voice."""
        if turn is not None and turn.first_clause_ms is None:
            turn.first_clause_ms = self._context.line_ms

    def reply_sounds(self, turn: Turn | None, number: int) -> None:
        """The first sound of the answer to turn `number` has left."""
        if turn is not None and turn.number == number and turn.first_audio_ms is None:
            turn.first_audio_ms = self._context.line_ms
            self._context.do(turn.as_measured())

    def reply_heard(self, turn: Turn | None, number: int, since_ms: int) -> None:
        """A mark proves that the first sound of the answer to turn `number` was heard at `since_ms`."""
        if turn is not None and turn.number == number and turn.first_heard_ms is None:
            turn.first_heard_ms = since_ms
            self._context.do(turn.as_measured())
