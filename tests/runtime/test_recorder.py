"""The recording: two lanes in samples, cleared sound taken out, playable at every moment."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import numpy as np
from structlog.testing import capture_logs

from app.audio.mulaw import encode
from app.runtime.disk import Disk, WavFile
from app.runtime.recorder import LATE_SAMPLES, SETTLE_SAMPLES, Recorder


def tone(value: int, samples: int) -> bytes:
    return encode(np.full(samples, value, dtype="<i2").tobytes())


def lanes(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 2, 2)
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return both[:, 0], both[:, 1]


async def test_each_side_is_where_it_was_heard(tmp_path: Path) -> None:
    disk, path = Disk(), tmp_path / "recordings" / "call.wav"
    recorder = Recorder(disk, WavFile(path))
    for position in range(0, 16_000, 160):
        recorder.caller(position, tone(1000, 160))
    recorder.agent(4000, tone(2000, 1600))
    recorder.agent(4100, tone(3000, 1600))
    recorder.write(16_000, last=True)
    await disk.settled()
    left, right = lanes(path)
    assert len(left) == len(right) == 16_000
    assert np.all(np.abs(left - 1000) < 40)
    assert np.all(right[:4000] == 0)
    assert np.all(np.abs(right[4000:5600] - 2000) < 80)
    assert np.all(np.abs(right[5600:7200] - 3000) < 120)
    assert np.all(right[7200:] == 0)
    disk.close()


async def test_what_a_clear_threw_away_was_never_heard(tmp_path: Path) -> None:
    disk, path = Disk(), tmp_path / "call.wav"
    recorder = Recorder(disk, WavFile(path))
    recorder.agent(0, tone(2000, 8000))
    recorder.cleared(3000)
    recorder.agent(5000, tone(1000, 800))
    recorder.write(8000, last=True)
    await disk.settled()
    _, right = lanes(path)
    assert np.all(right[:3000] != 0)
    assert np.all(right[3000:5000] == 0)
    assert np.all(right[5000:5800] != 0)
    disk.close()


async def test_lost_frames_leave_silence_and_shift_nothing(tmp_path: Path) -> None:
    disk, path = Disk(), tmp_path / "call.wav"
    recorder = Recorder(disk, WavFile(path))
    recorder.caller(0, tone(1000, 160))
    recorder.caller(800, tone(1000, 160))
    recorder.write(960, last=True)
    await disk.settled()
    left, _ = lanes(path)
    assert np.all(left[160:800] == 0)
    assert np.all(left[800:] != 0)
    disk.close()


async def test_the_file_is_whole_after_every_write(tmp_path: Path) -> None:
    disk, path = Disk(), tmp_path / "call.wav"
    recorder = Recorder(disk, WavFile(path))
    for second in range(1, 6):
        for position in range((second - 1) * 8000, second * 8000, 160):
            recorder.caller(position, tone(500, 160))
        recorder.write(second * 8000)
        await disk.settled()
        left, _ = lanes(path)
        assert len(left) == second * 8000 - SETTLE_SAMPLES
    assert recorder.held_bytes <= 2 * SETTLE_SAMPLES + 1600
    disk.close()


async def test_frames_that_come_late_after_a_stall_find_their_place(tmp_path: Path) -> None:
    disk, path = Disk(), tmp_path / "call.wav"
    recorder = Recorder(disk, WavFile(path))
    for position in range(0, 8000, 160):
        recorder.caller(position, tone(500, 160))
    recorder.agent(8000, tone(3000, 24_000))
    for second in range(2, 5):  # nothing comes for three seconds
        recorder.write(second * 8000)
    for position in range(8000, 32_000, 160):
        recorder.caller(position, tone(1000 + position // 32, 160))
    recorder.write(32_000, last=True)
    await disk.settled()
    left, right = lanes(path)
    assert len(left) == 32_000
    said = np.arange(8000, 32_000) // 160 * 160 // 32 + 1000
    assert np.all(np.abs(left[8000:] - said) < 80)
    assert np.all(right[:8000] == 0)
    assert np.all(np.abs(right[8000:] - 3000) < 120)
    disk.close()


async def test_a_line_that_stays_silent_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    disk, path = Disk(), tmp_path / "call.wav"
    recorder = Recorder(disk, WavFile(path))
    recorder.caller(0, tone(500, 160))
    for second in range(1, 60):
        recorder.agent((second - 1) * 8000, tone(2000, 8000))
        recorder.write(second * 8000)
        assert recorder.held_bytes <= LATE_SAMPLES + 8000
    settled = 59 * 8000 - LATE_SAMPLES
    recorder.caller(settled - 240, tone(1000, 160))
    recorder.caller(settled - 80, tone(1000, 160))
    recorder.write(59 * 8000, last=True)
    await disk.settled()
    left, right = lanes(path)
    assert np.all(left[160:settled] == 0), "what came too late is not laid over what came later"
    assert np.all(left[settled : settled + 80] != 0)
    assert np.all(left[settled + 80 :] == 0)
    assert np.all(right != 0)
    disk.close()


async def test_a_failed_write_leaves_a_silence_and_the_rest_at_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.write_text("a file where a folder should be")
    disk = Disk()
    recorder = Recorder(disk, WavFile(folder / "call.wav"))
    for second in range(4):
        for position in range(second * 8000, (second + 1) * 8000, 160):
            recorder.caller(position, tone(500, 160))
        recorder.write((second + 1) * 8000, last=True)
        await disk.settled()
        if second == 0:
            folder.unlink()
    left, _ = lanes(folder / "call.wav")
    assert disk.failures == 1
    assert len(left) == 32_000
    assert np.all(left[:8000] == 0)
    assert np.all(left[8000:] != 0)
    disk.close()


async def test_a_first_write_that_breaks_off_does_not_end_the_recording(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(b"RIFF")
    disk, file = Disk(), WavFile(path)
    disk.do(lambda: file.append(b"\x01\x00" * 16))
    await disk.settled()
    left, _ = lanes(path)
    assert (disk.failures, left.tolist()) == (0, [1] * 8)
    disk.close()


async def test_a_fault_of_any_kind_is_counted_and_said() -> None:
    disk = Disk()

    def fault() -> None:
        raise ValueError("not an error of the disk")

    with capture_logs() as logs:
        disk.do(fault)
        await disk.settled()
    assert disk.failures == 1
    assert [(line["event"], line["error"]) for line in logs] == [("disk_write_failed", "ValueError")]
    disk.close()


async def test_a_disk_that_fails_is_counted_and_the_call_goes_on(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file where a folder should be")
    disk = Disk()
    recorder = Recorder(disk, WavFile(tmp_path / "recordings" / "call.wav"))
    recorder.caller(0, tone(500, 160))
    recorder.write(160, last=True)
    await disk.settled()
    assert disk.failures == 1
    await asyncio.to_thread(disk.close)
