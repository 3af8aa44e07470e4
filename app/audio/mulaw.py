"""The telephone's code: G.711 μ-law, and cutting what arrives into frames of 20 ms.

A carrier promises 8 kHz μ-law, not the size of its pieces, nor that all of them arrive. `FrameCutter` makes frames of
exactly 160 bytes of whatever comes, and moves their position on where audio was lost, so that positions stay true to
the stream's own clock.
"""

from __future__ import annotations

import audioop
from dataclasses import dataclass

from app.audio.reading import FRAME_LINE_SAMPLES, LINE_RATE_HZ

SILENCE = b"\xff"
"""The μ-law code of zero."""

LONGEST_LOSS_MS = 10_000
"""A timestamp further ahead than this is taken for a mistake: no carrier loses ten seconds and goes on."""

_SAMPLES_PER_MS = LINE_RATE_HZ // 1000
_LONGEST_LOSS = LONGEST_LOSS_MS * _SAMPLES_PER_MS


def decode(mulaw: bytes) -> bytes:
    """μ-law bytes as linear samples: signed 16-bit, native (little-endian) order, two bytes for each one given."""
    return audioop.ulaw2lin(mulaw, 2)


def encode(pcm16: bytes) -> bytes:
    """Signed 16-bit samples as μ-law, one byte for each two given. An odd number of bytes is a `ValueError`."""
    if len(pcm16) % 2:
        raise ValueError(f"16-bit audio comes in pairs of bytes, got {len(pcm16)}: keep the odd one for the next piece")
    return audioop.lin2ulaw(pcm16, 2)


@dataclass(frozen=True, slots=True)
class LineFrame:
    """20 ms of the line. `position`: samples at 8 kHz from the stream's start; `mulaw`: 160 bytes."""

    position: int
    mulaw: bytes


class FrameCutter:
    """Pieces of any size in, frames of 160 bytes out, positions never going backwards."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._position = 0
        self._ahead = 0
        self._doubt: int | None = None

    @property
    def position(self) -> int:
        """Samples at 8 kHz from the stream's start to the end of all that has arrived."""
        return self._position + len(self._rest)

    def push(self, payload: bytes, timestamp_ms: int | None = None, furthest: int | None = None) -> list[LineFrame]:
        """The frames that `payload` (μ-law, any size) completes.

        `timestamp_ms`: the media timestamp of the payload's first sample, if the carrier gives one. If it is a frame
        or more ahead of what has arrived, audio was lost: a begun frame is filled with silence and the position moves
        on. A timestamp in the past, or more than ten seconds ahead, moves nothing; once two in a row agree on such a
        distance, the carrier's clock was set anew, and later ones are read by it.
        `furthest`: a position (samples at 8 kHz) that no loss can lead beyond, for whoever knows the time; a timestamp
        that says so is taken for a mistake in the same way.
        """
        frames = [] if timestamp_ms is None else self._catch_up(timestamp_ms, furthest)
        rest = self._rest
        rest += payload
        whole = len(rest) - len(rest) % FRAME_LINE_SAMPLES
        for at in range(0, whole, FRAME_LINE_SAMPLES):
            frames.append(LineFrame(self._position, bytes(rest[at : at + FRAME_LINE_SAMPLES])))
            self._position += FRAME_LINE_SAMPLES
        del rest[:whole]
        return frames

    def flush(self) -> list[LineFrame]:
        """The begun frame, filled with silence, if there is one: for the stream's end."""
        if not self._rest:
            return []
        frame = LineFrame(self._position, bytes(self._rest).ljust(FRAME_LINE_SAMPLES, SILENCE))
        self._rest.clear()
        self._position += FRAME_LINE_SAMPLES
        return [frame]

    def _catch_up(self, timestamp_ms: int, furthest: int | None) -> list[LineFrame]:
        ahead = timestamp_ms * _SAMPLES_PER_MS - self.position
        lost = ahead - self._ahead
        longest = _LONGEST_LOSS if furthest is None else min(_LONGEST_LOSS, max(furthest - self.position, 0))
        if lost > longest or lost < -_LONGEST_LOSS:
            if self._doubt is not None and abs(ahead - self._doubt) < FRAME_LINE_SAMPLES:
                self._ahead, self._doubt = ahead, None
            else:
                self._doubt = ahead
            return []
        self._doubt = None
        if lost < FRAME_LINE_SAMPLES:
            return []
        target = self.position + lost
        frames = self.flush()
        self._position = target
        return frames
