"""Any sound becomes telephone sound."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from app.audio.sound import Sound
from app.phone.sounds import SoundFileError, loud_runs, mulaw_to_pcm, read_wav, to_line, write_stereo


def tone(rate_hz: int, seconds: float = 0.5, amplitude: float = 8000.0) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * 440 * np.arange(int(rate_hz * seconds)) / rate_hz)).astype("<i2")


def frequency(mulaw: bytes) -> float:
    spectrum = np.abs(np.fft.rfft(mulaw_to_pcm(mulaw)))
    return float(np.argmax(spectrum)) * 8000 / len(mulaw)


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 22_050, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_length_and_level(rate_hz: int) -> None:
    line = to_line(Sound(tone(rate_hz).tobytes(), rate_hz))
    assert len(line) == pytest.approx(4000, abs=2)
    assert frequency(line) == pytest.approx(440, abs=3)
    assert np.abs(mulaw_to_pcm(line)).max() == pytest.approx(8000, rel=0.06)


def test_line_sound_is_left_as_it_is() -> None:
    assert to_line(Sound(b"\x01\x02", 8000, "mulaw")) == b"\x01\x02"
    assert len(to_line(Sound(b"\x01" * 16_000, 16_000, "mulaw"))) == 8000


@pytest.mark.parametrize(("width", "channels"), [(1, 1), (2, 1), (2, 2), (3, 2), (4, 1)])
def test_wav_files_of_every_width(tmp_path: Path, width: int, channels: int) -> None:
    samples = np.repeat(tone(16_000).astype(np.int64)[:, None], channels, axis=1)
    if width == 1:
        data = (samples // 256 + 128).astype(np.uint8).tobytes()
    else:
        whole = (samples << (8 * (width - 2))).astype("<i8").tobytes()
        data = np.frombuffer(whole, dtype=np.uint8).reshape(-1, 8)[:, :width].tobytes()
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(16_000)
        file.writeframes(data)
    sound = read_wav(path)
    assert (sound.rate_hz, sound.samples) == (16_000, 8000)
    assert np.abs(np.frombuffer(sound.data, "<i2").astype(int) - tone(16_000)).max() <= 256


def test_what_is_no_wav_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"ID3 not a wav")
    with pytest.raises(SoundFileError, match=r"a\.wav.*Convert"):
        read_wav(tmp_path / "a.wav")
    with pytest.raises(SoundFileError, match="cannot be read"):
        read_wav(tmp_path / "b.wav")


def test_where_there_is_sound() -> None:
    loud, still = b"\x00", b"\xff"
    assert loud_runs(still * 800) == []
    assert loud_runs(b"") == []
    assert loud_runs(still * 160 + loud * 320 + still * 320 + loud * 80) == [(0.02, 0.06), (0.1, 0.11)]


def test_a_noisy_room_is_not_speech_when_judged_by_the_loudest() -> None:
    room = to_line(Sound(tone(8000, 0.2, 300).tobytes(), 8000))
    voice = to_line(Sound(tone(8000, 0.2, 16_000).tobytes(), 8000))
    assert loud_runs(room + voice + room, adapt=True) == [(0.2, 0.4)]
    assert loud_runs(room + voice + room) == [(0.0, 0.6)]


def test_a_stereo_file_has_the_caller_left(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    write_stereo(path, np.array([1, 2, 3], dtype=np.int16), np.array([9], dtype=np.int16))
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        assert np.frombuffer(file.readframes(3), "<i2").tolist() == [1, 9, 2, 0, 3, 0]
