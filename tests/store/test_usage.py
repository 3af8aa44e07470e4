"""What providers did: kept as totals that grow, and added up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from app.store.engine import Database
from app.store.records import UsageRecord
from app.store.usage import Used, days_with_usage, record_usage, total, usage_by_day, usage_of
from app.store.writer import StoreWriter
from tests.store.samples import line, talking

DAY = date(2026, 11, 21)


def used(call_id: UUID | None, **given: Any) -> UsageRecord:
    values: dict[str, Any] = {"day": DAY, "stage": "reply", "provider": "groq", "model": "gpt", "requests": 1}
    return UsageRecord(uuid4(), call_id, **(values | given))


async def keep(db: Database, *records: UsageRecord) -> None:
    async with db.transaction() as session:
        await record_usage(session, records)


@pytest.fixture
async def call_id(db: Database) -> UUID:
    async with db.transaction() as session:
        return (await talking(session)).id


async def of(db: Database, call_id: UUID) -> list[tuple[str, str, str, Used]]:
    async with db.reading() as session:
        return [(use.stage, use.provider, use.model, use.used) for use in await usage_of(session, call_id)]


async def test_a_total_that_has_grown_takes_the_place_of_what_was(db: Database, call_id: UUID) -> None:
    record = used(call_id, tokens_read=10, cost_micros=5, currency="USD")
    grown = replace(record, requests=2, tokens_read=25, estimated=True, cost_micros=12)
    await keep(db, record)
    await keep(db, grown)
    await keep(db, record, grown)
    told = Used(requests=2, tokens_read=25, estimated=True, costs={"USD": 12})
    assert await of(db, call_id) == [("reply", "groq", "gpt", told)]


async def test_a_batch_that_the_database_took_and_did_not_confirm_counts_once(db: Database, call_id: UUID) -> None:
    record = used(call_id, characters=7)
    for _ in range(3):
        await keep(db, record)
    assert [use.characters for *_, use in await of(db, call_id)] == [7]


async def test_usage_is_added_up_by_stage_provider_and_model_in_the_order_of_a_turn(
    db: Database, call_id: UUID
) -> None:
    await keep(
        db,
        used(
            call_id, stage="speak", provider="sarvam", model="bulbul:v3", characters=40, cost_micros=9, currency="INR"
        ),
        used(call_id, tokens_read=1, cost_micros=2**40, currency="USD"),
        used(call_id, tokens_read=2, day=DAY + timedelta(days=1), cost_micros=1, currency="USD"),
        used(call_id, tokens_read=4),
        used(call_id, stage="transcribe", seconds=1.25),
        used(None, stage="transcribe", seconds=100.0),
    )
    assert await of(db, call_id) == [
        ("transcribe", "groq", "gpt", Used(requests=1, seconds=1.25, unpriced=True)),
        ("reply", "groq", "gpt", Used(requests=3, tokens_read=7, unpriced=True, costs={"USD": 2**40 + 1})),
        ("speak", "sarvam", "bulbul:v3", Used(requests=1, characters=40, costs={"INR": 9})),
    ]


async def test_days_are_summed_by_provider_the_newest_first(db: Database, call_id: UUID) -> None:
    days = [DAY - timedelta(days=back) for back in (0, 1, 5)]
    await keep(db, *(used(who, day=day, characters=3) for day in days for who in (call_id, None)))
    await keep(db, used(None, day=DAY, provider="elevenlabs", cost_micros=0, currency="USD"))
    async with db.reading() as session:
        listed = await usage_by_day(session, DAY - timedelta(days=1), DAY)
        assert [(use.day, use.provider, use.used.characters) for use in listed] == [
            (DAY, "elevenlabs", 0),
            (DAY, "groq", 6),
            (DAY - timedelta(days=1), "groq", 6),
        ]
        assert await days_with_usage(session, None, 2) == days[:2]
        assert await days_with_usage(session, DAY - timedelta(days=1), 9) == days[1:]
        assert await days_with_usage(session, DAY - timedelta(days=6), 9) == []


def test_a_total_keeps_currencies_apart_and_remembers_what_had_no_price() -> None:
    parts = [Used(costs={"USD": 2}), Used(costs={"INR": 3, "USD": 1}), Used(requests=4, unpriced=True)]
    assert total(parts) == Used(requests=4, unpriced=True, costs={"USD": 3, "INR": 3})
    assert total([]) == Used()


async def test_names_that_no_database_takes_are_made_storable(db: Database, call_id: UUID) -> None:
    await keep(db, used(call_id, provider="p" * 90, model="m\x00\ud800" + "n" * 200))
    ((_, provider, model, _),) = await of(db, call_id)
    assert (provider, model[:3], len(model)) == ("p" * 40, "m\ufffdn", 100)


async def test_usage_of_a_call_that_nobody_knows_is_refused(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await keep(db, used(uuid4()))


async def test_the_writer_takes_usage_of_calls_and_of_nobodys(db: Database, call_id: UUID) -> None:
    writer = StoreWriter(db, capacity=1, gather_s=0)
    record = used(call_id, characters=1)
    assert writer.put_nowait(line(call_id, "said"))
    assert writer.put_nowait(record), "however full the queue is, usage is not dropped"
    assert writer.put_nowait(replace(record, characters=5))
    assert writer.put_nowait(used(None, characters=9))
    writer.start()
    assert await writer.flush(call_id)
    assert [use.characters for *_, use in await of(db, call_id)] == [5]
    assert await writer.aclose()
    async with db.reading() as session:
        assert total(use.used for use in await usage_by_day(session, DAY, DAY)).characters == 14
