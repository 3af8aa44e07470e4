"""An attempt's own story: it is dialled, the carrier tells how it goes, and it ends; every step once, whoever tells it.

Each change is one UPDATE that names the statuses from which it may come, so a late, repeated or reversed message
changes nothing, and neither does a machine that wakes up after others have given it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialling.outcome import Disposition
from app.dialling.policy import Policy
from app.dialling.progress import FINAL, OF_CARRIER, UNDER_WAY, earlier
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.store.outbox import put_event
from app.store.records import clean
from app.store.scheduling import find_scheduled, told_of
from app.store.settling import find_attempt, lock_call_of, settle, settling_values

_TIMES = {"ringing": "ringing_at", "in-progress": "answered_at"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a carrier says of a call. `duration_s` with the end; `answered_by`: a verdict, if it has one."""

    status: str
    at: datetime
    duration_s: int | None = None
    answered_by: str | None = None


async def begin_dialling(session: AsyncSession, attempt_id: UUID, machine: str, policy: Policy, now: datetime) -> bool:
    """The last word before the telephone rings: may `machine` dial this attempt? True once, and only while its lease
    lasts and nobody has asked to cancel the call."""
    leased = select(col(ScheduledCallRow.id)).where(
        col(ScheduledCallRow.leased_by) == machine,
        col(ScheduledCallRow.lease_until) > now,
        col(ScheduledCallRow.cancel_asked).is_(False),
    )
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == attempt_id,
        col(CallAttemptRow.status) == "planned",
        col(CallAttemptRow.machine) == machine,
        col(CallAttemptRow.scheduled_call_id).in_(leased),
    )
    look_up_at = now + timedelta(seconds=policy.look_up_s)
    return await _changed(session, statement.values(status="dialling", dialled_at=now, check_at=look_up_at))


async def record_sid(session: AsyncSession, attempt_id: UUID, carrier_sid: str, policy: Policy, now: datetime) -> bool:
    """The carrier has taken the call, and calls it so. False if the attempt was over for us, or is another call: then
    whoever dialled must hang up."""
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == attempt_id,
        col(CallAttemptRow.carrier_sid).is_(None),
        col(CallAttemptRow.status).in_(UNDER_WAY),
    )
    check_at = now + timedelta(seconds=policy.ring_s + policy.check_s)
    if await _changed(session, statement.values(carrier_sid=carrier_sid, check_at=check_at)):
        return True
    attempt = await find_attempt(session, attempt_id)
    return attempt is not None and attempt.carrier_sid == carrier_sid


async def is_cancelled(session: AsyncSession, attempt_id: UUID) -> bool:
    """Has somebody asked, while it was dialled, that its call be cancelled?"""
    chosen = select(col(ScheduledCallRow.cancel_asked)).join(
        CallAttemptRow, col(CallAttemptRow.scheduled_call_id) == col(ScheduledCallRow.id)
    )
    return bool(await session.scalar(chosen.where(col(CallAttemptRow.id) == attempt_id)))


async def record_refusal(
    session: AsyncSession,
    attempt_id: UUID,
    ended: Disposition,
    policy: Policy,
    now: datetime,
    *,
    code: int | None = None,
    words: str = "",
    account: bool = False,
    coming_from: tuple[str, ...] = ("planned", "dialling"),
) -> ScheduledCallRow | None:
    """The carrier did certainly not take the call. `ended`: REFUSED for good, FAILED for now, THROTTLED, or ABANDONED
    if it was never asked. Gives the call as it is then; None if the attempt was over before, or is not one of those
    that are `coming_from` (any more)."""
    await lock_call_of(session, attempt_id)
    status = "abandoned" if ended is Disposition.ABANDONED else "refused"
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == attempt_id,
        col(CallAttemptRow.status).in_(coming_from),
        col(CallAttemptRow.carrier_sid).is_(None),
    )
    values = {"status": status, "disposition": ended.value, "ended_at": now, "settle_at": now}
    told = {"error_code": code, "error": clean(words)[:300] or None} if code or words else {}
    if not await _changed(session, statement.values(values | told)):
        return None
    return await settle(session, attempt_id, policy, now, account_refused=account)


