"""What the caller was saying when the line went: still turned into words, for the transcript, and not answered."""

from __future__ import annotations

from app.audio.segmenter import Segmenter
from app.call.actions import Transcribe
from app.call.asking import Asking
from app.call.context import CallContext
from app.call.turn import Turn


def ask_for(turn: Turn | None, segmenter: Segmenter, context: CallContext, asking: Asking, minimum_ms: int) -> None:
    """The line is gone: ask for the words of the turn in hand if they are not known, and there is voice in it."""
    if turn is None or turn.asked or turn.end is not None:
        return
    if turn.transcript is not None:
        keep(turn, turn.number, turn.transcript, turn.confidence, asking)
    elif segmenter.speaking and segmenter.voiced_ms >= minimum_ms:
        turn.end = max(context.position, turn.start)
        context.do(Transcribe(turn.number, turn.start, turn.end))


def keep(turn: Turn | None, number: int, text: str, confidence: float | None, asking: Asking) -> None:
    """The words of turn `number` are there: write them down."""
    if turn is None or turn.number != number or turn.asked or not text.strip():
        return
    turn.transcript, turn.confidence = text.strip(), confidence
    asking.write_down(turn)
