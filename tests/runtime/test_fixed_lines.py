"""Lines that are the same on every call: spoken once, kept, and never in a call's way."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.audio.sound import Sound
from app.personas.schema import Persona
from app.runtime import fixed_lines, line_files
from app.runtime.fixed_lines import FixedLines
from app.runtime.fixed_texts import fixed_pieces, needed_pieces
from app.runtime.line_files import KeptLine, LineFiles
from app.runtime.reporting import Fault, Spent
from app.speech.protocols import FaultKind, ProviderError, SpeechPart, WordEnds
from tests.stories.stage import GREETING, persona

SPEECH = (Sound(b"\x10" * 160, 8000, "mulaw"), WordEnds(((10, 6), (20, 24))), Sound(b"\x20" * 160, 8000, "mulaw"))
LINE = KeptLine(Sound(b"\x10" * 160 + b"\x20" * 160, 8000, "mulaw"), WordEnds(((10, 6), (20, 24))))
DAY_S = 24 * 3600.0


class StillClock:
    """Time stands still until it is told to go on."""

    def __init__(self) -> None:
        self.at_s = 1_000.0

    def now(self) -> float:
        return self.at_s

    def utc(self) -> datetime:
        return datetime.fromtimestamp(1_700_000_000 + self.at_s, UTC)


class Bank:
    def questions(self, topic: str) -> tuple[str, ...]:
        return ("Why? Tell me, in a sentence.",) if topic == "general" else ()


class Voice:
    """Says SPEECH for anything; `fails`: after its first piece. `said`: the texts it was asked for."""

    name = "vendor"

    def __init__(self, key: str = "ada", fails: FaultKind | None = None, refuses: bool = False) -> None:
        self.key, self.fails, self.refuses = key, fails, refuses
        self.said: list[str] = []
        self.asked = asyncio.Event()
        self.at_once = 0

    def refuse(self, _: Persona) -> str | None:
        return "no such voice" if self.refuses else None

    def model(self, _: Persona) -> str:
        return "flash"

    def voice_key(self, _: Persona) -> str:
        return self.key

    async def speak(self, text: str, _: Persona) -> AsyncIterator[SpeechPart]:
        self.said.append(text)
        self.asked.set()
        self.at_once += 1
        assert self.at_once == 1, "two requests at a time"
        try:
            for part in SPEECH:
                await asyncio.sleep(0)
                yield part
                if self.fails is not None:
                    raise ProviderError("out of order", self.fails)
        finally:
            self.at_once -= 1

    async def warm(self) -> None: ...

    async def check(self, _: object) -> tuple[()]:
        return ()

    async def aclose(self) -> None: ...


class Told:
    """A reporter."""

    def __init__(self) -> None:
        self.spends: list[Spent] = []

    def failed(self, fault: Fault) -> None: ...

    def spent(self, spent: Spent) -> None:
        self.spends.append(spent)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not look like a late voice or a slow disk: who waits in vain waits for a minute."""
    for limit in ("WAIT_S", "LONGEST_WAIT_S", "READ_WITHIN_S"):
        monkeypatch.setattr(fixed_lines, limit, 60.0)


def lines(folder: Path, clock: StillClock | None = None) -> FixedLines:
    return FixedLines(folder / "lines", Bank(), clock or StillClock())


def files(folder: Path) -> list[Path]:
    return sorted((folder / "lines").iterdir())


async def keep(fixed: FixedLines, voice: Voice, text: str = GREETING) -> None:
    """As a call would: nothing kept, the voice asked, what it said kept."""
    assert await fixed.kept(voice, text, persona()) is None
    fixed.keep(voice, text, persona(), SPEECH)
    await settle(fixed)


async def settle(fixed: FixedLines) -> None:
    await asyncio.gather(*fixed._tasks)


