"""Scheduled calls for tests, with everything that a test does not care about filled in, and a short way through one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from app.dialling.limits import Limits
from app.dialling.plan import Plan
from app.dialling.policy import Policy
from app.store.attempts import Told, apply_status, begin_dialling
from app.store.claiming import Claimed, claim
from app.store.engine import Database
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.scheduling import Arrangement, attempts_of, create_call, find_scheduled
from tests.store.samples import NOON, at

POLICY = Policy(limits=Limits(at_once=100, per_second=100, per_number_a_day=100))


def arrangement(**given: Any) -> Arrangement:
    values: dict[str, Any] = {
        "to_number": "+14155550123",
        "persona": "assistant",
        "scheduled_at": NOON,
        "time_zone": "Europe/Berlin",
        "first_attempt_at": NOON,
        "plan": Plan(3, {"busy": (60,), "no_answer": (600,), "voicemail": (900,), "failed": (30,)}),
    }
    return Arrangement(**(values | given))


async def scheduled(db: Database, **given: Any) -> UUID:
    async with db.transaction() as session:
        row, _ = await create_call(session, arrangement(**given), source="rest", now=NOON)
    return row.id


async def claimed(db: Database, when: datetime = NOON, machine: str = "m1", policy: Policy = POLICY) -> list[Claimed]:
    async with db.transaction() as session:
        return await claim(session, machine, policy, when)


async def dialled(db: Database, when: datetime = NOON, machine: str = "m1", policy: Policy = POLICY) -> Claimed:
    (one,) = await claimed(db, when, machine, policy)
    async with db.transaction() as session:
        assert await begin_dialling(session, one.attempt_id, machine, policy, when)
    return one


async def told(
    db: Database, one: Claimed, *statuses: str, when: datetime | None = None, policy: Policy = POLICY, **given: Any
) -> None:
    """The carrier tells of an attempt that it calls after the attempt's id."""
    moment = when or at(30)
    for status in statuses:
        async with db.transaction() as session:
            said = Told(status, moment, **given)
            await apply_status(session, one.attempt_id, sid_of(one.attempt_id), said, policy, moment)


def sid_of(attempt_id: UUID) -> str:
    return f"CA{attempt_id.hex}"


async def call_of(db: Database, id_: UUID) -> ScheduledCallRow:
    async with db.reading() as session:
        return await find_scheduled(session, id_)


async def attempts(db: Database, id_: UUID) -> list[CallAttemptRow]:
    async with db.reading() as session:
        return list(await attempts_of(session, id_))
