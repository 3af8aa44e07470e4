"""Usage, cost and times by REST."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.store.records import MetricsRecord, UsageRecord
from app.store.tables import CallRow
from app.store.transcripts import record_turn_metrics
from app.store.usage import record_usage
from tests.store.samples import talking
from tests.web.api.conftest import House

NOTHING = {
    "requests": 0,
    "seconds": 0.0,
    "tokens_read": 0,
    "tokens_written": 0,
    "characters": 0,
    "estimated": False,
    "cost": [],
    "unpriced": False,
}


class StandingClock:
    def now(self) -> float:
        return 0.0

    def utc(self) -> datetime:
        return datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
async def call(house: House) -> CallRow:
    house.clock = StandingClock()
    async with house.db.transaction() as session:
        return await talking(session, call_sid="CA1")


def used(call_id: UUID | None, day: str = "2026-11-21", **given: Any) -> UsageRecord:
    values: dict[str, Any] = {"stage": "reply", "provider": "groq", "model": "m", "requests": 1, **given}
    return UsageRecord(uuid4(), call_id, date.fromisoformat(day), **values)


async def keep(house: House, *records: UsageRecord) -> None:
    async with house.db.transaction() as session:
        await record_usage(session, records)


async def test_a_calls_usage_is_told_by_stage_provider_and_model_with_its_sum(
    house: House, client: httpx.AsyncClient, call: CallRow
) -> None:
    await keep(
        house,
        used(call.id, tokens_read=900, tokens_written=40, estimated=True, cost_micros=1500, currency="USD"),
        used(call.id, stage="speak", provider="sarvam", characters=80, cost_micros=240_000, currency="INR"),
        used(call.id, stage="transcribe", provider="elevenlabs", model="scribe_v9", seconds=2.5),
    )
    told = (await client.get(f"/api/v1/calls/{call.id}/usage")).json()
    assert [(item["stage"], item["provider"], item["unpriced"]) for item in told["items"]] == [
        ("transcribe", "elevenlabs", True),
        ("reply", "groq", False),
        ("speak", "sarvam", False),
    ]
    assert told["items"][1]["cost"] == [{"currency": "USD", "amount": 0.0015}]
    assert told["total"] == {
        "requests": 3,
        "seconds": 2.5,
        "tokens_read": 900,
        "tokens_written": 40,
        "characters": 80,
        "estimated": True,
        "cost": [{"currency": "INR", "amount": 0.24}, {"currency": "USD", "amount": 0.0015}],
        "unpriced": True,
    }


async def test_a_call_that_used_nothing_says_so_and_one_that_is_not_there_is_a_problem(
    client: httpx.AsyncClient, call: CallRow
) -> None:
    told = (await client.get("/api/v1/calls/CA1/usage")).json()
    assert told == {"call_id": str(call.id), "items": [], "total": NOTHING}
    for what in ("usage", "turns"):
        answer = await client.get(f"/api/v1/calls/{uuid4()}/{what}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_days_are_summed_over_calls_and_the_houses_own_lines(
    house: House, client: httpx.AsyncClient, call: CallRow
) -> None:
    await keep(
        house,
        used(call.id, cost_micros=100, currency="USD"),
        used(None, stage="speak", characters=9, cost_micros=450, currency="USD"),
        used(call.id, day="2026-11-20", provider="sarvam"),
        used(call.id, day="2026-10-22"),
    )
    told = (await client.get("/api/v1/usage")).json()
    assert (told["from"], told["to"]) == ("2026-10-23", "2026-11-21")
    assert [(item["day"], item["provider"], item["requests"], item["cost"]) for item in told["items"]] == [
        ("2026-11-21", "groq", 2, [{"currency": "USD", "amount": 0.00055}]),
        ("2026-11-20", "sarvam", 1, []),
    ]
    assert told["total"]["requests"] == 3
    one = (await client.get("/api/v1/usage?from=2026-10-22&to=2026-10-22")).json()
    assert [item["day"] for item in one["items"]] == ["2026-10-22"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=soon", "query.from"),
        ("to=1700000000", "query.to"),
        ("from=2026-02-30", "query.from"),
        ("since=2026-11-01", "query.since"),
        ("from=2026-11-02&to=2026-11-01", "`from` lies after `to`"),
        ("from=2024-01-01&to=2026-11-01", "more than 366 days"),
        ("from=0001-01-01", "more than 366 days"),
    ],
)
async def test_days_that_make_no_sense_are_problems_that_say_so(
    house: House, client: httpx.AsyncClient, call: CallRow, query: str, says: str
) -> None:
    answer = await client.get(f"/api/v1/usage?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert says in answer.text


@pytest.mark.parametrize("query", ["to=0001-01-01", "from=9999-12-31", "from=2025-11-21&to=2026-11-21"])
async def test_the_ends_of_the_calendar_and_a_whole_year_are_no_problem(
    client: httpx.AsyncClient, call: CallRow, query: str
) -> None:
    assert (await client.get(f"/api/v1/usage?{query}")).json()["items"] == []


async def test_a_calls_turns_are_told_step_by_step(house: House, client: httpx.AsyncClient, call: CallRow) -> None:
    async with house.db.transaction() as session:
        await record_turn_metrics(session, MetricsRecord(call.id, 2, 100, 400, 500, 550, 580, 700, 760))
        await record_turn_metrics(session, MetricsRecord(call.id, 1, speech_ended_ms=50))
    first, second = (await client.get(f"/api/v1/calls/{call.id}/turns")).json()["turns"]
    assert (first["turn"], first["speech_ended_ms"], first["first_clause_ms"]) == (1, 50, None)
    assert second == {
        "turn": 2,
        "speech_ended_ms": 100,
        "decided_ms": 400,
        "transcript_ms": 500,
        "first_text_ms": 550,
        "first_clause_ms": 580,
        "first_audio_ms": 700,
        "first_heard_ms": 760,
    }
