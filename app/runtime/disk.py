"""Writes calls' files from one thread of its own, so that a slow disk never holds up anyone's audio."""

from __future__ import annotations

import asyncio
import os
import struct
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from app.audio.reading import LINE_RATE_HZ

_log = structlog.get_logger(__name__)
WAV_HEADER_BYTES = 44


class Disk:
    """One writer thread for all calls; work is done in the order it was given."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk")
        self._failures: Counter[str] = Counter()

    @property
    def failures(self) -> int:
        return self._failures.total()

    def do(self, work: Callable[[], None]) -> None:
        """Have `work` done soon. A failure is logged and counted; the call goes on without that file."""
        self._thread.submit(self._guarded, work)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # nobody else would ever see it: the thread's results are not asked for
            kind = (isinstance(error, OSError) and error.strerror) or type(error).__name__
            self._failures[kind] += 1
            times = self._failures[kind]
            if times in (1, 10, 100) or times % 1000 == 0:  # a full disk fails for every call, every second
                trace = None if isinstance(error, OSError) else error
                _log.error("disk_write_failed", error=kind, times=times, failures=self.failures, exc_info=trace)

    async def settled(self) -> None:
        """Return once everything given so far is on disk."""
        await asyncio.wrap_future(self._thread.submit(lambda: None))

    def close(self) -> None:
        self._thread.shutdown(wait=True)


class WavFile:
    """A stereo 16-bit WAV that grows and is playable at every moment: the header always tells what is there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes = 0

    def append(self, data: bytes) -> None:
        """Add interleaved samples: the data first, then the header's sizes, so that a kill between leaves it
        whole. What fails to be written leaves a hole, which reads as silence: later samples stand at their place."""
        begin, self._bytes = self._bytes, self._bytes + len(data)
        end = self._bytes
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("r+b" if self._path.exists() else "w+b") as file:
            if file.seek(0, os.SEEK_END) < WAV_HEADER_BYTES:
                file.seek(0)
                file.write(wav_header(0))
            file.seek(WAV_HEADER_BYTES + begin)
            file.write(data)
            file.seek(0)
            file.write(wav_header(end))


def wav_header(data_bytes: int) -> bytes:
    """What stands before so many bytes of interleaved samples: `WAV_HEADER_BYTES`."""
    channels, width = 2, 2
    frame = channels * width
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, channels),
        *(LINE_RATE_HZ, LINE_RATE_HZ * frame, frame, width * 8, b"data", data_bytes),
    )


class LineFile:
    """A text file that grows by whole lines."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, lines: list[str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
