"""Changing the rate of audio: frames on the way in, whole recordings for recognisers, speech on the way out.

Stateful all through: a resampler that forgets at the border of two pieces clicks there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from app.audio import mulaw
from app.audio.reading import FRAME_LINE_SAMPLES, HOUSE_RATE_HZ, LINE_RATE_HZ
from app.audio.sound import Sound

FRAME_HOUSE_SAMPLES = FRAME_LINE_SAMPLES * HOUSE_RATE_HZ // LINE_RATE_HZ  # 960

_PCM16 = np.dtype("<i2")


class WayIn:
    """Frames of 160 samples at 8 kHz to frames of 960 at 48 kHz, evenly, 0.25 ms late.

    soxr's QQ is the only quality that neither waits nor bursts (ARCHITECTURE §3); the images it leaves above 4 kHz
    are the low-pass step's to remove. Its first answer is 12 samples short, which zeros before it make up for.
    """

    def __init__(self) -> None:
        self._soxr: Any = soxr.ResampleStream(LINE_RATE_HZ, HOUSE_RATE_HZ, 1, dtype="float32", quality="QQ")
        self._begun = False

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """160 samples in, 960 out; same scale."""
        # as one column, which soxr would make of it itself, and more slowly
        out: NDArray[np.float32] = self._soxr.resample_chunk(samples[:, np.newaxis])[:, 0]
        if self._begun:
            return out
        self._begun = True
        return np.concatenate((np.zeros(FRAME_HOUSE_SAMPLES - len(out), dtype=np.float32), out))


def whole(sound: Sound, rate_hz: int) -> Sound:
    """A complete sound as `pcm16` at `rate_hz`, in soxr's high quality; for recognisers (16 kHz) and files.

    Not for pieces of a stream: each would start from silence. A sound already so is given back as it is.
    """
    if sound.encoding == "pcm16" and sound.rate_hz == rate_hz:
        return sound
    pcm = mulaw.decode(sound.data) if sound.encoding == "mulaw" else sound.data
    if sound.rate_hz != rate_hz and pcm:
        samples = np.frombuffer(pcm, dtype=_PCM16)
        pcm = soxr.resample(samples, sound.rate_hz, rate_hz, quality="HQ").astype(_PCM16, copy=False).tobytes()
    return Sound(pcm, rate_hz)


class LineEncoder:
    """Speech as it comes from a synthesizer, to μ-law at 8 kHz; a fresh one for each spoken piece.

    Encoded once, from the synthesizer's own rate (soxr HQ: flat to 3.7 kHz, nothing folded back). HQ holds back up to
    115 ms of the piece's sound until more of it, or `flush`, comes: synthesizers are faster than speech, so nobody
    waits for it. μ-law at 8 kHz passes through untouched. A sample torn in two between pieces is put together again.
    """

    def __init__(self) -> None:
        self._soxr: Any = None
        self._source: tuple[str, int] | None = None
        self._odd = b""

    def push(self, sound: Sound) -> bytes:
        """The μ-law bytes that are ready after this piece; may be none, or more than the piece's own length.

        A piece of another rate or encoding than the one before ends that one's sound as `flush` does.
        """
        before = b""
        if (sound.encoding, sound.rate_hz) != self._source:
            before = self._change_to(sound)
        if sound.encoding == "mulaw" and self._soxr is None:
            return before + sound.data
        pcm = mulaw.decode(sound.data) if sound.encoding == "mulaw" else self._whole_samples(sound.data)
        if self._soxr is not None:
            pcm = self._soxr.resample_chunk(np.frombuffer(pcm, dtype=_PCM16)).tobytes()
        return before + mulaw.encode(pcm)

    def flush(self) -> bytes:
        """What is still held back. Afterwards the encoder is as new."""
        rest = b""
        if self._soxr is not None:
            tail = self._soxr.resample_chunk(np.zeros(0, dtype=np.int16), last=True)
            rest = mulaw.encode(tail.tobytes())
        self._soxr, self._source, self._odd = None, None, b""
        return rest

    def _change_to(self, sound: Sound) -> bytes:
        before = self.flush()
        self._source = (sound.encoding, sound.rate_hz)
        if sound.rate_hz != LINE_RATE_HZ:
            self._soxr = soxr.ResampleStream(sound.rate_hz, LINE_RATE_HZ, 1, dtype="int16", quality="HQ")
        return before

    def _whole_samples(self, data: bytes) -> bytes:
        data = self._odd + data
        even = len(data) & ~1
        self._odd = data[even:]
        return data[:even]
