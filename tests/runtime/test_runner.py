"""The runner's own duties: a line that outruns the clock is held back, and every call's books are closed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from app.audio.sound import Sound
from app.call import actions as act
from app.call.machine import Call
from app.carriers.registry import carrier
from app.dialogue.flow import Beginning, Flow, Plan
from app.runtime.accounts import Accounts
from app.runtime.books import CallBooks
from app.runtime.call_parts import CallParts
from app.runtime.call_providers import CallProviders
from app.runtime.disk import Disk
from app.runtime.files import CallFiles
from app.runtime.line import Line
from app.runtime.live import LiveHub
from app.runtime.providers import Providers
from app.runtime.runner import AHEAD_S, CallRunner
from app.speech.protocols import Transcript
from app.store.records import EventRecord, FinishRecord, Record, UsageRecord
from tests.runtime.acting import Actor, fails, sound
from tests.stories.stage import persona

FRAME = b"\xff" * 160
TWO_SECONDS = b"\xff" * 16_000


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> float:
        return self.seconds

    def utc(self) -> datetime:
        return datetime(2024, 5, 1, tzinfo=UTC) + timedelta(seconds=self.seconds - 1000)


class Pages:
    """The store's writer, read by the test."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.closed = False

    def put_nowait(self, record: Record) -> bool:
        self.records.append(record)
        return True

    def only(self, kind: type) -> Any:
        (record,) = (record for record in self.records if type(record) is kind)
        return record


class OwnWords(Flow):
    """A flow that is never asked."""

    def __init__(self) -> None: ...

    def start(self, beginning: Beginning) -> None: ...

    def reply(self, *_: object) -> Plan:
        raise AssertionError("nobody said anything")


class House:
    """One call that is connected, and what it leaves behind."""

    def __init__(self, folder: Path, ears: Sequence[Actor] = (), voices: Sequence[Actor] = ()) -> None:
        cast: Any = (ears, (), voices)
        self.clock, self.pages, self.disk = Hands(), Pages(), Disk()
        books = CallBooks(
            uuid4(),
            persona(),
            account=Accounts(self.pages, self.clock).of(None),  # type: ignore[arg-type]
            writer=self.pages,  # type: ignore[arg-type]
            hub=LiveHub(),
            disk=self.disk,
            files=CallFiles(folder),
            clock=self.clock,
        )
        flow: Any = OwnWords()
        providers = Providers(*cast, clock=self.clock)
        self.runner = CallRunner(CallParts(persona(), flow, Beginning("seed"), providers, books, self.clock))
        self.runner.connect(Line(carrier("twilio"), "MZ1", self._send, lambda: None))

    async def _send(self, _: str) -> None: ...

    def notes(self, kind: str) -> list[EventRecord]:
        return [record for record in self.pages.records if isinstance(record, EventRecord) and record.kind == kind]

    async def speaks(self, *texts: str) -> None:
        """Pieces, one after the other."""
        for number, text in enumerate(texts, 90):
            self.runner._synthesize(act.Synthesize(number, text))
            await asyncio.gather(*self.runner._scope.named("speak-9"))

    def live(self, seconds: float, timestamps: bool = True) -> None:
        """So long a stretch of a line as it should be."""
        for number in range(round(seconds * 50)):
            self.clock.seconds += 0.02
            self.runner.media(FRAME, number * 20 if timestamps else None)


@pytest.fixture
async def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_a_line_in_time_is_never_held_back(house: House) -> None:
    for number in range(100):  # two seconds that were held back while the stream was set up
        house.runner.media(FRAME, number * 20)
    house.live(20, timestamps=False)
    await house.runner.close("caller-hung-up")
    assert house.runner.rejected == {}
    assert house.pages.only(FinishRecord).recording_ms == 22_000


async def test_audio_faster_than_time_is_not_taken(house: House) -> None:
    for _ in range(1000):
        house.clock.seconds += 0.005
        house.runner.media(TWO_SECONDS, None)
        assert house.runner.position <= (house.clock.seconds - 1000 + AHEAD_S) * 8000
    await house.runner.close("caller-hung-up")
    assert house.runner.rejected == {"too-fast": 1000 - 7}
    events = [record for record in house.pages.records if isinstance(record, EventRecord)]
    assert [event.detail for event in events if event.kind == "messages-rejected"] == [{"too-fast": 1000 - 7}]
    assert house.pages.only(FinishRecord).recording_ms <= 15_000


