"""Lines on disk: files that are not whole, and disks that take nothing or too much."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.runtime import fixed_lines, line_files
from app.runtime.line_files import LineFiles
from tests.runtime.lines_stage import LINE, SPEECH, StillClock, Voice, files, keep, lines, patient, settle
from tests.stories.stage import GREETING, persona

DAY_S = 24 * 3600.0


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch)


def spoiled(data: bytes) -> dict[str, bytes]:
    return {
        "torn": data[:-1],
        "grown": data + b"\0",
        "a flipped bit": data[:-1] + bytes([data[-1] ^ 1]),
        "another version": data.replace(b"line-1", b"line-2", 1),
        "foreign": b"RIFF" + bytes(100),
        "empty": b"",
        "enormous": data + bytes(line_files.LARGEST_BYTES + line_files.LARGEST_HEADER_BYTES),
    }


@pytest.mark.parametrize("how", spoiled(b"."))
async def test_a_file_that_is_not_whole_is_passed_over_and_made_anew(tmp_path: Path, how: str) -> None:
    fixed, voice = lines(tmp_path), Voice()
    await keep(fixed, voice)
    (file,) = files(tmp_path)
    file.write_bytes(spoiled(file.read_bytes())[how])
    await keep(fixed, voice)
    assert await fixed.kept(voice, GREETING, persona()) == LINE


async def test_a_line_under_another_lines_name_is_not_believed(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    await keep(fixed, voice)
    (file,) = files(tmp_path)
    other = fixed.name(voice, "Goodbye.", persona())
    file.rename(file.with_name(f"{other}.ulaw"))
    assert await fixed.kept(voice, "Goodbye.", persona()) is None


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
async def test_what_is_no_file_harms_nobody(tmp_path: Path, put: object) -> None:
    fixed, voice = lines(tmp_path), Voice()
    (tmp_path / "lines").mkdir()
    put(tmp_path / "lines" / f"{fixed.name(voice, GREETING, persona())}.ulaw")  # type: ignore[operator]
    async with asyncio.timeout(20):
        assert await fixed.kept(voice, GREETING, persona()) is None


async def test_a_disk_that_takes_nothing_costs_one_line_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("in the way", encoding="utf-8")
    fixed, voice = lines(tmp_path), Voice()
    with capture_logs() as logs:
        for _ in range(3):
            assert await fixed.kept(voice, GREETING, persona()) is None
            fixed.keep(voice, GREETING, persona(), SPEECH)
            await settle(fixed)
    assert [entry["event"] for entry in logs] == ["fixed_line_not_read", "fixed_line_not_kept"]
    assert GREETING not in str(logs)


async def test_a_disk_that_does_not_answer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wakes = threading.Event()
    monkeypatch.setattr(fixed_lines, "READ_WITHIN_S", 0.02)
    monkeypatch.setattr(LineFiles, "read", lambda *_: wakes.wait(60))
    fixed = lines(tmp_path)
    try:
        async with asyncio.timeout(30):
            assert await fixed.kept(Voice(), GREETING, persona()) is None
    finally:
        wakes.set()
        await fixed.aclose()


async def test_a_write_that_fails_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    fixed = lines(tmp_path)
    await keep(fixed, Voice())
    assert files(tmp_path) == []


async def test_lines_that_nobody_used_for_90_days_go_and_used_ones_stay(tmp_path: Path) -> None:
    clock = StillClock()
    fixed, voice = lines(tmp_path, clock), Voice()
    await keep(fixed, voice)
    await keep(fixed, voice, "Goodbye.")
    now_s = clock.utc().timestamp()
    for file in files(tmp_path):
        os.utime(file, (now_s, now_s))
    torn = tmp_path / "lines" / "0.part"
    torn.touch()
    os.utime(torn, (now_s, now_s))
    clock.at_s += 60 * DAY_S
    await fixed.kept(voice, GREETING, persona())
    clock.at_s += 60 * DAY_S
    await fixed.tidy()
    assert [file.name for file in files(tmp_path)] == [f"{fixed.name(voice, GREETING, persona())}.ulaw"]


def test_there_are_never_more_files_than_may_be_and_the_least_used_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_files, "MOST_FILES", 10)
    kept = LineFiles(tmp_path)
    for number in range(10):
        kept.write(f"{number}", LINE)
        os.utime(tmp_path / f"{number}.ulaw", (number, number))
    kept.write("new", LINE)
    left = {path.stem for path in tmp_path.iterdir()}
    assert len(left) <= 10
    assert "new" in left
    assert "0" not in left
    assert "9" in left
