"""What the line is given of the agent's speech, in chunks, and when the voice must look after it again."""

from __future__ import annotations

from app.call.actions import ClearPlayback, SendAudio, SendMark
from app.call.context import CallContext
from app.call.ledger import Ledger
from app.call.piece import Piece

CHUNK_MS = 400
"""The most that is sent at once; a mark follows each chunk, so playback is known to within this much and the
clock."""
SMALLEST_CHUNK_MS = 100
"""Shorter sends were reported to sound jittery (WIRE A.3); only the end of a piece may be shorter."""
TOP_UP_MS = 800
"""Once the line holds no more, the next chunk is sent. Both together are what a barge-in throws away at most, and ride
out a second of jitter."""
DRY_MS = 40
"""With no more than this on the line it is about to fall silent; the voice looks after it every 20 ms."""
MARK_GRACE_S = 2.0
"""How long after its reckoned end a mark is waited for before the clock is believed instead."""


class Playout:
    """The line of one call, as far as the agent's voice uses it."""

    def __init__(self, context: CallContext) -> None:
        self._context = context
        self._ledger = Ledger()

    @property
    def empty(self) -> bool:
        """All that was sent has been heard, or cleared."""
        return self._ledger.empty

    @property
    def dry_at(self) -> float:
        """When the line will have played all that was sent; now, if there is nothing on it."""
        return self._ledger.dry_at(self._context.now)

    @property
    def left_ms(self) -> float:
        """How much the line has still to play."""
        return (self.dry_at - self._context.now) * 1000

    def next_chunk(self, piece: Piece) -> int:
        """How much of `piece` to send now, in ms; 0 to wait."""
        left_ms = self.left_ms
        return _chunk_size(piece, left_ms) if left_ms <= TOP_UP_MS else 0

    def send(self, piece: Piece, size_ms: int) -> None:
        """The next `size_ms` of `piece`, and the mark that proves them heard."""
        start_ms = piece.sent_ms
        mark = self._ledger.send(piece, start_ms + size_ms, self._context.now)
        self._context.do(SendAudio(piece.number, start_ms, start_ms + size_ms))
        self._context.do(SendMark(mark))

    def returned(self, name: str) -> list[Piece] | None:
        """A mark came back: the pieces it proves heard to their end; None if it proves nothing."""
        return self._ledger.returned(name, self._context.now)

    def give_up_waiting(self) -> list[Piece]:
        """The carrier does not return its marks: what the clock believes to have been heard to its end."""
        return self._ledger.give_up_waiting(self._context.now)

    def clear(self) -> None:
        """Silence on the line, at once; what was heard until now is reckoned."""
        self._ledger.clear(self._context.now)
        self._context.do(ClearPlayback())

    def set_alarms(self, *, all_sent: bool) -> None:
        """Wake the voice when the line has room again, and when a mark is overdue."""
        deadlines, dry_at = self._context.deadlines, self.dry_at
        self.stop_alarms()
        if not self._ledger.empty:
            deadlines.set("marks", dry_at + MARK_GRACE_S)
        if not all_sent and dry_at > self._context.now:
            deadlines.set("playout", max(dry_at - TOP_UP_MS / 1000, self._context.now + 0.02))

    def stop_alarms(self) -> None:
        self._context.deadlines.clear("playout")
        self._context.deadlines.clear("marks")


def _chunk_size(piece: Piece, left_ms: float) -> int:
    """How much of `piece` to send next, in ms; 0 to wait for more.

    Of a piece in the making the last bit is held back, so that its end is not a scrap by itself; but the caller does
    not wait for that before the first sound, nor in the midst of it, while the line runs dry.
    """
    available = piece.ready_ms - piece.sent_ms
    if piece.final:
        return min(available, CHUNK_MS) if available >= CHUNK_MS + SMALLEST_CHUNK_MS else available
    wanted = SMALLEST_CHUNK_MS if not piece.sent_ms or left_ms <= DRY_MS else 2 * SMALLEST_CHUNK_MS
    if available < wanted:
        return 0
    return min(max(available - SMALLEST_CHUNK_MS, SMALLEST_CHUNK_MS), CHUNK_MS)
