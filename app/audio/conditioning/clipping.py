"""Clip prevention: nothing leaves the chain beyond what 16 bits hold, and nothing is cut off square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KNEE = 26_000.0
"""−2 dBFS: below, a sample passes untouched."""
CEILING = 32_767.0

_ROOM = np.float32(CEILING - KNEE)


def prevent_clipping(frame: NDArray[np.float32], peak: float) -> None:
    """Bend what is above the knee softly below the ceiling, in place, on the 16-bit scale.

    `peak`: the frame's greatest magnitude, known from the step before; a frame below the knee costs nothing.
    """
    if peak <= KNEE:
        return
    magnitude = np.abs(frame)
    over = magnitude > np.float32(KNEE)
    bent = np.float32(KNEE) + _ROOM * np.tanh((magnitude[over] - np.float32(KNEE)) / _ROOM)
    frame[over] = np.copysign(bent, frame[over])
