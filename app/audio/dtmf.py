"""The tones of a telephone's keys (ITU-T Q.23): two at once for each key, as a line carries them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.audio.mulaw import encode
from app.audio.reading import LINE_RATE_HZ

TONE_MS = 100
GAP_MS = 100
"""Q.24 has receivers take 40 ms of each; networks and speech coders between are kinder to more."""
WAITS_MS = {"w": 500, "W": 1000}
"""As carriers have it in digits that are sent once somebody answers."""
_LOW_HZ = (697, 770, 852, 941)
_HIGH_HZ = (1209, 1336, 1477)
_ROWS = ("123", "456", "789", "*0#")
_PEAK_AT_0_DBM0 = 22_300
"""Of a sine on the 16-bit scale: μ-law's largest value, 32 124, is 3.17 dBm0 (ITU-T G.711)."""
_LOW_DBM0, _HIGH_DBM0 = -9.0, -7.0
"""The higher tone 2 dB above the lower one, since lines are weaker there; both well below what is overdriven."""
_EDGE_MS = 2
"""Fading in and out, lest a click spread over all frequencies."""


def tones(keys: str) -> bytes:
    """`keys` of `0-9*#`, and `w` and `W` for waits, as 8 kHz μ-law: 200 ms a key. Raises ValueError for others."""
    return b"".join(_of_key(key) for key in keys)


@lru_cache(maxsize=16)
def _of_key(key: str) -> bytes:
    if key in WAITS_MS:
        return encode(bytes(2 * _samples(WAITS_MS[key])))
    row = next((place for place, keys in enumerate(_ROWS) if key and key in keys), None)
    if row is None or len(key) != 1:
        raise ValueError("a telephone has the keys 0 to 9, * and #")
    pair = _sine(_LOW_HZ[row], _LOW_DBM0) + _sine(_HIGH_HZ[_ROWS[row].index(key)], _HIGH_DBM0)
    edge = np.linspace(0.0, 1.0, _samples(_EDGE_MS))
    pair[: len(edge)] *= edge
    pair[-len(edge) :] *= edge[::-1]
    sound = np.concatenate([pair, np.zeros(_samples(GAP_MS))])
    return encode(np.round(sound).astype("<i2").tobytes())


def _sine(frequency_hz: int, level_dbm0: float) -> NDArray[np.float64]:
    at_s = np.arange(_samples(TONE_MS)) / LINE_RATE_HZ
    wave: NDArray[np.float64] = _PEAK_AT_0_DBM0 * 10 ** (level_dbm0 / 20) * np.sin(2 * np.pi * frequency_hz * at_s)
    return wave


def _samples(ms: int) -> int:
    return ms * LINE_RATE_HZ // 1000
