"""A vendor's bytes, however they are cut, as pieces of bare 8 kHz μ-law."""

from __future__ import annotations

import struct

from app.audio.reading import LINE_RATE_HZ
from app.speech.protocols import ProviderError

SHORTEST_BYTES = LINE_RATE_HZ * 20 // 1000
"""A frame of the line: less is not worth a piece of its own."""
_RIFF = b"RIFF"
_MULAW, _MONO = 7, 1
_ENDLESS = (0, 0x7FFFFFFF)
"""Sizes between these are meant; a header written before the sound is known holds zero or all ones."""
_LONGEST_HEADER = 4096


class Pieces:
    """Takes bytes as they come, gives pieces of 20 ms or more; a WAV's header, and what follows its sound, is left
    out. `vendor`: whom its errors (kind `rubbish`) name."""

    def __init__(self, vendor: str) -> None:
        self._vendor = vendor
        self._held = b""
        self._begun = False
        self._left: int | None = None
        self.given = 0

    def push(self, received: bytes) -> bytes:
        """A piece, or nothing yet. Raises ProviderError if the bytes are text or a sound of another kind."""
        self._held += received
        if not self._begun and not self._begin():
            return b""
        return self._give() if len(self._held) >= SHORTEST_BYTES else b""

    def flush(self) -> bytes:
        """What is left at the end. Raises ProviderError if there was no sound at all."""
        if not self._begun:
            header = self._held.startswith(_RIFF)
            if (header and not self._skip_header()) or (not header and _is_text(self._held)):
                raise self._rubbish("answered with something that is not sound")
        piece = self._give()
        if not self.given:
            raise self._rubbish("answered without any sound")
        return piece

    def _begin(self) -> bool:
        """Is it known what came first? If so, only sound is held."""
        if len(self._held) < SHORTEST_BYTES:
            return False
        if self._held.startswith(_RIFF):
            return self._skip_header()
        if _is_text(self._held[:SHORTEST_BYTES]):
            raise self._rubbish("answered with text where sound was asked for")
        self._begun = True
        return True

    def _skip_header(self) -> bool:
        place = 12
        while place + 8 <= len(self._held):
            name, size = struct.unpack_from("<4sI", self._held, place)
            place += 8
            if name == b"data":
                self._held = self._held[place:]
                self._left = size if _ENDLESS[0] < size < _ENDLESS[1] else None
                self._begun = True
                return True
            if name == b"fmt " and place + 8 <= len(self._held):
                self._check(*struct.unpack_from("<HHI", self._held, place))
            place += size + size % 2
        if len(self._held) > _LONGEST_HEADER:
            raise self._rubbish("answered with a WAV that holds no sound")
        return False

    def _give(self) -> bytes:
        piece, self._held = self._held[: self._left], b""
        if self._left is not None:
            self._left -= len(piece)
        self.given += len(piece)
        return piece

    def _check(self, encoding: int, channels: int, rate_hz: int) -> None:
        if (encoding, channels, rate_hz) != (_MULAW, _MONO, LINE_RATE_HZ):
            raise self._rubbish("answered with a WAV that is not the 8 kHz μ-law it was asked for")

    def _rubbish(self, what: str) -> ProviderError:
        return ProviderError(f"{self._vendor} {what}", "rubbish")


def _is_text(data: bytes) -> bool:
    """Printable letters throughout. In sound they would be samples of one sign only, and none of them silence."""
    return data.isascii() and "".join(data.decode("ascii").split()).isprintable() and bool(data)
