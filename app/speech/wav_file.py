"""A caller's turn as the file that recognisers take."""

from __future__ import annotations

import io
import wave

from app.audio.resample import whole
from app.audio.sound import Sound

RECOGNISER_RATE_HZ = 16_000


def wav_file(sound: Sound) -> bytes:
    """The sound as a WAV of 16 kHz, 16 bits, mono; resampled whole and at high quality."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RECOGNISER_RATE_HZ)
        out.writeframes(whole(sound, RECOGNISER_RATE_HZ).data)
    return file.getvalue()
