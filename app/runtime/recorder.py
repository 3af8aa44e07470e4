"""What each side heard, as one stereo recording: caller left, agent right, counted in samples and never in seconds.

The caller's frames are the clock of both lanes. The agent's sound is laid down where the line plays it, right
after what was sent before; when the line is cleared, what had not been played yet is taken out again.
"""

from __future__ import annotations

import numpy as np

from app.audio.mulaw import decode
from app.audio.reading import LINE_RATE_HZ
from app.runtime.disk import Disk, WavFile

SETTLE_SAMPLES = LINE_RATE_HZ // 2
"""The last half second is not written yet: a clear may still take out of it what was not played."""
LATE_SAMPLES = 10 * LINE_RATE_HZ
"""After a stall of the network frames come late, each with its true position; a line that brings none for this long is
taken for dead, and what it may still bring is not waited for."""
_SILENCE = 0xFF


class _Lane:
    """μ-law from `first` on; silence where nothing was put."""

    __slots__ = ("data", "first")

    def __init__(self) -> None:
        self.data = bytearray()
        self.first = 0

    @property
    def end(self) -> int:
        return self.first + len(self.data)

    def put(self, position: int, sound: bytes) -> None:
        """Lay `sound` down at `position`; the part of it that lies before `first` comes too late."""
        sound = sound[max(self.first - position, 0) :]
        if not sound:
            return
        offset = max(position - self.first, 0)
        if offset > len(self.data):
            self.data += bytes([_SILENCE]) * (offset - len(self.data))
        self.data[offset : offset + len(sound)] = sound

    def cut_after(self, position: int) -> None:
        del self.data[max(position - self.first, 0) :]

    def take(self, until: int) -> bytes:
        """What stands before `until`, filled up with silence; it is forgotten here."""
        count = max(until - self.first, 0)
        taken = bytes(self.data[:count]).ljust(count, bytes([_SILENCE]))
        del self.data[:count]
        self.first += count
        return taken


class Recorder:
    """Records one call to `file` through `disk`. Positions are samples at 8 kHz from the stream's start."""

    def __init__(self, disk: Disk, file: WavFile) -> None:
        self._disk = disk
        self._file = file
        self._caller = _Lane()
        self._agent = _Lane()

    def caller(self, position: int, frame: bytes) -> None:
        self._caller.put(position, frame)

    def agent(self, position: int, sound: bytes) -> None:
        """`sound` was sent to the line at `position`; it plays when what was sent before has been played."""
        self._agent.put(max(position, self._agent.end), sound)

    def cleared(self, position: int) -> None:
        """The line threw away what it had not played by `position`."""
        if self._agent.end > position:
            self._agent.cut_after(position)

    def write(self, position: int, *, last: bool = False) -> None:
        """Put on disk what is settled at `position`; with `last`, all of it."""
        until = position if last else self._settled(position)
        if until <= self._caller.first:
            return
        left, right = self._caller.take(until), self._agent.take(until)
        self._disk.do(lambda: self._file.append(_interleave(left, right)))

    def _settled(self, position: int) -> int:
        return max(min(position - SETTLE_SAMPLES, self._caller.end), position - LATE_SAMPLES)

    @property
    def held_bytes(self) -> int:
        return len(self._caller.data) + len(self._agent.data)


def _interleave(left: bytes, right: bytes) -> bytes:
    """Two lanes of μ-law as interleaved 16-bit samples."""
    both = np.empty((len(left), 2), dtype="<i2")
    both[:, 0] = np.frombuffer(decode(left), dtype="<i2")
    both[:, 1] = np.frombuffer(decode(right), dtype="<i2")
    return both.tobytes()
