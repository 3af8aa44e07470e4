"""Campaigns: which of them stand still, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialling.campaign import Breaker
from app.dialling.outcome import Disposition
from app.store.outbound_tables import CallAttemptRow, CampaignRow
from app.store.transcripts import insert_into


async def get_campaign(session: AsyncSession, name: str) -> CampaignRow | None:
    """What is known of a campaign; None if it never stopped."""
    chosen = select(CampaignRow).where(col(CampaignRow.name) == name)
    return (await session.scalars(chosen.execution_options(populate_existing=True))).one_or_none()


async def stopped_campaigns(session: AsyncSession) -> Sequence[CampaignRow]:
    """Those that stand still, in order of their names."""
    chosen = select(CampaignRow).where(col(CampaignRow.stopped_at).is_not(None))
    return (await session.scalars(chosen.order_by(col(CampaignRow.name)))).all()


async def stop_campaign(session: AsyncSession, name: str, reason: str, now: datetime) -> None:
    """Dial nothing more of this campaign until it is set going again; calls under way go on."""
    values = {"name": name, "stopped_at": now, "reason": reason}
    statement = insert_into(session, CampaignRow).values(values)
    running = col(CampaignRow.stopped_at).is_(None)
    again = {"stopped_at": now, "reason": reason}
    await session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=again, where=running))


async def resume_campaign(session: AsyncSession, name: str, now: datetime) -> bool:
    """Set a campaign going again, its past forgiven; False if it did not stand still."""
    row = await get_campaign(session, name)
    if row is None or row.stopped_at is None:
        return False
    again = {"stopped_at": None, "reason": "", "since": now}
    await session.execute(update(CampaignRow).where(col(CampaignRow.name) == name).values(again))
    return True


async def judge_campaign(session: AsyncSession, name: str, breaker: Breaker, now: datetime) -> str | None:
    """Stop a campaign if its last attempts say so; the reason, or None if it goes on."""
    row = await get_campaign(session, name)
    if row is not None and row.stopped_at is not None:
        return None
    chosen = select(col(CallAttemptRow.disposition)).where(
        col(CallAttemptRow.campaign) == name, col(CallAttemptRow.settled_at).is_not(None)
    )
    if row is not None and row.since is not None:
        chosen = chosen.where(col(CallAttemptRow.settled_at) > row.since)
    # more than are looked at, because those that never rang anybody are passed over
    newest = chosen.order_by(col(CallAttemptRow.settled_at).desc()).limit(4 * breaker.looked_at)
    ended = [Disposition(one) for one in (await session.scalars(newest)).all() if one]
    reason = breaker.verdict(ended)
    if reason is not None:
        await stop_campaign(session, name, reason, now)
    return reason
