"""An office over a real SQLite file, with calls in it as the runtime would have left them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.dialling.policy import Policy
from app.personas.schema import Metadata, Persona
from app.runtime.archive import Archive
from app.runtime.disk import WavFile
from app.runtime.files import CallFiles
from app.runtime.live import LiveHub
from app.runtime.placing import Placing
from app.store.calls import finish
from app.store.engine import Database
from app.store.migrate import upgrade
from app.store.records import EventRecord, MetricsRecord, SegmentRecord, UsageRecord
from app.store.tables import CallRow
from app.store.transcripts import record_events, record_many_turn_metrics, record_segments
from app.store.usage import record_usage
from app.web import problems
from app.web.admin.router import Office, build_router
from app.web.health import Standing
from tests.runtime.acting import Actor
from tests.runtime.examining import second_opinion
from tests.runtime.interviewed import text_interviews
from tests.store.samples import line, talking

PASSWORD = "open-sesame"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class TestClock:
    """Time that stands still until it is told to go on."""

    __test__ = False
    passed_s: float = 0.0

    def now(self) -> float:
        return self.passed_s

    def utc(self) -> datetime:
        return NOW + timedelta(seconds=self.passed_s)


@dataclass
class TestHouse:
    """The office, and what a test may want to know or change about it."""

    __test__ = False
    folder: Path
    db: Database
    hub: LiveHub = field(default_factory=LiveHub)
    clock: TestClock = field(default_factory=TestClock)
    standing: Standing = field(
        default_factory=lambda: Standing(providers_warm=True, draining=False, calls=1, max_calls=50)
    )
    running: set[UUID] = field(default_factory=set)
    hung_up: list[UUID] = field(default_factory=list)
    told_goodbye: list[UUID] = field(default_factory=list)
    pressed: list[tuple[UUID, str]] = field(default_factory=list)
    number: str | None = "+14155550199"
    secure: bool = False
    minds: list[Actor] = field(default_factory=list)
    placing: Placing = field(default_factory=lambda: Placing(Policy()))
    personas: dict[str, Persona] = field(
        default_factory=lambda: {
            "assistant": persona("assistant", "Ada"),
            "receptionist": persona("receptionist", "Robin"),
        }
    )

    @property
    def files(self) -> CallFiles:
        return CallFiles(self.folder)

    async def send_digits(self, call_id: UUID, keys: str) -> bool:
        self.pressed.append((call_id, keys))
        return call_id in self.running

    async def hang_up(self, call_id: UUID, *, politely: bool = False) -> bool:
        if politely:
            self.told_goodbye.append(call_id)
        self.hung_up.append(call_id)
        return call_id in self.running

    def app(self) -> FastAPI:
        office = Office(
            db=self.db,
            hub=self.hub,
            archive=Archive(self.db, self.files, shared=False),
            password=PASSWORD,
            session_secret="a secret of the tests",
            secure_cookies=self.secure,
            hang_up=self.hang_up,
            send_digits=self.send_digits,
            personas=self.personas,
            standing=lambda: self.standing,
            number=self.number,
            clock=self.clock,
            text_interviews=text_interviews(self.db, self.personas, self.clock),
            second_opinion=second_opinion(self.db, self.personas, self.clock, *self.minds),
            placing=self.placing,
        )
        made = FastAPI()
        made.include_router(build_router(office))
        problems.install(made)
        return made


@cache
def _migrated() -> bytes:
    """An empty, migrated database file; migrating takes longer than most tests."""
    with TemporaryDirectory() as folder:
        upgrade(f"sqlite:///{folder}/parley.db")
        return Path(folder, "parley.db").read_bytes()


def make_house(folder: Path, **given: Any) -> TestHouse:
    """A house that keeps its database and files in `folder`."""
    (folder / "parley.db").write_bytes(_migrated())
    return TestHouse(folder, Database(f"sqlite:///{folder}/parley.db"), **given)


@asynccontextmanager
async def serving(house: TestHouse) -> AsyncIterator[str]:
    """The pages on a real server, in the test's own loop, so that a test can publish through the hub: its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(house.app(), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    )
    # `_serve` leaves this process's signals alone, which belong to pytest
    running = asyncio.create_task(server._serve(sockets=[listener]))
    while not server.started:
        assert not running.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        while not running.done():  # a page that was just opened may still begin to listen
            house.hub.close()
            await asyncio.wait({running}, timeout=0.02)


def persona(id_: str, name: str) -> Persona:
    return Persona(
        id=id_,
        name=name,
        flow="assistant",
        greeting="Hello, how can I help?",
        metadata=Metadata(source_template_id="t"),
    )


def said(call_id: UUID, seq: int, role: str, text: str, at_s: float, for_s: float = 2.0, **given: Any) -> SegmentRecord:
    times = {"started_ms": int(at_s * 1000), "ended_ms": int((at_s + for_s) * 1000)}
    return line(call_id, text, **({"seq": seq, "turn": seq, "role": role} | times | given))


