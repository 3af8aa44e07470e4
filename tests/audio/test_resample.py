"""Audio changes its rate without a click, a delay that nobody asked for, or a lost sample."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.audio import mulaw
from app.audio.resample import LineEncoder, WayIn, whole
from app.audio.sound import Sound


def tone(rate_hz: int, seconds: float = 1.0, hz: float = 440.0, level: float = 8000.0) -> NDArray[np.int16]:
    return (level * np.sin(2 * np.pi * hz * np.arange(int(rate_hz * seconds)) / rate_hz)).astype(np.int16)


def linear(data: bytes) -> NDArray[np.float64]:
    return np.frombuffer(mulaw.decode(data), dtype="<i2").astype(float)


def in_pieces(sound: Sound, size: int) -> bytes:
    encoder = LineEncoder()
    pieces = [Sound(sound.data[i : i + size], sound.rate_hz, sound.encoding) for i in range(0, len(sound.data), size)]
    return b"".join(encoder.push(piece) for piece in pieces) + encoder.flush()


def test_every_frame_in_gives_960_samples_from_the_first_on() -> None:
    way_in = WayIn()
    frames = tone(8000).astype(np.float32).reshape(-1, 160)
    assert {len(way_in.push(frame)) for frame in frames} == {960}


def test_an_impulse_comes_in_a_quarter_of_a_millisecond_late() -> None:
    way_in = WayIn()
    frames = np.zeros((4, 160), dtype=np.float32)
    frames[1, 80] = 1000
    out = np.concatenate([way_in.push(frame) for frame in frames])
    assert int(np.argmax(out)) - 240 * 6 == 12


def test_a_tone_comes_in_whole_and_at_its_level() -> None:
    way_in = WayIn()
    out = np.concatenate([way_in.push(frame) for frame in tone(8000).astype(np.float32).reshape(-1, 160)])
    assert np.sqrt(np.mean(out[960:] ** 2)) == pytest.approx(8000 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_a_whole_sound_keeps_its_duration_and_level(rate_hz: int) -> None:
    spoken = Sound(mulaw.encode(tone(8000).tobytes()), 8000, "mulaw")
    out = whole(spoken, rate_hz)
    assert (out.rate_hz, out.encoding, out.duration_ms) == (rate_hz, "pcm16", pytest.approx(1000, abs=1))
    assert np.std(np.frombuffer(out.data, dtype="<i2")) == pytest.approx(8000 / np.sqrt(2), rel=0.02)


def test_a_sound_that_is_as_wanted_is_left_alone() -> None:
    sound = Sound(b"\x01\x02" * 50, 16000)
    assert whole(sound, 16000) is sound


def test_an_empty_sound_stays_empty() -> None:
    assert whole(Sound(b"", 8000, "mulaw"), 16000) == Sound(b"", 16000)


def test_mulaw_of_the_line_passes_untouched() -> None:
    assert in_pieces(Sound(bytes(range(256)), 8000, "mulaw"), 37) == bytes(range(256))


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("size", [333, 4096])
def test_pieces_of_speech_sound_as_the_whole(rate_hz: int, size: int) -> None:
    """Odd sizes tear samples in two; the borders must not be heard."""
    sound = Sound(tone(rate_hz).tobytes(), rate_hz)
    at_once, pieced = in_pieces(sound, len(sound.data)), in_pieces(sound, size)
    assert len(pieced) == pytest.approx(8000, abs=2)
    assert np.abs(linear(at_once) - linear(pieced)[: len(at_once)]).max() <= 512  # a step of μ-law at this level
    steepest = np.abs(np.diff(linear(pieced)[100:-100])).max()
    assert steepest < 8000 * 2 * np.pi * 440 / 8000 + 600


def test_what_a_telephone_cannot_carry_is_not_folded_back() -> None:
    hiss = Sound(tone(24000, hz=6000).tobytes(), 24000)
    assert np.abs(linear(in_pieces(hiss, 4800))[200:-200]).max() < 20


def test_mulaw_at_another_rate_is_brought_to_the_lines() -> None:
    sound = Sound(mulaw.encode(tone(16000).tobytes()), 16000, "mulaw")
    assert len(in_pieces(sound, 1000)) == pytest.approx(8000, abs=2)


def test_a_change_of_rate_loses_nothing() -> None:
    encoder = LineEncoder()
    out = encoder.push(Sound(tone(24000).tobytes(), 24000))
    out += encoder.push(Sound(tone(16000).tobytes(), 16000))
    out += encoder.push(Sound(b"\xff" * 800, 8000, "mulaw")) + encoder.flush()
    assert len(out) == pytest.approx(16_800, abs=4)


def test_flushing_makes_the_encoder_new() -> None:
    encoder = LineEncoder()
    sound = Sound(tone(24000, 0.3).tobytes(), 24000)
    first = encoder.push(sound) + encoder.flush()
    assert encoder.push(sound) + encoder.flush() == first
    assert encoder.flush() == b""
