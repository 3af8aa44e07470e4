"""Lines as they are typed or piped in, with a limit on how long one is waited for."""

from __future__ import annotations

import os
import select
from types import TracebackType
from typing import Self, TextIO

_PIECE_BYTES = 65_536


class NothingTypedError(Exception):
    """No line came in time."""


class TypedLines:
    """Reads `stream`'s file itself: a line that Python holds back in a buffer would never be waited for."""

    def __init__(self, stream: TextIO) -> None:
        self._file = stream.fileno()
        self._read = b""
        self._ended = False
        self.typed = stream.isatty()
        """By a person, and not piped in."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._read = b""

    def next(self, within_s: float | None = None) -> str | None:
        """The next line without its end; None when there are no more. Raises NothingTypedError after `within_s`."""
        while b"\n" not in self._read and not self._ended:
            ready, _, _ = select.select([self._file], [], [], within_s)
            if not ready:
                raise NothingTypedError
            piece = os.read(self._file, _PIECE_BYTES)
            self._read += piece
            self._ended = not piece  # a last line may have no end
        if not self._read:
            return None
        line, _, self._read = self._read.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")
