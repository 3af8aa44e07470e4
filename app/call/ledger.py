"""Playback truth: what was sent to the line, and how much of it the caller has heard.

Every chunk sent is followed by a mark. A returned mark proves that everything before it was played, unless the
line was cleared in between: clearing makes the carrier return all pending marks at once, so names carry a
generation, and marks of an earlier generation prove nothing. Between marks the clock decides, and rather too
little is credited than too much.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from app.call.piece import Piece

LINE_DELAY_MS = 80
"""Credited to the network before the first mark of a run proves the playing: about half a round trip to the
carrier."""

MARKLESS_MS = 1000
"""A mark later than this is taken as never to come, when what was heard has to be reckoned."""


@dataclass(slots=True, frozen=True)
class _Chunk:
    piece: Piece
    start_ms: int
    end_ms: int
    mark: str


class Ledger:
    """The line's queue as far as we know it."""

    __slots__ = ("_chunks", "_count", "_dry", "_generation", "_head_from", "_proven")

    def __init__(self) -> None:
        self._chunks: deque[_Chunk] = deque()
        self._generation = 0
        self._count = 0
        self._head_from = 0.0
        self._dry = 0.0
        self._proven = False

    def send(self, piece: Piece, end_ms: int, now: float) -> str:
        """Note that `piece` was sent on to `end_ms`; returns the name of the mark that must follow it."""
        if not self._chunks:
            self._head_from = now
            self._proven = False
        self._count += 1
        self._dry = max(self._dry, now) + (end_ms - piece.sent_ms) / 1000
        chunk = _Chunk(piece, piece.sent_ms, end_ms, f"g{self._generation}-{self._count}")
        self._chunks.append(chunk)
        piece.sent_ms = end_ms
        return chunk.mark

    def returned(self, mark: str, now: float) -> list[Piece] | None:
        """A mark came back: the pieces it proves heard to their end. None: it proves nothing (cleared, or not
        ours)."""
        if not any(chunk.mark == mark for chunk in self._chunks):
            return None
        return self._credit_through(mark, now)

    def _credit_through(self, mark: str, now: float) -> list[Piece]:
        done: list[Piece] = []
        while self._chunks:
            chunk = self._chunks.popleft()
            chunk.piece.heard_ms = chunk.end_ms
            if chunk.piece.heard:
                done.append(chunk.piece)
            if chunk.mark == mark:
                break
        self._head_from = now
        self._proven = True
        return done

    def clear(self, now: float) -> None:
        """The line was cleared: credit what the clock says of the chunk that was playing, forget the rest.

        A later chunk is credited only if the first one's mark is so late that this line does not seem to return any.
        """
        elapsed_ms = round((now - self._head_from) * 1000) - (0 if self._proven else LINE_DELAY_MS)
        for chunk in self._chunks:
            length_ms = chunk.end_ms - chunk.start_ms
            chunk.piece.heard_ms = chunk.start_ms + min(max(elapsed_ms, 0), length_ms)
            elapsed_ms -= length_ms
            if self._proven or elapsed_ms <= MARKLESS_MS:
                break
        self._dry = now
        self._chunks.clear()
        self._generation += 1

    def give_up_waiting(self, now: float) -> list[Piece]:
        """The marks are overdue and will not come: by the clock, all has been played."""
        return self._credit_through(self._chunks[-1].mark, now) if self._chunks else []

    @property
    def empty(self) -> bool:
        return not self._chunks

    def dry_at(self, now: float) -> float:
        """When the line will have played all that was sent; never before `now`, and never before it could have been.

        Marks can put it off, when the network was slow. They can't bring it forward: a line that returns them too
        soon would otherwise be sent everything at once.
        """
        queued_ms = sum(chunk.end_ms - chunk.start_ms for chunk in self._chunks)
        by_marks = self._head_from + queued_ms / 1000 if self._chunks else now
        return max(now, self._dry, by_marks)