async def a_whole_call(house: TestHouse, **given: Any) -> CallRow:
    """A call that had a little of everything, with its recording and timeline."""
    async with house.db.transaction() as session:
        call = await talking(session, **({"persona": "receptionist", "now": NOW} | given))
        await fill(session, call.id)
        await finish(
            session,
            call.id,
            status="completed",
            end_reason="completed",
            ended_at=call.created_at + timedelta(seconds=24),
            duration_s=24.0,
            recording_ms=24_000,
            line_quality={"snr_db": 27.4, "clipped_share": 0.0021, "frames": 1200},
        )
    await asyncio.to_thread(_record, house.files, call.id)
    return call


async def fill(session: AsyncSession, call_id: UUID) -> None:
    """Lines, notes and times of a call of 24 s."""
    hours = "We are open from eight to six on weekdays, and from nine to five at the weekend."
    await record_segments(
        session,
        [
            said(
                call_id,
                1,
                "agent",
                "The Copper Kettle, good afternoon! What can I do for you?",
                0.1,
                3.4,
                kind="greeting",
            ),
            said(call_id, 2, "caller", "When are you open?", 4.2, 1.5),
            said(
                call_id,
                3,
                "agent",
                hours,
                6.6,
                2.9,
                heard_text="We are open from eight to six on weekdays,",
                interrupted=True,
            ),
            said(call_id, 4, "caller", "Sorry, and how much is a flat white?", 9.2, 2.2),
            said(call_id, 5, "agent", "A flat white is three pounds forty.", 12.4, 2.3),
            said(call_id, 6, "caller", "12#", 16.0, 0.0, kind="keys"),
            said(call_id, 7, "agent", "Are you still there?", 17.0, 1.4, kind="reprompt"),
            said(call_id, 8, "caller", "Yes. That's all, thank you, goodbye.", 18.9, 2.0),
            said(call_id, 9, "agent", "Goodbye, and see you soon.", 21.6, 1.9),
        ],
    )
    await _fill_beside(session, call_id)


async def _fill_beside(session: AsyncSession, call_id: UUID) -> None:
    await record_events(
        session,
        [
            EventRecord(call_id, 9_300, "barge-in-pause"),
            EventRecord(call_id, 9_500, "barge-in-accepted", {"by": "words"}),
            EventRecord(call_id, 15_100, "noise", {"turn": 3, "voiced_ms": 180}),
            EventRecord(call_id, 16_900, "reprompt", {"count": 1}),
        ],
    )
    await record_usage(session, _usage(call_id))
    await record_many_turn_metrics(
        session,
        [
            MetricsRecord(call_id, 2, 5_700, 6_180, 6_420, 6_450, 6_520, 6_670, 6_720),
            MetricsRecord(call_id, 4, 11_400, 11_900, 12_200, 12_230, 12_290, 12_400, 12_500),
            MetricsRecord(call_id, 8, 20_900, 21_300, 21_480, 21_500, None, 21_600, None),
        ],
    )


def _usage(call_id: UUID) -> list[UsageRecord]:
    tokens = {"tokens_read": 2_841, "tokens_written": 96, "estimated": True}
    spoken = {"requests": 4, "characters": 188, "cost_micros": 9_400}
    priced: dict[str, Any] = {"requests": 3, "currency": "USD"}
    return [
        used(call_id, "transcribe", "groq", "whisper-large-v3-turbo", seconds=5.9, cost_micros=333, **priced),
        used(call_id, "reply", "groq", "openai/gpt-oss-20b", cost_micros=242, **tokens, **priced),
        used(call_id, "speak", "elevenlabs", "eleven_flash_v2_5", **(priced | spoken)),
        used(call_id, "speak", "offline", characters=26, cost_micros=0, currency="USD"),
    ]


def used(call_id: UUID | None, stage: str, provider: str, model: str = "", **given: Any) -> UsageRecord:
    """What a provider did on the house's day, unless another is given."""
    values: dict[str, Any] = {"day": NOW.date(), "requests": 1} | given
    return UsageRecord(uuid4(), call_id, stage=stage, provider=provider, model=model, **values)


async def keep(house: TestHouse, *records: UsageRecord) -> None:
    async with house.db.transaction() as session:
        await record_usage(session, records)


def _record(files: CallFiles, call_id: UUID) -> None:
    """24 s of sound, each lane where its speaker speaks, swelling like syllables."""
    spoken = (
        [(4.2, 5.7), (9.2, 11.4), (18.9, 20.9)],
        [(0.1, 3.5), (6.6, 9.5), (12.4, 14.7), (17.0, 18.4), (21.6, 23.5)],
    )
    at_s = np.arange(24 * 8000) / 8000
    lanes = []
    for lane, spans in enumerate(spoken):
        loud = np.any([(start <= at_s) & (at_s < end) for start, end in spans], axis=0)
        swell = np.abs(np.sin(at_s * (9 + lane))) * (0.35 + 0.65 * np.abs(np.sin(at_s * 2.3)))
        lanes.append(9000 * swell * np.sin(at_s * 1800) * loud)
    WavFile(files.recording(call_id)).append(np.stack(lanes, axis=1).astype("<i2").tobytes())
    files.timeline(call_id).parent.mkdir(parents=True, exist_ok=True)
    files.timeline(call_id).write_text('{"timeline": 1}\n')
