from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from app.dialling.plan import Plan
from app.dialling.window import Window
from app.store.engine import Database
from app.store.listing import CursorError
from app.store.outbox import events_about
from app.store.scheduling import (
    KeyReusedError,
    NoSuchScheduledCallError,
    NotWaitingError,
    ScheduledFilters,
    arranged_for,
    cancel_call,
    change_call,
    create_call,
    find_scheduled,
    list_scheduled,
    plan_of,
    windows_of,
)
from tests.store.outbound_samples import arrangement, call_of, claimed, scheduled
from tests.store.samples import NOON, at


async def test_what_was_arranged_is_what_is_stored(db: Database) -> None:
    windows = (Window(frozenset({0, 4}), 540, 1020), Window(frozenset({5}), 1320, 120))
    plan = Plan(5, {"busy": (60, 120)})
    id_ = await scheduled(db, windows=windows, plan=plan, variables={"candidate": "Zoë", "topic": "python"})
    row = await call_of(db, id_)
    assert (windows_of(row), plan_of(row), row.variables["candidate"]) == (windows, plan, "Zoë")
    assert (row.status, row.reason, row.next_attempt_at, row.attempts) == ("waiting", "scheduled", NOON, 0)


async def test_the_same_key_with_the_same_request_gives_the_same_call(db: Database) -> None:
    made = []
    for _ in range(2):
        async with db.transaction() as session:
            made.append(await create_call(session, arrangement(), source="rest", now=NOON, key="k", body_hash="h"))
    assert made[0][0].id == made[1][0].id
    assert [new for _, new in made] == [True, False]


async def test_the_same_key_with_another_request_is_refused(db: Database) -> None:
    async with db.transaction() as session:
        await create_call(session, arrangement(), source="rest", now=NOON, key="k", body_hash="h")
    with pytest.raises(KeyReusedError):
        async with db.transaction() as session:
            await create_call(session, arrangement(), source="rest", now=NOON, key="k", body_hash="other")


async def test_a_key_that_comes_many_times_at_once_makes_one_call(db: Database) -> None:
    async def create() -> UUID:
        async with db.transaction() as session:
            row, _ = await create_call(session, arrangement(), source="rest", now=NOON, key="k", body_hash="h")
            return row.id

    assert len(set(await asyncio.gather(*(create() for _ in range(8))))) == 1


async def test_calls_without_a_key_are_as_many_as_are_asked_for(db: Database) -> None:
    assert await scheduled(db) != await scheduled(db)


async def test_a_waiting_call_is_changed_and_one_that_is_rung_is_not(db: Database) -> None:
    id_ = await scheduled(db)
    async with db.transaction() as session:
        row = await change_call(session, id_, arrangement(first_attempt_at=at(60)), NOON, based_on=1)
    assert (row.next_attempt_at, row.revision) == (at(60), 2)
    with pytest.raises(NotWaitingError, match="waiting"):
        async with db.transaction() as session:
            await change_call(session, id_, arrangement(), NOON, based_on=1)
    await claimed(db, at(60))
    with pytest.raises(NotWaitingError, match="calling"):
        async with db.transaction() as session:
            await change_call(session, id_, arrangement(), NOON)


async def test_a_cancelled_call_is_never_claimed(db: Database) -> None:
    id_ = await scheduled(db)
    async with db.transaction() as session:
        row = await cancel_call(session, id_, at(1))
    assert (row.status, row.reason, row.finished_at) == ("cancelled", "cancelled", at(1))
    assert await claimed(db, at(3600)) == []
    with pytest.raises(NotWaitingError, match="cancelled"):
        async with db.transaction() as session:
            await cancel_call(session, id_, at(2))


async def test_whoever_runs_a_placed_call_finds_what_was_arranged(db: Database) -> None:
    id_ = await scheduled(db, variables={"candidate_name": "Ada"})
    (one,) = await claimed(db)
    async with db.reading() as session:
        row = await arranged_for(session, one.attempt_id)
        assert await arranged_for(session, uuid4()) is None
    assert row is not None
    assert (row.id, row.variables) == (id_, {"candidate_name": "Ada"})


async def test_an_unknown_call_is_told_so(db: Database) -> None:
    for refused in (find_scheduled, cancel_call, change_call):
        given = {find_scheduled: (), cancel_call: (NOON,), change_call: (arrangement(), NOON)}[refused]
        with pytest.raises(NoSuchScheduledCallError):
            async with db.transaction() as session:
                await refused(session, uuid4(), *given)  # type: ignore[operator]


async def test_pages_hold_every_call_once_the_newest_first(db: Database) -> None:
    made = []
    for second in range(7):
        async with db.transaction() as session:
            row, _ = await create_call(session, arrangement(campaign="c"), source="rest", now=at(second))
            made.append(row.id)
    await scheduled(db, campaign="other")
    seen: list[UUID] = []
    cursor = None
    for _ in range(4):
        async with db.reading() as session:
            page = await list_scheduled(session, ScheduledFilters(campaign="c"), cursor, 2)
        seen += [row.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == made[::-1]
    with pytest.raises(CursorError):
        async with db.reading() as session:
            await list_scheduled(session, ScheduledFilters(), "nonsense")


async def test_who_wants_to_be_told_is_told_in_order_and_nobody_else_is(db: Database) -> None:
    silent, told = await scheduled(db), await scheduled(db, webhook_url="https://ats.example/hook")
    for id_ in (silent, told):
        async with db.transaction() as session:
            await cancel_call(session, id_, at(1))
    async with db.reading() as session:
        assert await events_about(session, silent) == []
        events = await events_about(session, told)
    assert [(one.seq, one.event) for one in events] == [(1, "call.scheduled"), (2, "call.failed")]
    assert events[1].payload["status"] == "cancelled"
