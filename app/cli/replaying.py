"""`python -m app replay`: feed a call's timeline back into the core, with its recording if the audio is to be
heard again."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.audio.ear import Ear
from app.audio.mulaw import encode
from app.audio.reading import FRAME_LINE_SAMPLES, LINE_RATE_HZ, Reading
from app.call.replay import Replay, replay


def replay_files(timeline: Path, recording: Path | None) -> Replay:
    """Replay `timeline`; with `recording`, through the audio chain as well. Raises ValueError or OSError."""
    hear = hearing(recording) if recording else None
    with timeline.open(encoding="utf-8") as lines:
        return replay(lines, hear)


def hearing(recording: Path) -> Callable[[int], Reading]:
    """The audio chain over a recording's left channel: the caller, frame by frame, as it was heard in the call."""
    with wave.open(str(recording), "rb") as file:
        if file.getframerate() != LINE_RATE_HZ or file.getnchannels() != 2 or file.getsampwidth() != 2:
            raise ValueError(f"{recording} is no recording of ours: 8 kHz, 16-bit, stereo")
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    caller = encode(np.ascontiguousarray(both[:, 0]).tobytes())
    ear = Ear()

    def hear(position: int) -> Reading:
        frame = caller[position : position + FRAME_LINE_SAMPLES].ljust(FRAME_LINE_SAMPLES, b"\xff")
        return ear.hear(frame, position)

    return hear
