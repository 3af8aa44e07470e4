"""Speech on its way to the line: each piece encoded once, kept until it has been heard."""

from __future__ import annotations

from itertools import count

from app.audio.reading import LINE_RATE_HZ

_BYTES_PER_MS = LINE_RATE_HZ // 1000


class SpokenPieces:
    """8 kHz μ-law by piece."""

    def __init__(self) -> None:
        self._data: dict[int, bytearray] = {}
        self._kept: dict[int, bytes] = {}
        self._numbers = count()

    def begin(self, piece: int) -> None:
        self._data[piece] = bytearray()

    def add(self, piece: int, mulaw: bytes) -> int:
        """Returns how many whole milliseconds of the piece there are now."""
        data = self._data[piece]
        data += mulaw
        return len(data) // _BYTES_PER_MS

    def keep(self, mulaw: bytes) -> int:
        """Sound that was made before its piece is known; the number under which it waits."""
        number = next(self._numbers)
        self._kept[number] = mulaw
        return number

    def take(self, kept: int, piece: int) -> int:
        """This is the piece's, and waits no more. How many milliseconds it has."""
        self.begin(piece)
        return self.add(piece, self._kept.pop(kept))

    def cut(self, piece: int, start_ms: int, end_ms: int) -> bytes:
        """`[start_ms, end_ms)` of a piece; empty if it is not kept."""
        data = self._data.get(piece, b"")
        return bytes(data[start_ms * _BYTES_PER_MS : end_ms * _BYTES_PER_MS])

    def drop(self, piece: int) -> None:
        self._data.pop(piece, None)

    @property
    def held_bytes(self) -> int:
        return sum(map(len, self._data.values())) + sum(map(len, self._kept.values()))
