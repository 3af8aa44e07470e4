from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from app.store.calls import (
    admit,
    by_sid,
    claim_stream,
    expire_ringing,
    finish,
    get_call,
    heartbeat,
    mark_lost,
)
from app.store.engine import Database
from app.store.listing import count_calls
from app.store.transcripts import record_segment
from tests.store.samples import NOON, at, line, ringing, talking


async def test_a_call_is_admitted_ringing(db: Database) -> None:
    async with db.transaction() as session:
        admitted = await ringing(session, call_sid="CA1")
    async with db.reading() as session:
        call = await by_sid(session, "CA1")
    assert call is not None
    assert (call.id, call.status, call.created_at, call.started_at) == (admitted.id, "ringing", NOON, None)
    assert call.conversation_id is not None


async def test_a_repeated_webhook_gets_the_call_it_had(db: Database) -> None:
    async with db.transaction() as session:
        first = await ringing(session, call_sid="CA1")
    async with db.transaction() as session:
        second = await ringing(session, call_sid="CA1", persona="another", call_id=uuid4())
    assert second.id == first.id
    assert second.persona == "assistant"
    async with db.reading() as session:
        assert await count_calls(session) == 1


async def test_webhooks_repeated_at_once_admit_one_call(db: Database) -> None:
    async def arrives() -> object:
        async with db.transaction() as session:
            return (await ringing(session, call_sid="CA1")).id

    ids = await asyncio.gather(*(arrives() for _ in range(8)))
    assert len(set(ids)) == 1
    async with db.reading() as session:
        assert await count_calls(session) == 1


async def test_numbers_longer_than_any_are_cut_and_do_not_fail(db: Database) -> None:
    async with db.transaction() as session:
        call = await ringing(session, from_number="sip:" + "x" * 500)
    assert len(call.from_number) == 64


async def test_of_twenty_who_claim_a_stream_one_gets_it(db: Database) -> None:
    async with db.transaction() as session:
        call = await ringing(session)

    async def tries(name: str) -> tuple[str, bool]:
        async with db.transaction() as session:
            return name, await claim_stream(session, call.id, name, at(1))

    results = await asyncio.gather(*(tries(f"MZ{number}") for number in range(20)))
    winners = [name for name, won in results if won]
    assert len(winners) == 1
    async with db.reading() as session:
        stored = await get_call(session, call.id)
    assert stored is not None
    assert (stored.stream_sid, stored.status, stored.started_at) == (winners[0], "in-progress", at(1))


async def test_an_ended_or_unknown_call_has_no_stream_to_claim(db: Database) -> None:
    async with db.transaction() as session:
        call = await ringing(session)
        await finish(session, call.id, status="busy", end_reason="full", ended_at=at(1), duration_s=0)
        assert not await claim_stream(session, call.id, "MZ1", at(2))
        assert not await claim_stream(session, uuid4(), "MZ1", at(2))


async def test_how_a_call_first_ended_is_how_it_ended(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        assert await finish(
            session,
            call.id,
            status="completed",
            end_reason="caller-hung-up",
            ended_at=at(9),
            duration_s=9.0,
            recording_ms=8900,
            line_quality={"snr_db": float("nan"), "clipped": 3},
        )
        assert not await finish(session, call.id, status="failed", end_reason="late", ended_at=at(99), duration_s=99)
        assert await mark_lost(session, machine="m1") == []
    async with db.reading() as session:
        stored = await get_call(session, call.id)
    assert stored is not None
    assert (stored.status, stored.end_reason, stored.ended_at) == ("completed", "caller-hung-up", at(9))
    assert (stored.duration_s, stored.recording_ms) == (9.0, 8900)
    assert stored.line_quality == {"snr_db": None, "clipped": 3}


async def test_a_heartbeat_is_for_ones_own_running_calls(db: Database) -> None:
    async with db.transaction() as session:
        ours = await talking(session)
        theirs = await talking(session, machine="m2")
        ended = await talking(session)
        await finish(session, ended.id, status="completed", end_reason="x", ended_at=at(1), duration_s=1)
        assert await heartbeat(session, "m1", [ours.id, theirs.id, ended.id], at(30)) == 1
        assert await heartbeat(session, "m1", [], at(30)) == 0
    async with db.reading() as session:
        assert [(await get_call(session, call.id)).heartbeat_at for call in (ours, theirs)] == [at(30), NOON]  # type: ignore[union-attr]


async def test_a_machine_that_starts_again_knows_its_calls_are_lost(db: Database) -> None:
    async with db.transaction() as session:
        silent = await talking(session)
        spoke = await talking(session)
        never_connected = await ringing(session)
        elsewhere = await talking(session, machine="m2")
        await heartbeat(session, "m1", [silent.id, spoke.id], at(5))
        await record_segment(session, line(spoke.id, "and then", ended_ms=7_500))
    async with db.transaction() as session:
        lost = await mark_lost(session, machine="m1")
    assert set(lost) == {silent.id, spoke.id, never_connected.id}
    async with db.reading() as session:
        ends = {}
        for call in (silent, spoke, never_connected, elsewhere):
            row = await get_call(session, call.id)
            assert row is not None
            ends[call.id] = (row.status, row.ended_at, row.duration_s)
    assert ends == {
        silent.id: ("lost", at(5), 5.0),
        spoke.id: ("lost", at(7.5), 7.5),
        never_connected.id: ("lost", NOON, 0.0),
        elsewhere.id: ("in-progress", None, None),
    }


async def test_a_call_without_a_heartbeat_for_too_long_is_lost_whoever_ran_it(db: Database) -> None:
    async with db.transaction() as session:
        dead = await talking(session, machine="m2")
        alive = await talking(session, machine="m3")
        await heartbeat(session, "m3", [alive.id], at(50))
        assert await mark_lost(session, stale_before=at(30)) == [dead.id]
        assert await mark_lost(session, stale_before=at(30)) == []
        assert await mark_lost(session) == []


async def test_a_call_whose_stream_never_came_does_not_ring_for_ever(db: Database) -> None:
    async with db.transaction() as session:
        old = await ringing(session, now=at(0))
        new = await ringing(session, now=at(50))
        connected = await talking(session, now=at(0))
        assert await expire_ringing(session, created_before=at(30), now=at(60)) == [old.id]
        assert await expire_ringing(session, created_before=at(30), now=at(60)) == []
    async with db.reading() as session:
        rows = [await get_call(session, call.id) for call in (old, new, connected)]
    assert [row and row.status for row in rows] == ["failed", "ringing", "in-progress"]


async def test_a_call_needs_a_sid_of_its_own(db: Database) -> None:
    async with db.transaction() as session:
        call = await ringing(session)
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        async with db.transaction() as session:
            await admit(
                session,
                call_id=call.id,
                call_sid="CAother",
                direction="inbound",
                from_number="+1",
                to_number="+2",
                persona="assistant",
                machine="m1",
                now=NOON,
            )
