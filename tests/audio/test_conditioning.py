"""Each of the eight steps does what it is named for; together they keep time and let speech through."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from app.audio.conditioning import Conditioner
from app.audio.conditioning.clipping import CEILING, KNEE, prevent_clipping
from app.audio.conditioning.emphasis import SpeechEmphasis
from app.audio.conditioning.filters import (
    Cascade,
    Sections,
    _by_the_front_door,
    dc_removal,
    high_pass,
    low_pass,
)
from app.audio.conditioning.gain import LEAST, MOST, TARGET_RMS, AutomaticGain
from app.audio.conditioning.peaks import TARGET_PEAK, PeakNormaliser
from app.audio.conditioning.suppression import FLOOR, OVERLAP_SAMPLES, NoiseSuppressor

Frame = NDArray[np.float32]
RATE = 48_000


def tone(hz: float, level: float = 3000.0, seconds: float = 1.0) -> NDArray[np.float32]:
    """`level` is the peak."""
    return (level * np.sin(2 * np.pi * hz * np.arange(int(RATE * seconds)) / RATE)).astype(np.float32)


def hiss(rms: float, seconds: float, seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, rms, int(RATE * seconds)).astype(np.float32)


def by_frame(step: Callable[[Frame], Frame], sound: Frame) -> Frame:
    return np.concatenate([np.array(step(frame)) for frame in sound.reshape(-1, 960)])


def in_place(step: Callable[[Frame], object], sound: Frame) -> Frame:
    out = sound.copy()
    for frame in out.reshape(-1, 960):
        step(frame)
    return out


def rms(sound: NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean(np.asarray(sound, dtype=float) ** 2)))


def gain_db(step: Sections, hz: float) -> float:
    sound = tone(hz)
    out = by_frame(Cascade(step), sound)
    return 20 * np.log10(rms(out[RATE // 2 :]) / rms(sound))


def steepest(sound: Frame) -> float:
    return float(np.abs(np.diff(sound)).max())


# linear steps


def test_dc_removal_takes_an_offset_away_and_nothing_else() -> None:
    out = by_frame(Cascade(dc_removal()), tone(1000) + np.float32(900))
    assert abs(out[RATE // 2 :].mean()) < 1
    assert gain_db(dc_removal(), 300) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("hz", "least", "most"), [(50, -200, -50), (100, -200, -30), (400, -0.5, 0.1), (2000, -0.1, 0.1)]
)
def test_high_pass_stops_hum_and_passes_a_voice(hz: float, least: float, most: float) -> None:
    assert least < gain_db(high_pass(), hz) < most


@pytest.mark.parametrize(
    ("hz", "least", "most"), [(1000, -0.1, 0.1), (3000, -1, 0.1), (7500, -80, -23), (12_000, -99, -40)]
)
def test_low_pass_passes_the_telephone_band_alone(hz: float, least: float, most: float) -> None:
    assert least < gain_db(low_pass(), hz) < most


def test_a_cascade_forgets_nothing_between_frames() -> None:
    sound = hiss(1000, 0.2)
    at_once = Cascade(dc_removal(), high_pass())(sound)
    assert np.allclose(by_frame(Cascade(dc_removal(), high_pass()), sound), at_once, atol=0.01)


def test_a_settled_cascade_is_as_new() -> None:
    cascade = Cascade(high_pass())
    cascade(hiss(1000, 0.02))
    cascade.settle()
    assert np.array_equal(cascade(tone(500, seconds=0.02)), Cascade(high_pass())(tone(500, seconds=0.02)))


# noise suppression


def test_suppression_turns_the_room_down() -> None:
    suppress, room = NoiseSuppressor(), hiss(500, 4)
    out = by_frame(lambda frame: suppress(frame.astype(float)), Cascade(low_pass())(room).astype(np.float32))
    assert rms(out[-RATE:]) < 0.5 * rms(Cascade(low_pass())(room)[-RATE:])


def test_suppression_brings_a_voice_out_of_the_room() -> None:
    sound = Cascade(low_pass())(hiss(700, 5)).astype(np.float32)
    voice = tone(700, 2500, 1.0) + tone(1500, 1500, 1.0)
    sound[-RATE:] += voice
    suppress = NoiseSuppressor()
    out = by_frame(lambda frame: suppress(frame.astype(float)), sound)
    delayed = np.roll(voice, OVERLAP_SAMPLES)[4800:]
    before, after = rms(sound[-RATE + 4800 :] - voice[4800:]), rms(out[-RATE + 4800 :] - delayed)
    assert after < 0.7 * before
    assert rms(out[-RATE + 4800 :]) == pytest.approx(rms(voice), rel=0.15)


def test_a_clean_voice_passes_suppression_as_it_is_2_5_ms_late() -> None:
    suppress, voice = NoiseSuppressor(), tone(700, 5000, 0.5)
    out = by_frame(lambda frame: suppress(frame.astype(float)), voice)
    assert np.abs(out[9600:] - voice[9600 - OVERLAP_SAMPLES : -OVERLAP_SAMPLES]).max() < 60


def test_quiet_and_loud_frames_join_without_a_step() -> None:
    suppress, voice = NoiseSuppressor(), tone(300, 4000, 0.4)
    out = []
    for number, frame in enumerate(voice.reshape(-1, 960).astype(float)):
        out.append(np.array(suppress.quiet(frame, 1.0) if number % 2 else suppress(frame)))
    assert steepest(np.concatenate(out)[1920:]) < 1.1 * steepest(voice)


def test_a_quiet_frame_is_turned_down_to_the_floor_and_no_further() -> None:
    suppress, sound = NoiseSuppressor(), tone(500, 100, 0.2)
    out = by_frame(lambda frame: suppress.quiet(frame.astype(float), 0.0), sound)
    assert rms(out[960:]) == pytest.approx(FLOOR * rms(sound), rel=0.02)


# steps that shape speech


@pytest.mark.parametrize("level", [500.0, 3000.0, 14_000.0])
def test_gain_brings_near_and_far_to_one_level(level: float) -> None:
    gain = AutomaticGain()
    out = in_place(lambda frame: gain(frame, rms(frame)), tone(500, level * 2**0.5, 4))
    assert rms(out[-RATE // 2 :]) == pytest.approx(TARGET_RMS, rel=0.1)


def test_gain_has_bounds() -> None:
    gain = AutomaticGain()
    in_place(lambda frame: gain(frame, rms(frame)), tone(500, 380, 10))
    assert gain.gain == MOST
    in_place(lambda frame: gain(frame, rms(frame)), tone(500, 32_000, 2))
    assert gain.gain >= LEAST


def test_gain_does_not_chase_the_room() -> None:
    gain = AutomaticGain()
    out = in_place(lambda frame: gain(frame, rms(frame)), hiss(100, 3))
    assert (gain.gain, rms(out)) == (1.0, pytest.approx(100, rel=0.02))


def test_gain_slides() -> None:
    gain, sound = AutomaticGain(), np.full(960 * 20, 1000.0, dtype=np.float32)
    out = in_place(lambda frame: gain(frame, 1000.0), sound)
    assert out[-1] > 1400
    assert steepest(out) < 1


@pytest.mark.parametrize(("hz", "rise_db"), [(300, 0.1), (2000, 2.9), (3400, 4.5)])
def test_emphasis_raises_what_tells_consonants_apart(hz: float, rise_db: float) -> None:
    sound = tone(hz)
    out = in_place(SpeechEmphasis(), sound)
    assert 20 * np.log10(rms(out) / rms(sound)) == pytest.approx(rise_db, abs=0.1)


def test_emphasis_goes_on_from_frame_to_frame_also_over_one_it_skipped() -> None:
    sound, emphasise = tone(440, seconds=0.06), SpeechEmphasis()
    whole = sound.copy()
    SpeechEmphasis()(whole)
    first, second, third = (frame.copy() for frame in sound.reshape(-1, 960))
    emphasise(first)
    emphasise.skip(second)
    emphasise(third)
    assert np.allclose(first, whole[:960], atol=0.1)
    assert np.allclose(third, whole[1920:], atol=0.1)


@pytest.mark.parametrize("peak", [14_000, 25_000, 60_000])
def test_peaks_come_to_one_height(peak: float) -> None:
    out = in_place(PeakNormaliser(), tone(500, peak, 2))
    assert np.abs(out[-RATE // 2 :]).max() == pytest.approx(TARGET_PEAK, rel=0.02)


def test_a_new_peak_is_met_at_once_and_told() -> None:
    normalise = PeakNormaliser()
    normalise(tone(500, 5000, 0.02))
    loud = tone(500, 80_000, 0.02)
    assert normalise(loud) == pytest.approx(TARGET_PEAK, rel=0.001)
    assert np.abs(loud).max() == pytest.approx(TARGET_PEAK, rel=0.001)


def test_nothing_leaves_beyond_16_bits_and_the_order_of_loudness_is_kept() -> None:
    frame = np.linspace(-90_000, 90_000, 960, dtype=np.float32)
    prevent_clipping(frame, 90_000)
    assert np.abs(frame).max() <= CEILING
    assert (np.diff(frame) >= 0).all()


def test_what_is_below_the_knee_is_not_touched() -> None:
    frame = tone(500, 40_000, 0.02)
    before = frame.copy()
    prevent_clipping(frame, 40_000)
    below = np.abs(before) <= KNEE
    assert np.array_equal(frame[below], before[below])
    assert (np.abs(frame[~below]) < np.abs(before[~below])).all()


# the chain


def test_the_level_for_decisions_is_taken_before_any_gain() -> None:
    conditioner = Conditioner()
    by_frame(conditioner, tone(800, 900 * 2**0.5, 2))
    assert conditioner.rms == pytest.approx(900, rel=0.1)


def test_a_faint_voice_leaves_the_chain_as_loud_as_a_strong_one() -> None:
    near, far = (by_frame(Conditioner(), tone(800, level, 2))[-9600:] for level in (9000, 900))
    assert rms(far) == pytest.approx(rms(near), rel=0.3)


def test_nothing_that_comes_in_makes_it_overflow() -> None:
    square = (32_000 * np.sign(np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE))).astype(np.float32)
    out = by_frame(Conditioner(), square)
    assert np.abs(out).max() <= CEILING
    assert np.isfinite(out).all()


def test_hum_and_offset_do_not_look_like_speech() -> None:
    conditioner = Conditioner()
    by_frame(conditioner, tone(50, 6000, 1.0) + np.float32(3000))
    assert conditioner.quiet
    assert conditioner.rms < 60


def test_the_room_becomes_known_and_stays_known_while_someone_speaks() -> None:
    conditioner = Conditioner()
    room = Cascade(low_pass())(hiss(1200, 3)).astype(np.float32)
    by_frame(conditioner, room)
    known = conditioner.room.rms
    assert known == pytest.approx(rms(room), rel=0.2)
    loud = (np.sin(2 * np.pi * 3 * np.arange(3 * RATE) / RATE) > 0) * tone(700, 12_000, 3)  # words and pauses
    by_frame(conditioner, (room + loud).astype(np.float32))
    assert conditioner.room.rms == pytest.approx(known, rel=0.3)


def test_the_cascade_filters_as_scipy_does_by_its_front_door() -> None:
    """It goes round scipy's checks for speed, by a way that scipy does not promise."""
    steps = (dc_removal(), high_pass(), low_pass())
    short, long = Cascade(*steps), np.zeros((5, 2))
    public_state = np.zeros((1, 5, 2))
    for number in range(5):
        frame = np.random.default_rng(number).normal(0, 3000, 960).astype(np.float32)
        kept = frame.copy()
        expected, long = signal.sosfilt(np.concatenate(steps), frame, zi=long)
        public = frame.astype(np.float64)
        _by_the_front_door(np.concatenate(steps), public[np.newaxis], public_state)
        np.testing.assert_array_equal(short(frame), expected)
        np.testing.assert_array_equal(public, expected)
        np.testing.assert_array_equal(frame, kept)
