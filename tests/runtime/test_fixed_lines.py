"""Lines that are the same on every call: spoken once, kept, and asked for once by calls that come together."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.audio.sound import Sound
from app.call.sentences import cut_text
from app.personas.loader import load_personas
from app.personas.questions import load_questions
from app.runtime import line_files
from app.runtime.fixed_texts import fixed_pieces, needed_pieces
from app.speech.protocols import FaultKind, WordEnds
from tests.runtime.lines_stage import LINE, SPEECH, Bank, StillClock, Told, Voice, files, keep, lines, patient, settle
from tests.stories.stage import GREETING, persona


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch)


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


async def test_who_waits_for_a_voice_that_failed_asks_at_once_and_others_wait_for_them(tmp_path: Path) -> None:
    fixed, voice = lines(tmp_path), Voice()
    await fixed.kept(voice, GREETING, persona())
    second = asyncio.create_task(fixed.kept(voice, GREETING, persona()))
    await asyncio.sleep(0)
    fixed.give_up(voice, GREETING, persona())
    async with asyncio.timeout(10):
        assert await second is None
    third = asyncio.create_task(fixed.kept(voice, GREETING, persona()))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not third.done()
    fixed.keep(voice, GREETING, persona(), SPEECH)
    assert await third == LINE


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
        interview={"topic": "general", "conduct": {"opening": "Let us begin. Shall we?"}},
        knowledge=[{"id": "hours", "ask": ["when"], "answer": "At eight. Or {time}."}],
    )
    pieces = fixed_pieces(cast, Bank())
    assert {GREETING, "Let us begin.", "Shall we?", "Why?", "You're welcome.", "Is there anything else?"} <= pieces
    assert "general" not in pieces
    assert "At eight." not in pieces, "the answer has a place for something"
    assert set(needed_pieces(cast)) <= pieces


def test_every_way_in_which_an_interview_joins_its_lines_is_cut_into_pieces_that_are_kept() -> None:
    folder = Path(__file__).resolve().parents[2] / "personas"
    cast, bank = load_personas(folder)["interviewer"], load_questions(folder / "questions")
    assert cast.interview is not None
    topic, manner, pieces = cast.interview.topic, cast.interview.conduct, fixed_pieces(cast, bank)
    leads = (manner.opening, manner.again, *manner.acknowledgements, *manner.moving_on)
    joined = [f"{lead} {text}" for lead in leads for text in (*bank.questions(topic), manner.closing)]
    assert joined
    assert [text for text in joined if not set(cut_text(text)) <= pieces] == []
    assert set(cut_text(f"{manner.acknowledgements[0]} {manner.closing}")) - set(needed_pieces(cast)) <= {
        *cut_text(manner.acknowledgements[0])
    }
