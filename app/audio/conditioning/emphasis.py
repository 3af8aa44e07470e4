"""Speech emphasis: what telephones weaken, and what tells consonants apart, raised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LAG_SAMPLES = 6
"""One sample of the 8 kHz line at 48 kHz: the difference over it is least at 0 Hz and greatest at 4 kHz."""
AMOUNT = 0.35
"""+0.3 dB at 500 Hz, +2.9 dB at 2 kHz, +4.5 dB at 3.4 kHz."""


class SpeechEmphasis:
    """A rising tilt: each sample plus a share of its change since 125 µs before. Frames are changed in place."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] = np.zeros(LAG_SAMPLES, dtype=np.float32)

    def __call__(self, frame: NDArray[np.float32]) -> None:
        before = self._before
        self._before = frame[-LAG_SAMPLES:].copy()
        change = frame * np.float32(-AMOUNT)
        frame *= np.float32(1.0 + AMOUNT)
        frame[LAG_SAMPLES:] += change[:-LAG_SAMPLES]
        frame[:LAG_SAMPLES] -= before * np.float32(AMOUNT)

    def skip(self, frame: NDArray[np.float32]) -> None:
        """A frame that is not emphasised, but that the next one follows on."""
        self._before[:] = frame[-LAG_SAMPLES:]