async def record_doubt(session: AsyncSession, attempt_id: UUID, words: str, policy: Policy, now: datetime) -> None:
    """Nobody knows whether the carrier has taken the call: it will be asked before anything else is done."""
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == attempt_id,
        col(CallAttemptRow.status) == "dialling",
        col(CallAttemptRow.carrier_sid).is_(None),
    )
    look_up_at = now + timedelta(seconds=policy.look_up_s)
    await _changed(session, statement.values(error=clean(words)[:300], check_at=look_up_at))


async def attempt_of_sid(session: AsyncSession, carrier_sid: str) -> CallAttemptRow | None:
    """The attempt that the carrier calls so, or None."""
    return (await session.scalars(select(CallAttemptRow).where(col(CallAttemptRow.carrier_sid) == carrier_sid))).first()


async def apply_status(
    session: AsyncSession, attempt_id: UUID, carrier_sid: str, told: Told, policy: Policy, now: datetime
) -> ScheduledCallRow | None:
    """Take what the carrier tells of an attempt; the call, if that settled it. What is old, repeated, unknown or of
    another call changes nothing.

    Who died before writing down what the carrier calls the attempt is helped here: the message brings the name.
    """
    await lock_call_of(session, attempt_id)
    if not await record_sid(session, attempt_id, carrier_sid, policy, now) or told.status not in OF_CARRIER:
        return None
    attempt = await find_attempt(session, attempt_id)
    if attempt is None:
        return None
    if told.answered_by:
        await _note_verdict(session, attempt_id, told.answered_by, "carrier")
    values: dict[str, Any] = {"status": told.status, "check_at": now + timedelta(seconds=policy.check_s)}
    if told.status in _TIMES:
        values[_TIMES[told.status]] = told.at
    if told.status in FINAL:
        attempt = await find_attempt(session, attempt_id) or attempt
        values |= {"ended_at": told.at, "duration_s": told.duration_s, "check_at": None}
        values |= settling_values(told.status, attempt, policy, now)
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == attempt_id, col(CallAttemptRow.status).in_(earlier(told.status))
    )
    if not await _changed(session, statement.values(values)):
        return None
    if told.status == "in-progress":
        call = await find_scheduled(session, attempt.scheduled_call_id)
        await put_event(session, call, "call.started", told_of(call), now)
    if values.get("settle_at") != now:
        return None
    return await settle(session, attempt_id, policy, now)


async def apply_verdict(
    session: AsyncSession,
    attempt_id: UUID,
    answered_by: str,
    by: Literal["carrier", "words"],
    policy: Policy,
    now: datetime,
) -> bool:
    """Who answered: the first verdict counts, and words count before the carrier's. True if this one was taken.

    An attempt that waited for it is settled.
    """
    await lock_call_of(session, attempt_id)
    taken = await _note_verdict(session, attempt_id, answered_by, by)
    attempt = await find_attempt(session, attempt_id)
    if attempt is not None and attempt.status in FINAL and attempt.settled_at is None:
        await settle(session, attempt_id, policy, now)
    return taken


async def note_message_left(session: AsyncSession, attempt_id: UUID) -> None:
    """A machine has got the whole message."""
    await _changed(
        session, update(CallAttemptRow).where(col(CallAttemptRow.id) == attempt_id).values(message_left=True)
    )


async def note_end(session: AsyncSession, attempt_id: UUID, ended: Disposition) -> None:
    """Somebody picked up, and we did not talk with them: so it will have ended, whoever it was. `ended`: LINES_FULL;
    CANCELLED, meanwhile; FAILED, where no stream came to us."""
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == attempt_id, col(CallAttemptRow.settled_at).is_(None)
    )
    await _changed(session, statement.values(disposition=ended.value))


async def _note_verdict(session: AsyncSession, attempt_id: UUID, answered_by: str, by: str) -> bool:
    statement = update(CallAttemptRow).where(
        col(CallAttemptRow.id) == attempt_id, col(CallAttemptRow.settled_at).is_(None)
    )
    known = col(CallAttemptRow.verdict_by)
    statement = statement.where(known.is_(None) if by == "carrier" else known.is_(None) | (known == "carrier"))
    return await _changed(session, statement.values(answered_by=clean(answered_by)[:32], verdict_by=by))


async def _changed(session: AsyncSession, statement: Any) -> bool:
    """Run an UPDATE of attempts; did it change one?"""
    given = statement.returning(col(CallAttemptRow.id)).execution_options(synchronize_session=False)
    return (await session.scalars(given)).first() is not None
