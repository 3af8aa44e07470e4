"""Who dials what: due calls are handed to one machine each, within limits that hold for all machines together.

Claims follow one another: SQLite has one writer anyway, and PostgreSQL is given a lock of our own, held for the few
milliseconds of the claim. So what is counted is true, and two calls to one number cannot both find it free. Calls that
somebody changes or cancels at that moment are passed over, with SKIP LOCKED. The attempt is written in the same
transaction as the claim: nothing is ever dialled that the database has not heard of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialling.limits import Later, Never, Standing, judge, last_midnight
from app.dialling.outcome import Disposition
from app.dialling.policy import Policy
from app.dialling.progress import UNDER_WAY
from app.dialling.zones import zone
from app.store.outbound_tables import CallAttemptRow, CampaignRow, DoNotCallRow, ScheduledCallRow
from app.store.scheduling import windows_of
from app.store.settling import finish_call

CLAIM_LOCK = 0x4449414C
"""Any number of our own: claims of all machines wait for each other."""
MOST_ROUNDS = 10
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Claimed:
    """A call to dial now. `attempt_id` names the attempt, and the call that it becomes."""

    attempt_id: UUID
    scheduled_call_id: UUID
    to_number: str
    voicemail: str
    send_digits: str = ""


async def claim(session: AsyncSession, machine: str, policy: Policy, now: datetime, most: int = 10) -> list[Claimed]:
    """Take due calls for `machine`, at most `most` and as many as the limits leave. Those that may not be dialled now
    are put off, or ended, with their reason."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIM_LOCK})
    taken: list[Claimed] = []
    for _ in range(MOST_ROUNDS):
        room = min(most - len(taken), MOST_AT_ONCE, await _room(session, policy, now))
        if room <= 0:
            break
        due = await _lease(session, machine, policy, now, room)
        for call in due:
            found = await _take(session, call, machine, policy, now)
            if found is not None:
                taken.append(found)
        if len(due) < room:
            break
    return taken


async def _room(session: AsyncSession, policy: Policy, now: datetime) -> int:
    """How many calls all machines together may begin now."""
    under_way = select(func.count()).where(col(CallAttemptRow.status).in_(UNDER_WAY))
    calls, span = policy.limits.pace
    begun = select(func.count()).where(col(CallAttemptRow.planned_at) > now - span)
    free = policy.limits.at_once - int(await session.scalar(under_way) or 0)
    return min(free, calls - int(await session.scalar(begun) or 0)) if free > 0 else 0


async def _lease(
    session: AsyncSession, machine: str, policy: Policy, now: datetime, most: int
) -> list[ScheduledCallRow]:
    """Due calls, now leased to `machine`: one UPDATE … RETURNING, in which PostgreSQL skips what others have locked."""
    stopped = exists().where(
        col(CampaignRow.name) == col(ScheduledCallRow.campaign), col(CampaignRow.stopped_at).is_not(None)
    )
    due = (
        select(col(ScheduledCallRow.id))
        .where(col(ScheduledCallRow.status) == "waiting", col(ScheduledCallRow.next_attempt_at) <= now, ~stopped)
        .order_by(col(ScheduledCallRow.next_attempt_at), col(ScheduledCallRow.id))
        .limit(most)
        .with_for_update(skip_locked=True)  # SQLite leaves this out
    )
    lease = {"leased_by": machine, "lease_until": now + timedelta(seconds=policy.lease_s), "status": "calling"}
    statement = (
        update(ScheduledCallRow)
        .where(col(ScheduledCallRow.id).in_(due.scalar_subquery()))
        .values(lease | {"updated_at": now})
        .returning(ScheduledCallRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows = (await session.scalars(statement)).all()
    return sorted(rows, key=lambda row: (row.next_attempt_at or now, row.id))


async def _take(
    session: AsyncSession, call: ScheduledCallRow, machine: str, policy: Policy, now: datetime
) -> Claimed | None:
    """A leased call's attempt, written down; None if it may not be dialled now."""
    where = zone(call.time_zone)
    standing, made = await _standing(session, call, last_midnight(now, where))
    verdict = judge(now, where, windows_of(call), policy.limits, standing)
    if isinstance(verdict, Never):
        await finish_call(session, call, "failed", verdict.reason, now)
        return None
    if isinstance(verdict, Later):
        call.status, call.reason, call.next_attempt_at = "waiting", verdict.reason, verdict.at
        call.leased_by = call.lease_until = None
        await session.flush()
        return None
    attempt = CallAttemptRow(
        id=uuid4(),
        scheduled_call_id=call.id,
        number=made + 1,
        to_number=call.to_number,
        campaign=call.campaign,
        machine=machine,
        status="planned",
        planned_at=now,
        check_at=call.lease_until,
    )
    session.add(attempt)
    call.reason = "calling"
    await session.flush()
    return Claimed(attempt.id, call.id, call.to_number, call.voicemail, call.send_digits)


async def _standing(session: AsyncSession, call: ScheduledCallRow, since: datetime) -> tuple[Standing, int]:
    """What stands against dialling a call, and how many attempts were made at it; one question to the database."""
    same = col(CallAttemptRow.to_number) == call.to_number
    rang = col(CallAttemptRow.disposition).is_(None) | col(CallAttemptRow.disposition).not_in(
        (Disposition.ABANDONED.value, Disposition.THROTTLED.value)
    )
    mine = col(CallAttemptRow.scheduled_call_id) == call.id
    asked = select(
        exists().where(col(DoNotCallRow.e164) == call.to_number),
        select(func.count()).where(same, rang, col(CallAttemptRow.planned_at) >= since).scalar_subquery(),
        exists().where(same, col(CallAttemptRow.status).in_(UNDER_WAY)),
        select(func.max(col(CallAttemptRow.number))).where(mine).scalar_subquery(),
    )
    forbidden, today, under_way, made = (await session.execute(asked)).one()
    return Standing(bool(forbidden), int(today), bool(under_way)), int(made or 0)
