"""What providers did is counted while a call goes on, and what Prometheus is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from app.call.actions import MeasureTurn
from app.runtime.accounts import Accounts
from app.runtime.books import CallBooks
from app.runtime.disk import Disk
from app.runtime.figures import Figures
from app.runtime.files import CallFiles
from app.runtime.live import LiveHub
from app.runtime.prices import Price, Prices
from app.runtime.reporting import Fault, Spent
from app.runtime.turn_steps import steps_of
from app.store.engine import Database
from app.store.migrate import upgrade
from app.store.records import MetricsRecord
from app.store.usage import ModelUse, Used, usage_by_day, usage_of
from app.store.writer import StoreWriter
from tests.store.samples import talking
from tests.web.admin.house import persona

LATE = datetime(2026, 11, 21, 23, 59, 50, tzinfo=UTC)
PRICES = Prices(
    "USD",
    {
        ("groq", "gpt"): Price(provider="groq", model="gpt", per_million_read=0.5, per_million_written=2),
        ("elevenlabs", "flash"): Price(provider="elevenlabs", model="flash", per_million_characters=50),
    },
)


class Hands:
    def __init__(self) -> None:
        self.passed_s = 0.0

    def now(self) -> float:
        return self.passed_s

    def utc(self) -> datetime:
        return LATE + timedelta(seconds=self.passed_s)


class House:
    """A real database with one call in it, and its accounts."""

    def __init__(self, db: Database, call_id: UUID) -> None:
        self.db, self.call_id = db, call_id
        self.clock, self.writer, self.registry = Hands(), StoreWriter(db, gather_s=0.001), CollectorRegistry()
        self.accounts = Accounts(self.writer, self.clock, PRICES, Figures(self.registry))
        self.call = self.accounts.of(call_id)
        self.writer.start()

    async def used(self) -> list[ModelUse]:
        assert await self.writer.flush()
        async with self.db.reading() as session:
            return await usage_of(session, self.call_id)

    def told(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path}/parley.db"
    upgrade(url)
    db = Database(url)
    async with db.transaction() as session:
        call = await talking(session)
    made = House(db, call.id)
    yield made
    await made.writer.aclose()
    await db.close()


def thought(read: int, written: int, model: str = "gpt", *, estimated: bool = False) -> Spent:
    return Spent("reply", "groq", model, 900, 300, tokens_read=read, tokens_written=written, estimated=estimated)


def spoke(characters: int) -> Spent:
    return Spent("speak", "elevenlabs", "flash", 400, 120, characters=characters)


async def test_a_calls_requests_are_summed_while_it_goes_on(house: House) -> None:
    house.call.spent(thought(100, 10))
    assert [use.used.requests for use in await house.used()] == [1], "after a moment, not at the call's end"
    house.call.spent(thought(301, 11))
    house.call.spent(spoke(80))
    reply, speech = await house.used()
    assert (reply.stage, reply.provider, reply.model) == ("reply", "groq", "gpt")
    # 0.5 and 2 millionths a token: 200.5 + 42, written as whole millionths
    assert reply.used == Used(requests=2, tokens_read=401, tokens_written=21, costs={"USD": 242})
    assert speech.used == Used(requests=1, characters=80, costs={"USD": 4000})


async def test_many_small_costs_are_not_rounded_away(house: House) -> None:
    for _ in range(100):
        house.call.spent(thought(0, 0, "gpt"))
        house.call.spent(Spent("reply", "groq", "gpt", 1, tokens_read=1))
    (reply,) = await house.used()
    assert reply.used.costs == {"USD": 50}


async def test_a_reply_that_was_cut_off_is_marked_and_has_no_price_before_its_model_is_known(house: House) -> None:
    house.call.spent(thought(40, 2, "", estimated=True))
    house.call.spent(thought(100, 10))
    house.call.spent(thought(100, 10, estimated=True))
    unknown, known = await house.used()
    assert (unknown.model, unknown.used.unpriced, unknown.used.costs) == ("", True, {})
    assert (known.model, known.used.estimated, known.used.costs) == ("gpt", True, {"USD": 140})


async def test_a_call_over_midnight_counts_on_both_days_and_the_houses_lines_on_theirs(house: House) -> None:
    house.call.spent(spoke(10))
    house.accounts.house.spent(spoke(30))
    house.clock.passed_s = 20
    house.call.spent(spoke(20))
    assert [use.used.characters for use in await house.used()] == [30]
    first = LATE.date()
    async with house.db.reading() as session:
        days = await usage_by_day(session, first, first + timedelta(days=1))
    assert [(use.day - first, use.used.characters) for use in days] == [(timedelta(days=1), 20), (timedelta(0), 40)]


async def test_what_ends_after_the_writer_has_closed_is_passed_over(house: House) -> None:
    await house.writer.aclose()
    house.call.spent(spoke(10))
    assert house.told("parley_provider_seconds_count", stage="speak", provider="elevenlabs") == 1


async def test_prometheus_is_told_of_times_faults_and_money(house: House) -> None:
    house.call.spent(thought(1_000_000, 0))
    house.call.spent(Spent("reply", "groq", "gpt", 5000))
    house.call.failed(Fault("reply", "groq", "busy", "too many requests", 12, "sarvam"))
    who = {"stage": "reply", "provider": "groq"}
    assert house.told("parley_provider_seconds_sum", **who) == pytest.approx(5.9)
    assert house.told("parley_provider_first_seconds_count", **who) == 1, "one of them never began"
    assert house.told("parley_provider_first_seconds_sum", **who) == pytest.approx(0.3)
    assert house.told("parley_provider_faults_total", **who, kind="busy") == 1
    assert house.told("parley_provider_cost_total", provider="groq", currency="USD") == pytest.approx(0.5)
    told = generate_latest(house.registry).decode()
    assert "too many" not in told
    assert str(house.call_id) not in told


@pytest.fixture
async def books(house: House, tmp_path: Path) -> AsyncIterator[CallBooks]:
    disk = Disk()
    yield CallBooks(
        house.call_id,
        persona("assistant", "Ada"),
        account=house.call,
        writer=house.writer,
        hub=LiveHub(),
        disk=disk,
        files=CallFiles(tmp_path),
        clock=house.clock,
    )
    disk.close()


async def test_an_answer_is_told_once_when_it_was_heard(house: House, books: CallBooks) -> None:
    for heard_ms in (None, 2200, 2200):
        books.measured(measured(1, heard_ms))
    books.measured(measured(2, None))
    assert house.told("parley_turn_seconds_count", step="total") == 1
    assert house.told("parley_turn_seconds_sum", step="total") == pytest.approx(1.2)


def measured(turn: int, heard_ms: int | None) -> MeasureTurn:
    """The core's own measurement of an answer, which sounds at 2150 ms."""
    known = {
        "speech_ended_ms": 1000,
        "decided_ms": 1500,
        "transcript_ms": 1700,
        "first_text_ms": 1950,
        "first_clause_ms": 2000,
        "first_audio_ms": 2150,
        "first_heard_ms": heard_ms,
    }
    return MeasureTurn(turn, **{name: known[name] for name in MeasureTurn.__dataclass_fields__ if name in known})


async def test_the_steps_of_an_answer_are_told_one_by_one(house: House) -> None:
    times = MetricsRecord(house.call_id, 1, 1000, 1500, 1700, 1950, 2000, 2150, 2200)
    house.call.answered(times)
    assert {step: house.told("parley_turn_seconds_sum", step=step) for step in steps_of(times)} == {
        "decided": pytest.approx(0.5),
        "transcript": pytest.approx(0.2),
        "first_text": pytest.approx(0.25),
        "first_clause": pytest.approx(0.05),
        "first_audio": pytest.approx(0.15),
        "first_heard": pytest.approx(0.05),
    }


def test_steps_are_measured_from_the_one_before_and_early_ones_took_no_time() -> None:
    times = MetricsRecord(UUID(int=1), 1, 1000, 1600, 1400, None, 1650, 1700, None)
    assert steps_of(times) == {"decided": 600, "transcript": 0, "first_clause": 50, "first_audio": 50}
    assert steps_of(MetricsRecord(UUID(int=1), 1, 1000, 1600)) == {}
    assert steps_of(MetricsRecord(UUID(int=1), 1, None, None, None, 5, 6, 7, 8)) == {}
