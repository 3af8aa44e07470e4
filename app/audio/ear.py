"""The whole way in for one caller: 20 ms of μ-law to a `Reading`.

The same bytes give the same readings, always: replay depends on it.
"""

from __future__ import annotations

import audioop

import numpy as np
from numpy.typing import NDArray

from app.audio.activity import VoiceActivity, continue_threshold
from app.audio.conditioning import Conditioner
from app.audio.conditioning.hush import PLAINLY_QUIET_RMS
from app.audio.finality import Finality
from app.audio.metrics import LineMeter, LineQuality, clipped_bytes
from app.audio.neural import NeuralVoice
from app.audio.reading import FRAME_LINE_SAMPLES, Reading
from app.audio.resample import FRAME_HOUSE_SAMPLES, WayIn
from app.audio.segmenter import SPEECH_PERCENT

SETTLED_FRAMES = 10
"""After this many frames of digital silence every filter has rung out (the slowest, DC removal, falls by 150 dB)."""

_SILENCE, _NEGATIVE_SILENCE = 0xFF, 0x7F
_ZEROS: NDArray[np.float32] = np.zeros(FRAME_LINE_SAMPLES, dtype=np.float32)
INAUDIBLE_RMS = 90.0
"""After the filters: less is no voice for the network. At 100 a caller whose voice is faint was not found out."""
_GATED: NDArray[np.float32] = np.zeros(FRAME_HOUSE_SAMPLES, dtype=np.float32)
_GATED.flags.writeable = False


class Ear:
    """Hears one call's frames, in their order."""

    def __init__(self) -> None:
        self._way_in = WayIn()
        self._condition = Conditioner()
        self._is_voice = VoiceActivity()
        self._neural = NeuralVoice()
        self._finality = Finality()
        self._meter = LineMeter()
        self._silent_frames = 0
        self._was_quiet = False
        self._hushed: NDArray[np.float32] | None = None
        self._frame = _GATED

    @property
    def conditioned(self) -> NDArray[np.float32]:
        """The last frame as it left the chain: 960 samples at 48 kHz, 16-bit scale. Overwritten by the next one."""
        return self._frame

    def hear(self, frame: bytes, position: int) -> Reading:
        """`frame`: 160 bytes of μ-law; `position`: samples at 8 kHz from the stream's start to its first.

        Another length is a `ValueError`: `mulaw.FrameCutter` makes frames of what a carrier sends.
        """
        if len(frame) != FRAME_LINE_SAMPLES:
            raise ValueError(f"a frame is {FRAME_LINE_SAMPLES} bytes of μ-law, got {len(frame)}: cut it first")
        if frame.count(_SILENCE) + frame.count(_NEGATIVE_SILENCE) == FRAME_LINE_SAMPLES:
            self._silent_frames += 1
            if self._silent_frames > SETTLED_FRAMES:
                return self._nothing(position)
        else:
            self._silent_frames = 0
        conditioner = self._condition
        linear = audioop.ulaw2lin(frame, 2)
        line = np.frombuffer(linear, dtype=np.int16).astype(np.float32)
        if not self._is_plainly_quiet(linear):
            if self._hushed is not None:
                conditioner.lead_up(self._way_in.push(self._hushed))
                self._hushed = None
            self._frame = conditioner(self._way_in.push(line))
        else:
            conditioner.hush(line)
            self._hushed, self._frame = line, _GATED
        rms, noise_rms = int(conditioner.rms), conditioner.room.rms
        voiced = False
        if not conditioner.quiet and rms >= continue_threshold(noise_rms):
            voiced = self._is_voice(self._frame)
        speech = self._neural.hear(line, quiet=conditioner.level < INAUDIBLE_RMS, voiced=voiced)
        self._meter.take(conditioner.level, voiced, clipped_bytes(frame), conditioner.power)
        finality = self._finality.hear(line, voice=voiced and not 0 <= speech < SPEECH_PERCENT)
        return self._read(Reading(position, rms, voiced, noise_rms, speech, finality))

    def quality(self) -> LineQuality:
        """The line's quality so far."""
        return self._meter.quality()

    def _is_plainly_quiet(self, linear: bytes) -> bool:
        """Not the first such frame: the chain is late by 2.6 ms, and lets what was louder ring out."""
        before, self._was_quiet = self._was_quiet, audioop.rms(linear, 2) < PLAINLY_QUIET_RMS
        return before and self._was_quiet

    def _nothing(self, position: int) -> Reading:
        self._frame, self._hushed = _GATED, None
        self._condition.silent()
        self._meter.take(0.0, False, 0, self._condition.power)
        speech = self._neural.hear(_ZEROS, quiet=True)
        finality = self._finality.hear(_ZEROS, voice=False)
        return self._read(Reading(position, 0, False, self._condition.room.rms, speech, finality))

    def _read(self, reading: Reading) -> Reading:
        self._meter.read(reading)
        return reading
