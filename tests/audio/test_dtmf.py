"""Keys as tones: the right two frequencies, at levels and for times that any receiver takes."""

from __future__ import annotations

import numpy as np
import pytest

from app.audio.dtmf import GAP_MS, TONE_MS, tones
from app.audio.mulaw import decode

PAIRS = dict(
    zip("123456789*0#", [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477)], strict=True)
)
ALL = (697, 770, 852, 941, 1209, 1336, 1477, 1633)


def heard(keys: str) -> np.ndarray:
    return np.frombuffer(decode(tones(keys)), dtype="<i2").astype(np.float64)


def power(sound: np.ndarray, frequency_hz: int) -> float:
    """Of a tone in the sound, by Goertzel's sum."""
    turning = np.exp(-2j * np.pi * frequency_hz * np.arange(len(sound)) / 8000)
    return float(abs(np.dot(sound, turning)) * 2 / len(sound))


@pytest.mark.parametrize("key", PAIRS)
def test_a_key_is_its_two_tones_and_nothing_else(key: str) -> None:
    sound = heard(key)
    tone, gap = sound[: TONE_MS * 8], sound[TONE_MS * 8 :]
    assert len(gap) == GAP_MS * 8
    assert np.abs(gap).max() < 10
    levels = {hz: power(tone, hz) for hz in ALL}
    low, high = PAIRS[key]
    assert sorted(levels, key=lambda hz: levels[hz])[-2:] in ([low, high], [high, low])
    others = max(level for hz, level in levels.items() if hz not in (low, high))
    assert others < 0.1 * levels[low], "20 dB below the weaker of the two"
    twist_db = 20 * np.log10(levels[high] / levels[low])
    assert 1 < twist_db < 3
    for hz, dbm0 in ((low, -9), (high, -7)):
        assert 20 * np.log10(levels[hz] / 22_300) == pytest.approx(dbm0, abs=0.7)


def test_keys_follow_one_another_and_waits_are_silence() -> None:
    assert len(tones("12#")) == 3 * (TONE_MS + GAP_MS) * 8
    assert len(tones("wW")) == 1500 * 8
    assert np.abs(heard("w")).max() < 10


@pytest.mark.parametrize("keys", ["A", "1 2", "+", "12é"])
def test_what_is_no_key_is_refused(keys: str) -> None:
    with pytest.raises(ValueError, match="keys"):
        tones(keys)
