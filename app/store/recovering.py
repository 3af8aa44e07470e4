"""What died machines and lost messages leave behind: found by their times, taken up by one machine at a time.

Two cases differ. An attempt that is still `planned` when its lease is over was never dialled, and cannot be any more
(`attempts.begin_dialling`): its call is simply due again. One that is `dialling` may have been: the carrier is asked,
and only if it knows of no such call the call is due again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialling.outcome import Disposition
from app.dialling.policy import Policy
from app.dialling.progress import UNDER_WAY
from app.store.attempts import record_refusal
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.settling import lock_call_of, settle

LONGEST_CALL_S = 4 * 3600.0
"""A call that lasts longer is ended by the carrier (WIRE facts A.6)."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """An attempt of which nothing has been heard for too long. `carrier_sid`: None if not even that is known.

    `since`: when it was dialled. `in_doubt`: its request was answered with an error that leaves everything open.
    """

    attempt_id: UUID
    to_number: str
    carrier_sid: str | None
    since: datetime
    in_doubt: bool


async def give_back_undialled(session: AsyncSession, policy: Policy, now: datetime, limit: int = 50) -> list[UUID]:
    """Make those calls due again that a machine claimed and can no longer dial; the ids of their attempts.

    One whose machine looked just before the lease ended, and has begun to dial while we came, is left to it: what was
    `planned` when we looked must still be so when it is given up.
    """
    expired = (
        select(col(CallAttemptRow.id))
        .join(ScheduledCallRow, col(ScheduledCallRow.id) == col(CallAttemptRow.scheduled_call_id))
        .where(col(CallAttemptRow.status) == "planned", col(ScheduledCallRow.lease_until) <= now)
        .limit(limit)
    )
    ids = (await session.scalars(expired)).all()
    return [one for one in ids if await _give_back(session, one, policy, now)]


async def _give_back(session: AsyncSession, attempt_id: UUID, policy: Policy, now: datetime) -> bool:
    ended = Disposition.ABANDONED
    return await record_refusal(session, attempt_id, ended, policy, now, coming_from=("planned",)) is not None


async def take_unheard(session: AsyncSession, policy: Policy, now: datetime, limit: int = 20) -> list[Unheard]:
    """Attempts about which this machine has to ask the carrier; nobody else will for a while."""
    due = (
        select(col(CallAttemptRow.id))
        .where(
            col(CallAttemptRow.status).in_(tuple(name for name in UNDER_WAY if name != "planned")),
            col(CallAttemptRow.check_at) <= now,
        )
        .order_by(col(CallAttemptRow.check_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(CallAttemptRow)
        .where(col(CallAttemptRow.id).in_(due.scalar_subquery()))
        .values(check_at=now + timedelta(seconds=policy.check_s))
        .returning(CallAttemptRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return [
        Unheard(row.id, row.to_number, row.carrier_sid, row.dialled_at or row.planned_at, row.error is not None)
        for row in (await session.scalars(statement)).all()
    ]


async def record_nothing_found(session: AsyncSession, unheard: Unheard, policy: Policy, now: datetime) -> None:
    """The carrier knows of no such call: nobody was rung. What the carrier answered with an error counts as a failed
    attempt; what a dying machine left counts as none."""
    ended = Disposition.FAILED if unheard.in_doubt else Disposition.ABANDONED
    await record_refusal(session, unheard.attempt_id, ended, policy, now)


async def give_up_asking(session: AsyncSession, unheard: Unheard, policy: Policy, now: datetime) -> None:
    """The carrier could not be asked for so long that the call ends as unknown: it may have been rung, and may have
    lasted as long as any call can."""
    most_s = policy.doubt_s + (LONGEST_CALL_S if unheard.carrier_sid else 0.0)
    if now - unheard.since < timedelta(seconds=most_s):
        return
    await lock_call_of(session, unheard.attempt_id)
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == unheard.attempt_id, col(CallAttemptRow.status).in_(UNDER_WAY)
    )
    ended = {"status": "refused", "disposition": Disposition.UNKNOWN.value, "ended_at": now, "settle_at": now}
    await session.execute(statement.values(ended).execution_options(synchronize_session=False))
    await settle(session, unheard.attempt_id, policy, now)
