"""Which persona answers which of our numbers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.store.tables import PhoneNumberRow
from app.store.transcripts import insert_into


async def persona_for(session: AsyncSession, e164: str) -> str | None:
    """The slug of the persona that answers `e164` (`+` and digits), or None if nobody was given the number."""
    chosen = select(col(PhoneNumberRow.persona)).where(col(PhoneNumberRow.e164) == e164)
    return (await session.scalars(chosen)).one_or_none()


async def all_numbers(session: AsyncSession) -> Sequence[PhoneNumberRow]:
    """Every number that has a persona, in order."""
    return (await session.scalars(select(PhoneNumberRow).order_by(col(PhoneNumberRow.e164)))).all()


async def get_number(session: AsyncSession, e164: str) -> PhoneNumberRow | None:
    """A number's row, or None."""
    return (await session.scalars(select(PhoneNumberRow).where(col(PhoneNumberRow.e164) == e164))).one_or_none()


async def put_number(session: AsyncSession, e164: str, *, persona: str, label: str = "") -> PhoneNumberRow:
    """Give a number to a persona, whoever had it before."""
    statement = insert_into(session, PhoneNumberRow).values(id=uuid4(), e164=e164, persona=persona, label=label)
    given = {"persona": persona, "label": label}
    await session.execute(statement.on_conflict_do_update(index_elements=["e164"], set_=given))
    chosen = select(PhoneNumberRow).where(col(PhoneNumberRow.e164) == e164)
    return (await session.scalars(chosen.execution_options(populate_existing=True))).one()


async def delete_number(session: AsyncSession, e164: str) -> bool:
    """Take a number from its persona; False if nobody had it."""
    result = await session.execute(delete(PhoneNumberRow).where(col(PhoneNumberRow.e164) == e164))
    return isinstance(result, CursorResult) and result.rowcount > 0
