"""One caller's ear: μ-law in, readings out, the same ones every time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio import mulaw
from app.audio.activity import VoiceActivity, continue_threshold, start_threshold
from app.audio.ear import SETTLED_FRAMES, Ear
from app.audio.reading import Reading
from app.audio.segmenter import Segmenter, SpeechDropped
from tests.audio import labelled
from tests.bench.audio_chain import hear, impulse_delay_ms, judge

needs_recordings = pytest.mark.skipif(
    not labelled.SPEECH.is_dir(), reason="the recordings are not there: ../shared/speech beside the repository"
)
SILENCE = mulaw.SILENCE * 160


def heard(sound: bytes, ear: Ear | None = None) -> list[Reading]:
    ear = ear or Ear()
    return [ear.hear(sound[at : at + 160], at) for at in range(0, len(sound) // 160 * 160, 160)]


def vowel(frames: int, level: float = 4000.0) -> bytes:
    """A buzz at 140 Hz through a vowel's resonances: harmonics up to 3.4 kHz."""
    t = np.arange(frames * 160) / 8000
    parts = [
        np.sin(2 * np.pi * 140 * k * t) / (1 + ((140 * k - 700) / 350) ** 2) for k in range(1, 25)
    ]  # fmt: skip
    wave = np.sum(parts, axis=0)
    return mulaw.encode((wave / np.std(wave) * level).clip(-32768, 32767).astype(np.int16).tobytes())


def test_the_way_in_takes_less_than_5_ms() -> None:
    assert 0 < impulse_delay_ms() <= 5.0


def test_a_voice_is_a_voice_and_silence_is_none() -> None:
    readings = heard(SILENCE * 20 + vowel(30) + SILENCE * 20)
    assert not any(reading.voiced or reading.rms for reading in readings[:20])
    assert sum(reading.voiced for reading in readings[20:50]) >= 28
    assert not any(reading.voiced for reading in readings[52:])


def test_readings_carry_their_place() -> None:
    assert [reading.position for reading in heard(SILENCE * 3)] == [0, 160, 320]
    assert Ear().hear(SILENCE, 123_456).position == 123_456


def test_the_level_is_that_of_the_line_and_not_of_the_gain() -> None:
    loud, soft = heard(vowel(50, 6000)), heard(vowel(50, 600))
    assert loud[-1].rms / soft[-1].rms == pytest.approx(10, rel=0.2)


@pytest.mark.parametrize("length", [0, 159, 161, 320])
def test_a_frame_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="cut it first"):
        Ear().hear(b"\xff" * length, 0)


def test_silence_that_needs_no_work_is_the_same_as_silence_that_was_worked_out() -> None:
    """The short cut for settled digital silence must not be heard in what follows it."""
    short, long = Ear(), Ear()
    before, after = vowel(20), vowel(20)
    heard(before + SILENCE * (SETTLED_FRAMES + 30), short)
    heard(before + SILENCE * SETTLED_FRAMES, long)
    for _ in range(30):
        long._silent_frames = 0
        long.hear(SILENCE, 0)
    assert [r.rms for r in heard(after, short)] == pytest.approx([r.rms for r in heard(after, long)], abs=1)
    assert np.allclose(short.conditioned, long.conditioned, atol=2)


def test_settled_silence_sounds_like_nothing() -> None:
    ear = Ear()
    heard(vowel(20) + SILENCE * 30, ear)
    assert not ear.conditioned.any()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(min_size=160, max_size=160), max_size=12))
def test_the_same_bytes_give_the_same_sane_readings(frames: list[bytes]) -> None:
    ear = Ear()
    once = heard(b"".join(frames), ear)
    assert once == heard(b"".join(frames))
    assert all(0 <= reading.rms <= 32_768 and 0 <= reading.noise_rms <= 32_768 for reading in once)
    assert np.abs(ear.conditioned).max() <= 32_767


def test_the_calls_line_is_summed_up() -> None:
    ear = Ear()
    heard((SILENCE * 25 + vowel(50)) * 3, ear)
    quality = ear.quality()
    assert quality.frames == 225
    assert quality.voiced_share == pytest.approx(2 / 3, abs=0.05)
    assert quality.snr_db is not None
    assert quality.snr_db > 10
    assert quality.clipped_share == 0.0


def test_thresholds_rise_with_the_room_but_not_without_end() -> None:
    assert (start_threshold(0), continue_threshold(0)) == (500, 250)
    assert start_threshold(900) > 500
    assert continue_threshold(900) > 250
    assert start_threshold(30_000) == start_threshold(5000) <= 3000
    for noise in range(0, 5000, 100):
        assert continue_threshold(noise) < start_threshold(noise)


def test_the_detector_knows_a_voice_from_nothing() -> None:
    is_voice = VoiceActivity()
    assert not is_voice(np.zeros(960, dtype=np.float32))
    ear = Ear()
    heard(vowel(10), ear)
    assert is_voice(ear.conditioned)


def test_a_single_knock_begins_no_utterance() -> None:
    t = np.arange(160 * 10) / 8000
    knock = (20_000 * np.sin(2 * np.pi * 900 * t) * np.exp(-t / 0.006)).astype(np.int16)
    segmenter = Segmenter(600, 300, 60_000)
    events = [segmenter.push(reading) for reading in heard(SILENCE * 50 + mulaw.encode(knock.tobytes()) + SILENCE * 60)]
    assert {type(event) for event in events if event} <= {SpeechDropped}


@needs_recordings
def test_recorded_speech_is_heard_whole_and_in_one_piece_or_two() -> None:
    stream = labelled.stream()
    verdict = judge(stream, hear(stream))
    assert verdict.missed == 0
    assert verdict.pieces <= len(stream.spans) + 4  # one recording pauses for longer than 600 ms, twice
    assert not any(verdict.clipped_ms)
    assert np.median(verdict.onset_ms) <= 80
    assert verdict.precision > 0.97
    assert verdict.false_starts == 0


@needs_recordings
@pytest.mark.parametrize("noise", ["background-1", "background-3", "white"])
def test_it_is_heard_in_noise(noise: str) -> None:
    stream = labelled.stream(noise, 20.0)
    verdict = judge(stream, hear(stream))
    assert verdict.missed == 0
    assert sum(ms > 0 for ms in verdict.clipped_ms) <= 1
    assert verdict.recall > 0.7
    assert verdict.precision > 0.75
    assert verdict.false_utterances <= 1
