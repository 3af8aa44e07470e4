"""Is this frame a voice? WebRTC's detector says whether it sounds like one, energy whether it is near enough.

The detector alone is quick to say "speech" in the pauses (FIELD: precision .81 to .85 on telephone audio), so it is
only asked about frames loud enough to count, and its word counts only together with their level.
"""

from __future__ import annotations

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from app.audio.reading import LINE_RATE_HZ

START_RMS = 500
CONTINUE_RMS = 250
"""Levels on the 16-bit scale at which speech may begin and go on (ARCHITECTURE §3)."""

START_OVER_ROOM = 1.0
CONTINUE_OVER_ROOM = 0.5
"""In a loud room the thresholds rise to these times its level (before suppression); see docs/audio.md."""

LOUDEST_ROOM_RMS = 2000
"""A room louder than this raises nothing further, or nobody could make themselves heard."""

AGGRESSIVENESS = 2
"""webrtcvad's mode, 0 to 3; see docs/audio.md."""

_DECIMATION = 6


def start_threshold(noise_rms: int) -> float:
    """The level that a frame needs for speech to begin, in a room of `noise_rms`; 16-bit scale."""
    return max(START_RMS, START_OVER_ROOM * min(noise_rms, LOUDEST_ROOM_RMS))


def continue_threshold(noise_rms: int) -> float:
    """The level that a frame needs for speech to go on, in a room of `noise_rms`; 16-bit scale."""
    return max(CONTINUE_RMS, CONTINUE_OVER_ROOM * min(noise_rms, LOUDEST_ROOM_RMS))


class VoiceActivity:
    """webrtcvad over conditioned frames; remembers, so one for each caller."""

    def __init__(self, aggressiveness: int = AGGRESSIVENESS) -> None:
        self._vad = webrtcvad.Vad(aggressiveness)

    def __call__(self, frame: NDArray[np.float32]) -> bool:
        """960 conditioned samples at 48 kHz, on the 16-bit scale and within it. True if they sound like a voice.

        The detector gets every sixth sample. It works at 8 kHz inside, whatever it is given, the chain's low-pass has
        left nothing above 4 kHz, and its own way down from 48 kHz costs ten times as much as its judgement.
        """
        pcm = frame[::_DECIMATION].astype(np.int16).tobytes()
        return bool(self._vad.is_speech(pcm, LINE_RATE_HZ))
