"""How many scheduled calls there are of each kind, and of which campaigns: what the list offers to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.outbound_tables import ScheduledCallRow


async def counts_by_status(session: AsyncSession) -> Mapping[str, int]:
    """By status; only those that there are."""
    chosen = select(col(ScheduledCallRow.status), func.count()).group_by(col(ScheduledCallRow.status))
    return {str(status): int(count) for status, count in (await session.execute(chosen)).all()}


async def campaign_names(session: AsyncSession, most: int = 100) -> Sequence[str]:
    """Names of campaigns that have calls, in order, without the empty one."""
    name = col(ScheduledCallRow.campaign)
    return (await session.scalars(select(name).where(name != "").distinct().order_by(name).limit(most))).all()
