"""The room is learnt from its quietest moments, and speech is never taken for it."""

from __future__ import annotations

import numpy as np
import pytest

from app.audio.noise import FRAMES_PER_STEP, STEPS, NoiseSpectrum, RoomNoise

WINDOW = FRAMES_PER_STEP * (STEPS + 1)


def steady(rms: float, frames: int, seed: int = 1) -> list[float]:
    return [float(level) for level in np.random.default_rng(seed).normal(rms, rms * 0.08, frames)]


def test_a_steady_room_is_known_after_one_window() -> None:
    room = RoomNoise()
    for level in steady(400, WINDOW):
        room.update(level)
    assert room.rms == pytest.approx(400, rel=0.2)


def test_before_that_nothing_is_held_against_the_caller() -> None:
    room = RoomNoise()
    assert {room.update(level) for level in steady(3000, FRAMES_PER_STEP * (STEPS - 1))} == {0}


def test_speech_with_pauses_is_not_the_room() -> None:
    room = RoomNoise()
    for _ in range(6):
        for level in [*steady(5000, 60), *steady(150, 12)]:
            room.update(level)
    assert room.rms < 600


def test_a_room_that_falls_still_is_believed_at_once() -> None:
    room = RoomNoise()
    for level in steady(1000, WINDOW):
        room.update(level)
    for level in steady(50, 10):
        room.update(level)
    assert room.rms < 150


def test_a_room_that_grows_loud_is_known_after_one_window() -> None:
    room = RoomNoise()
    for level in [*steady(50, WINDOW), *steady(900, WINDOW)]:
        room.update(level)
    assert room.rms == pytest.approx(900, rel=0.2)


def test_each_band_has_its_own_room() -> None:
    spectrum, rng = NoiseSpectrum(3), np.random.default_rng(2)
    mean = np.array([1e4, 1e6, 1e8])
    for _ in range(WINDOW * 2):
        spectrum.update((mean * rng.exponential(size=3)).astype(np.float32))
    assert np.all(np.abs(10 * np.log10(spectrum.power / mean)) < 4)
