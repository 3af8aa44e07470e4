"""The picture that networks of Whisper's family look at; that of another program was compared once (docs/audio.md)."""

from __future__ import annotations

import numpy as np
import pytest

from app.audio.log_mel import log_mel


def tone(hz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(int(seconds * 16_000)) / 16_000).astype(np.float32)


def test_a_column_every_10_ms_and_80_bands() -> None:
    picture = log_mel(tone(440.0, 8.0))
    assert picture.shape == (80, 800)
    assert picture.dtype == np.float32


@pytest.mark.parametrize(("hz", "band"), [(440, 11), (1000, 26), (2000, 44), (4000, 62), (7000, 77)])
def test_a_tone_is_bright_in_the_band_of_its_height(hz: float, band: int) -> None:
    """45.2 mel in 81 steps: 440 Hz are 6.6 mel, so the eleventh or twelfth; 4 kHz are 35.2, the 63rd."""
    assert abs(int(log_mel(tone(hz))[:, 50].argmax()) - band) <= 1


def test_loudness_makes_no_difference_and_nothing_is_darker_than_eight_decades() -> None:
    rng = np.random.default_rng(1)
    sound = (tone(300) + rng.normal(0, 0.01, 16_000)).astype(np.float32)
    sound[:8000] = 0
    assert np.allclose(log_mel(sound), log_mel(sound * np.float32(0.01)), atol=0.01)
    picture = log_mel(sound)
    assert picture.max() - picture.min() == pytest.approx(2.0, abs=1e-5)
    assert picture[:, :45].max() < picture[:, 55:].max() - 1.5


def test_of_silence_it_is_flat() -> None:
    picture = log_mel(np.zeros(16_000, dtype=np.float32))
    assert np.ptp(picture) == 0
    assert np.isfinite(picture).all()