async def test_timestamps_that_outrun_time_move_nothing(house: House) -> None:
    for number in range(1000):
        house.clock.seconds += 0.005
        house.runner.media(FRAME, number * 9990)
    assert house.runner.position <= (5 + AHEAD_S) * 8000
    await house.runner.close("caller-hung-up")
    assert house.pages.only(FinishRecord).recording_ms <= (5 + AHEAD_S) * 1000


async def test_a_loss_is_believed_as_far_as_the_time_allows(house: House) -> None:
    house.live(1)
    house.clock.seconds += 3
    house.runner.media(FRAME, 4000)
    assert house.runner.position == 4020 * 8


async def test_the_books_are_closed_even_if_the_core_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("a fault of the core")

    house.live(1)
    monkeypatch.setattr(Call, "handle", fault)
    before = asyncio.all_tasks()
    assert len(before) > 1, "the line is being served"
    with pytest.raises(RuntimeError, match="core"):
        await house.runner.close("caller-hung-up")
    finish = house.pages.only(FinishRecord)
    assert (finish.end_reason, finish.duration_s, finish.recording_ms) == ("caller-hung-up", 1.0, 1000)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert all(handle is None or handle.cancelled() for handle in (house.runner._alarm._timer, house.runner._ticker))


async def test_waiting_for_the_last_words_makes_no_call_longer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slowly(sound: Sound) -> Transcript:
        await asyncio.sleep(0.01)
        house.clock.seconds += 3
        return Transcript("and the last words")

    house.live(2)
    monkeypatch.setattr(CallProviders, "transcribe", lambda _, sound: slowly(sound))
    house.runner._transcribe(act.Transcribe(1, 0, 8000))
    await house.runner.close("caller-hung-up")
    finish = house.pages.only(FinishRecord)
    assert house.clock.seconds == pytest.approx(1005)
    assert (finish.duration_s, finish.recording_ms) == (2.0, 2000)
    assert finish.ended_at == datetime(2024, 5, 1, 0, 0, 2, tzinfo=UTC)


async def test_a_fault_is_on_the_calls_page_where_it_happened_and_in_the_log(tmp_path: Path) -> None:
    house = House(tmp_path, ears=[Actor("one", [fails("busy", 60)]), Actor("two", ["hello"])])
    house.live(2)
    with capture_logs() as logs:
        house.runner._transcribe(act.Transcribe(1, 0, 8000))
        await asyncio.gather(*house.runner._scope.named("transcribe-"))
    (note,) = house.notes("provider-fault")
    assert (note.at_ms, note.detail) == (
        2000,
        {"stage": "transcribe", "provider": "one", "kind": "busy", "took_ms": 1, "then": "two"},
    )
    (line,) = [line for line in logs if line["event"] == "provider_failed"]
    assert (line["says"], line["call"]) == ("out of order: busy", str(note.call_id))
    await house.runner.close("caller-hung-up")
    assert house.pages.only(UsageRecord).seconds == 1.0


async def test_a_call_goes_along_its_providers_as_one(tmp_path: Path) -> None:
    one, two = Actor("one", [fails()], [sound(1)]), Actor("two", [sound(1)])
    house = House(tmp_path, voices=[one, two])
    await house.speaks("One.", "Two.", "Three.")
    assert len(one.asked) == 1, "the voice that took over stays, piece after piece"
    await house.runner.close("caller-hung-up")


async def test_connections_for_the_reply_are_opened_while_the_words_are_recognised(tmp_path: Path) -> None:
    ear, voice = Actor("one", ["hello"]), Actor("one", [sound(1)])
    house = House(tmp_path, [ear], [voice])
    house.live(2)
    house.runner._transcribe(act.Transcribe(1, 0, 8000))
    assert voice.warmed == []
    await asyncio.gather(*house.runner._scope.named("transcribe-"))
    assert (len(voice.warmed), ear.warmed) == (1, [])
    await house.runner.close("caller-hung-up")


async def test_speech_that_is_dropped_closes_its_source_at_once(tmp_path: Path) -> None:
    one = Actor("one", [sound(1)], [sound(1), 600.0])
    house = House(tmp_path, voices=[one])
    await house.speaks("One.")
    one.asked, one.closed = [0.0], []
    house.runner._synthesize(act.Synthesize(95, "A long sentence."))
    await asyncio.sleep(0.01)
    assert (len(one.asked), one.closed) == (2, [])
    house.runner._drop_speech(act.DropSpeech(95))
    await asyncio.sleep(0)
    assert len(one.closed) == 1
    await house.runner.close("caller-hung-up")
