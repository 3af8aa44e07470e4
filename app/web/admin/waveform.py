"""A recording as a picture: two lanes of peaks, the caller's above the agent's, small enough to stand in a page.

A column is as high as the loudest sample it stands for, to the power of `GAMMA`: the ear takes loudness by ratio, and
a quiet caller drawn to scale would be a flat line.
"""

from __future__ import annotations

import os
import struct
from collections import OrderedDict
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import UUID

import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from app.runtime.archive import Archive, Content, LocalContent

COLUMNS = 560
LANE = 60
"""Height of a lane, in units of the picture; a column reaches half of it up and down."""
GAMMA = 0.6
FULL_SCALE = 32_124
"""The loudest that μ-law can say, on the 16-bit scale."""
KEPT = 128
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


@dataclass(frozen=True, slots=True)
class Waveform:
    """`caller`, `agent`: the `d` of an SVG path, `COLUMNS` wide and `LANE` high. `duration_ms`: of the recording."""

    caller: str
    agent: str
    duration_ms: int


class Waveforms:
    """Draws recordings in a thread and keeps what it drew, as long as the file stays as it was."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[UUID, tuple[int, Waveform | None]] = OrderedDict()

    async def of(self, call_id: UUID, archive: Archive) -> Waveform | None:
        """The picture of a recording; None if there is no recording, or none that can be read."""
        content = await archive.find("recording", call_id)
        if content is None:
            return None
        try:
            known = self._drawn.get(call_id)
            if known is not None and known[0] == content.size:
                self._drawn.move_to_end(call_id)
                return known[1]
            drawn = await _drawn(content)
        finally:
            content.close()
        self._drawn[call_id] = (content.size, drawn)
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return drawn


async def _drawn(content: Content) -> Waveform | None:
    """Through a file of its own if it is none yet: an hour of sound is more than memory should be asked for."""
    if isinstance(content, LocalContent):
        return await anyio.to_thread.run_sync(draw, content.file)
    with TemporaryFile() as file:
        async for piece in content.read(0, content.size):
            await anyio.to_thread.run_sync(file.write, piece)
        await anyio.to_thread.run_sync(file.flush)
        return await anyio.to_thread.run_sync(draw, file)


def draw(file: BinaryIO) -> Waveform | None:
    """Read a stereo 16-bit WAV, caller left, agent right; None if the file is something else or holds no sound."""
    try:
        file.seek(0)
        header = file.read(_HEADER.size)
        _, _, wave, *_, channels, rate_hz, _, _, bits, _, promised = _HEADER.unpack(header)
        if wave != b"WAVE" or (channels, bits) != (2, 16) or not rate_hz:
            return None
        there = min(promised, os.fstat(file.fileno()).st_size - _HEADER.size) // 4
        if there <= 0:
            return None
        samples = np.memmap(file, dtype="<i2", mode="r", offset=_HEADER.size, shape=(there, 2))
        highest = peaks(samples)
    except (OSError, struct.error, ValueError):
        return None
    return Waveform(_path(highest[:, 0]), _path(highest[:, 1]), there * 1000 // rate_hz)


def peaks(samples: NDArray[np.int16], columns: int = COLUMNS) -> NDArray[np.int32]:
    """The largest magnitude of each of `columns` equal parts of `(n, 2)` samples, as `(columns, 2)`."""
    count = len(samples)
    starts = (np.arange(columns, dtype=np.int64) * count) // columns
    high = np.maximum.reduceat(samples, starts, axis=0).astype(np.int32)
    low = np.minimum.reduceat(samples, starts, axis=0).astype(np.int32)
    return np.maximum(high, -low)


def _path(column_peaks: NDArray[np.int32]) -> str:
    """Upright strokes around the middle of the lane; silence is a dot, so that the lane is seen."""
    share = np.minimum(column_peaks / FULL_SCALE, 1.0) ** GAMMA
    heights = np.maximum(np.rint(share * (LANE // 2 - 1)).astype(int), 1)
    middle = LANE // 2
    return "".join(f"M{x} {middle - high}v{2 * high}" for x, high in enumerate(heights.tolist()))
