"""Sound as the telephone knows it: anything to 8 kHz μ-law, and how loud each 20 ms of that is."""

from __future__ import annotations

import audioop
import io
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.audio.mulaw import decode, encode
from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, LINE_RATE_HZ
from app.audio.resample import whole
from app.audio.sound import Sound

LOUD_RMS = 100.0
"""A frame at or above this (16-bit scale) is heard as sound: 50 dB under full scale, above μ-law's idle noise."""
_LOUD_SHARE = 0.08
"""In a recording with a noisy room: what is 22 dB below its loudest frame is the room."""

_TO_PCM: NDArray[np.int16] = np.frombuffer(decode(bytes(range(256))), dtype="<i2")
_SQUARED: NDArray[np.float32] = np.square(_TO_PCM.astype(np.float32))


class SoundFileError(ValueError):
    """A file that holds no sound this phone can play; the message says what to do."""


def mulaw_to_pcm(mulaw: bytes) -> NDArray[np.int16]:
    """One 16-bit sample for each byte."""
    return _TO_PCM[np.frombuffer(mulaw, dtype=np.uint8)]


def to_line(sound: Sound) -> bytes:
    """Any sound as 8 kHz μ-law, resampled at high quality, whole."""
    if sound.encoding == "mulaw" and sound.rate_hz == LINE_RATE_HZ:
        return sound.data
    return encode(whole(sound, LINE_RATE_HZ).data)


def read_wav(path: Path) -> Sound:
    """A WAV file of any rate, 8 to 32 bits, any number of channels (mixed to one). Raises SoundFileError."""
    try:
        data = path.read_bytes()
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate_hz = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except OSError as error:
        raise SoundFileError(f"{path}: cannot be read ({error.strerror}).") from None
    except (wave.Error, EOFError) as error:
        raise SoundFileError(f"{path}: not a WAV file of plain samples ({error}). Convert it to 16-bit PCM.") from None
    if width == 1:  # 8-bit WAV alone is unsigned
        frames = audioop.bias(frames, 1, -128)
    frames = frames[: len(frames) // (width * channels) * width * channels]  # a file cut short
    samples = np.frombuffer(audioop.lin2lin(frames, width, 2), dtype="<i2").reshape(-1, channels)
    mono = samples.astype(np.int32).mean(axis=1).astype("<i2")
    return Sound(mono.tobytes(), rate_hz)


def write_stereo(path: Path, left: NDArray[np.int16], right: NDArray[np.int16]) -> None:
    """8 kHz, 16-bit; the shorter side is filled up with silence. Raises OSError."""
    both = np.zeros((max(len(left), len(right)), 2), dtype="<i2")
    both[: len(left), 0] = left
    both[: len(right), 1] = right
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(LINE_RATE_HZ)
        file.writeframes(both.tobytes())


def loud_runs(mulaw: bytes, adapt: bool = False) -> list[tuple[float, float]]:
    """Where there is sound, as (start, end) in seconds from the first sample, to 20 ms.

    `adapt`: judge by the loudest frame too, for recordings from noisy rooms.
    """
    levels = _frame_rms(mulaw)
    threshold = max(LOUD_RMS, _LOUD_SHARE * float(levels.max(initial=0.0))) if adapt else LOUD_RMS
    edges = np.flatnonzero(np.diff(np.concatenate(([False], levels >= threshold, [False])).astype(np.int8)))
    end_s = len(mulaw) / LINE_RATE_HZ
    return [
        (start * FRAME_MS / 1000, min(end * FRAME_MS / 1000, end_s)) for start, end in edges.reshape(-1, 2).tolist()
    ]


def _frame_rms(mulaw: bytes) -> NDArray[np.float32]:
    squares = _SQUARED[np.frombuffer(mulaw, dtype=np.uint8)]
    whole = len(squares) // FRAME_LINE_SAMPLES * FRAME_LINE_SAMPLES
    means = squares[:whole].reshape(-1, FRAME_LINE_SAMPLES).mean(axis=1)
    if whole < len(squares):
        means = np.append(means, squares[whole:].mean())
    levels: NDArray[np.float32] = np.sqrt(means).astype(np.float32)
    return levels
