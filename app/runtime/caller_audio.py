"""The caller's last minutes, kept so that a whole turn can be handed to speech-to-text in one piece."""

from __future__ import annotations

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound

SILENCE = b"\xff"
"""Zero in μ-law."""


class CallerAudio:
    """8 kHz μ-law by position; holds the last `keep_s` seconds, fills gaps with silence."""

    def __init__(self, keep_s: float) -> None:
        self._keep = int(keep_s * LINE_RATE_HZ)
        self._data = bytearray()
        self._first = 0

    def add(self, position: int, frame: bytes) -> None:
        """A frame whose first sample stands at `position`; positions never go back."""
        end = self._first + len(self._data)
        if position > end:
            missing = position - end
            if missing >= self._keep:
                self._data.clear()
                self._first = position
            else:
                self._data += SILENCE * missing
        self._data += frame
        if len(self._data) > self._keep + LINE_RATE_HZ:
            surplus = len(self._data) - self._keep
            del self._data[:surplus]
            self._first += surplus

    def cut(self, start: int, end: int) -> Sound:
        """What was heard in `[start, end)`; what is no longer kept is missing from the front."""
        a, b = max(0, start - self._first), max(0, end - self._first)
        return Sound(bytes(self._data[a:b]), LINE_RATE_HZ, "mulaw")

    @property
    def held_bytes(self) -> int:
        return len(self._data)
