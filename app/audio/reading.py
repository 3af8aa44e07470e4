"""What the house knows of one 20 ms frame of the caller once the audio chain has heard it."""

from __future__ import annotations

from dataclasses import dataclass

LINE_RATE_HZ = 8_000
"""Samples a second on the telephone line (WIRE facts: `audio/x-mulaw`, 8000, mono)."""

FRAME_MS = 20
FRAME_LINE_SAMPLES = LINE_RATE_HZ * FRAME_MS // 1000  # 160, one μ-law byte each

HOUSE_RATE_HZ = 48_000
"""Samples a second inside the house."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One frame's findings; whole numbers, so that a timeline keeps them exactly.

    `position`: samples at 8 kHz from the stream's start to the frame's first sample.
    `rms`: level of the conditioned frame before any gain, on the 16-bit scale.
    `voiced`: what the voice activity detector says of it.
    `noise_rms`: the room's level as estimated so far, same scale.
    `speech`: how likely a second detector holds it to be a voice, in percent; -1 where there is none.
    `finality`: in a pause, how much of an end the voice before it came to, in percent: 0 stays in the air, 100 has come
    down; the same on all frames of that pause. -1 while nobody pauses, and where it cannot be told.
    """

    position: int
    rms: int
    voiced: bool
    noise_rms: int
    speech: int = -1
    finality: int = -1
