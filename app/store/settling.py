"""The end of an attempt, and what follows from it for its call: again later, or over; all in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialling.campaign import ACCOUNT_REFUSED
from app.dialling.outcome import COUNTED, Disposition, disposition
from app.dialling.plan import Again, Over, after
from app.dialling.policy import Policy
from app.dialling.progress import FINAL
from app.dialling.zones import zone
from app.store.campaigns import judge_campaign, stop_campaign
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.outbox import Event, put_event
from app.store.scheduling import find_scheduled, plan_of, told_of, windows_of


async def find_attempt(session: AsyncSession, id_: UUID) -> CallAttemptRow | None:
    """An attempt as it is now, or None."""
    chosen = select(CallAttemptRow).where(col(CallAttemptRow.id) == id_)
    return (await session.scalars(chosen.execution_options(populate_existing=True))).one_or_none()


async def lock_call_of(session: AsyncSession, attempt_id: UUID) -> None:
    """Hold an attempt's call, where the database locks rows. Whoever ends an attempt does so first: always the call
    before its attempts, so that two who end the same one wait for each other instead of crossing."""
    mine = select(col(CallAttemptRow.scheduled_call_id)).where(col(CallAttemptRow.id) == attempt_id)
    call = select(col(ScheduledCallRow.id)).where(col(ScheduledCallRow.id).in_(mine.scalar_subquery()))
    await session.execute(call.with_for_update())


async def settle(
    session: AsyncSession, attempt_id: UUID, policy: Policy, now: datetime, *, account_refused: bool = False
) -> ScheduledCallRow | None:
    """Tell an attempt's call that the attempt is over; once, whoever comes first. None if there is nothing to tell.

    `account_refused`: the carrier refused us rather than the number, so the whole campaign stops.
    """
    await lock_call_of(session, attempt_id)
    attempt = await find_attempt(session, attempt_id)
    if attempt is None or attempt.status not in FINAL or attempt.settled_at is not None:
        return None
    call = await find_scheduled(session, attempt.scheduled_call_id, to_change=True)
    ended = Disposition(attempt.disposition) if attempt.disposition else _disposition(attempt, call)
    told = update(CallAttemptRow).where(col(CallAttemptRow.id) == attempt_id, col(CallAttemptRow.settled_at).is_(None))
    await session.execute(told.values(settled_at=now, disposition=ended.value, check_at=None, settle_at=None))
    await _lead_on(session, call, policy, now)
    if account_refused:
        await stop_campaign(session, call.campaign, ACCOUNT_REFUSED, now)
    elif ended in COUNTED:
        await judge_campaign(session, call.campaign, policy.breaker, now)
    return call


def _disposition(attempt: CallAttemptRow, call: ScheduledCallRow) -> Disposition:
    return disposition(
        attempt.status,
        answered_by=attempt.answered_by,
        message_left=attempt.message_left,
        cancelled_by_us=call.cancel_asked,
    )


async def _lead_on(session: AsyncSession, call: ScheduledCallRow, policy: Policy, now: datetime) -> None:
    """The call's next state, from how all its attempts have ended."""
    chosen = select(col(CallAttemptRow.disposition)).where(
        col(CallAttemptRow.scheduled_call_id) == call.id, col(CallAttemptRow.settled_at).is_not(None)
    )
    ended = (await session.scalars(chosen.order_by(col(CallAttemptRow.number)))).all()
    history = [Disposition(one) for one in ended if one]
    call.attempts = sum(one in COUNTED for one in history)
    call.leased_by = call.lease_until = None
    call.updated_at, call.revision = now, call.revision + 1
    step = after(history, plan_of(call), now, zone(call.time_zone), windows_of(call), policy.limits.hours)
    if call.cancel_asked and isinstance(step, Again):
        step = Over("cancelled", "cancelled")
    if isinstance(step, Again):
        call.status, call.reason, call.next_attempt_at = "waiting", step.reason, step.at
        await session.flush()
        return
    await finish_call(session, call, step.status, step.reason, now)


async def finish_call(session: AsyncSession, call: ScheduledCallRow, status: str, reason: str, now: datetime) -> None:
    """End a scheduled call for good, and have it told."""
    call.status, call.reason, call.next_attempt_at, call.finished_at = status, reason[:64], None, now
    call.leased_by = call.lease_until = None
    event: Event = "call.completed" if status == "completed" else "call.failed"
    await session.flush()
    await put_event(session, call, event, told_of(call), now)


async def settle_due(session: AsyncSession, policy: Policy, now: datetime, limit: int = 50) -> list[UUID]:
    """Settle the attempts whose time for a late verdict is up, and any that a dying process left unsettled; their
    ids."""
    chosen = select(col(CallAttemptRow.id)).where(
        col(CallAttemptRow.status).in_(FINAL),
        col(CallAttemptRow.settled_at).is_(None),
        col(CallAttemptRow.settle_at) <= now,
    )
    ids = (await session.scalars(chosen.order_by(col(CallAttemptRow.settle_at)).limit(limit))).all()
    return [id_ for id_ in ids if await settle(session, id_, policy, now) is not None]


def settling_values(status: str, attempt: CallAttemptRow, policy: Policy, now: datetime) -> dict[str, Any]:
    """When a final `status` is to be settled: now, unless a verdict on who answered may still come."""
    told = attempt.answered_by is not None or attempt.disposition is not None
    waits = status == "completed" and policy.verdict_s is not None and not told
    delay_s = policy.verdict_s if waits and policy.verdict_s is not None else 0.0
    return {"settle_at": now + timedelta(seconds=delay_s)}