async def test_a_line_that_was_spoken_once_is_there_on_the_next_call_and_after_a_restart(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    await keep(fixed, voice)
    assert await fixed.kept(voice, GREETING, persona()) == LINE
    assert await lines(tmp_path).kept(voice, GREETING, persona()) == LINE
    assert LINE.parts == (LINE.word_ends, LINE.sound)


async def test_another_voice_text_or_provider_is_another_line(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    await keep(fixed, voice)
    other = Voice()
    other.name = "rival"
    assert await fixed.kept(Voice("bob"), GREETING, persona()) is None
    assert await fixed.kept(other, GREETING, persona()) is None
    assert await fixed.kept(voice, "Goodbye.", persona()) is None


async def test_only_what_is_the_same_on_every_call_is_kept_and_only_from_voices_worth_keeping(tmp_path: Path) -> None:
    fixed = lines(tmp_path)
    for voice, text in ((Voice(), "Your table is at eight."), (Voice(key=""), GREETING)):
        assert await fixed.kept(voice, text, persona()) is None
        fixed.keep(voice, text, persona(), SPEECH)
    await settle(fixed)
    assert not (tmp_path / "lines").exists()


async def test_speech_of_another_rate_is_kept_as_the_lines_own(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    fixed.keep(voice, GREETING, persona(), [Sound(bytes(2 * 24_000), 24_000)])
    await settle(fixed)
    line = await fixed.kept(voice, GREETING, persona())
    assert line is not None
    assert (line.sound.rate_hz, line.sound.encoding, line.word_ends) == (8000, "mulaw", None)
    assert line.sound.duration_ms == pytest.approx(1000, abs=1)


async def test_silence_and_endless_speech_are_no_lines(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    for sounds in ([], [WordEnds(((1, 1),))], [Sound(bytes(line_files.LARGEST_BYTES + 1), 8000, "mulaw")]):
        fixed.keep(voice, GREETING, persona(), sounds)
    await settle(fixed)
    assert not (tmp_path / "lines").exists()


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
    assert await fixed.kept(voice, GREETING, persona()) is None


async def test_calls_that_need_a_line_at_once_ask_the_voice_once(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    assert await fixed.kept(voice, GREETING, persona()) is None
    others = [asyncio.create_task(fixed.kept(voice, GREETING, persona())) for _ in range(5)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in others)
    fixed.keep(voice, GREETING, persona(), SPEECH)
    assert await asyncio.gather(*others) == [LINE] * 5


async def test_a_line_on_disk_is_shared_by_calls_that_come_while_it_is_read(tmp_path: Path) -> None:
    await keep(lines(tmp_path), Voice())
    fixed = lines(tmp_path)
    assert await asyncio.gather(*(fixed.kept(Voice(), GREETING, persona()) for _ in range(5))) == [LINE] * 5


async def test_who_waits_for_a_voice_that_failed_asks_at_once(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    await fixed.kept(voice, GREETING, persona())
    other = asyncio.create_task(fixed.kept(voice, GREETING, persona()))
    await asyncio.sleep(0)
    fixed.give_up(voice, GREETING, persona())
    async with asyncio.timeout(10):
        assert await other is None
    fixed.keep(voice, GREETING, persona(), SPEECH)
    await settle(fixed)
    assert await fixed.kept(voice, GREETING, persona()) == LINE


async def test_nobody_waits_for_a_call_that_was_lost_in_the_middle(tmp_path: Path) -> None:
    clock = StillClock()
    fixed, voice = lines(tmp_path, clock), Voice()
    await fixed.kept(voice, GREETING, persona())
    clock.at_s += 500
    async with asyncio.timeout(10):
        assert await fixed.kept(voice, GREETING, persona()) is None
    fixed.keep(voice, GREETING, persona(), SPEECH)
    await settle(fixed)
    assert await fixed.kept(voice, GREETING, persona()) == LINE


async def test_a_wait_is_as_long_as_the_voice_usually_takes(tmp_path: Path) -> None:
    clock = StillClock()
    fixed, voice = lines(tmp_path, clock), Voice()
    await fixed.kept(voice, "Goodbye.", persona())
    clock.at_s += 0.02
    fixed.keep(voice, "Goodbye.", persona(), SPEECH)
    await fixed.kept(voice, GREETING, persona())
    async with asyncio.timeout(10):
        assert await fixed.kept(voice, GREETING, persona()) is None


async def test_a_call_that_ends_while_it_looks_leaves_nobody_waiting(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    first = asyncio.create_task(fixed.kept(voice, GREETING, persona()))
    await asyncio.sleep(0)
    other = asyncio.create_task(fixed.kept(voice, GREETING, persona()))
    await asyncio.sleep(0)
    first.cancel()
    async with asyncio.timeout(10):
        assert await other is None


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


async def test_what_holds_a_call_together_is_prepared_one_request_at_a_time(tmp_path: Path) -> None:
    fixed, voice, told = lines(tmp_path), Voice(), Told()
    await fixed.prepare(voice, [persona()], told)
    await settle(fixed)
    assert voice.said[0] == GREETING
    assert {"Goodbye.", "Are you still there?"} <= set(voice.said)
    assert len(files(tmp_path)) == len(voice.said) == len(set(voice.said))
    assert [(s.stage, s.provider, s.model, s.characters) for s in told.spends] == [
        ("speak", "vendor", "flash", len(text)) for text in voice.said
    ]
    again = Voice()
    await lines(tmp_path).prepare(again, [persona()], told)
    assert again.said == []


async def test_a_call_during_the_preparation_waits_for_its_line_and_asks_nobody(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    preparing = asyncio.create_task(fixed.prepare(voice, [persona()]))
    await voice.asked.wait()
    assert await fixed.kept(voice, GREETING, persona()) == LINE
    await preparing
    assert voice.said.count(GREETING) == 1


@pytest.mark.parametrize(("fault", "asked"), [("refused", 2), ("key", 1), ("quota", 1), ("unreachable", 1)])
async def test_a_voice_that_cannot_be_used_is_asked_no_further(tmp_path: Path, fault: FaultKind, asked: int) -> None:
    """Refused: this persona's voice may be wrong, and the next one's right."""
    fixed, voice, told = lines(tmp_path), Voice(fails=fault), Told()
    with capture_logs() as logs:
        await fixed.prepare(voice, [persona(), persona(id="second")], told)
    assert len(voice.said) == asked == len(logs)
    assert {entry["kind"] for entry in logs} == {fault}
    assert len(told.spends) == asked, "what came was charged for"
    assert await fixed.kept(Voice(), GREETING, persona()) is None


async def test_nothing_is_prepared_for_voices_that_are_not_kept_or_refuse(tmp_path: Path) -> None:
    for voice in (Voice(key=""), Voice(refuses=True)):
        await lines(tmp_path).prepare(voice, [persona()])
        assert voice.said == []


def test_the_pieces_are_those_that_reach_a_voice() -> None:
    cast = persona(
        flow="interview",
        interview={"topic": "general", "opening": "Let us begin. Shall we?"},
        knowledge=[{"id": "hours", "ask": ["when"], "answer": "At eight. Or {time}."}],
    )
    pieces = fixed_pieces(cast, Bank())
    assert {GREETING, "Let us begin.", "Shall we?", "Why?", "You're welcome.", "Is there anything else?"} <= pieces
    assert "general" not in pieces
    assert "At eight." not in pieces, "the answer has a place for something"
    assert set(needed_pieces(cast)) <= pieces
