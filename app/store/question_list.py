"""The question bank as a list: filtered, by topic and id, a page at a time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import String, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.personas.questions import Level
from app.store.listing import MAXIMUM_LIMIT, CursorError
from app.store.questions import LEVEL_ORDER, StoredQuestion, is_newest
from app.store.records import clean
from app.store.tables import QuestionRow


@dataclass(frozen=True, slots=True)
class QuestionFilters:
    """What to list; None lets everything through. `active`: those in use, or those out of use."""

    topic: str | None = None
    level: Level | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Questions, and the cursor of those after them; None at the end."""

    items: Sequence[StoredQuestion]
    next_cursor: str | None


async def list_questions(
    session: AsyncSession, filters: QuestionFilters, cursor: str | None = None, limit: int = 50
) -> QuestionPage:
    """One page of questions, each in its newest version, by topic and id. `limit` is brought into 1..200. Raises
    CursorError."""
    limit = max(1, min(limit, MAXIMUM_LIMIT))
    chosen = select(QuestionRow).where(is_newest())
    if filters.topic is not None:
        chosen = chosen.where(col(QuestionRow.topic) == clean(filters.topic))
    if filters.level is not None:
        chosen = chosen.where(col(QuestionRow.level) == filters.level.value)
    if filters.active is not None:
        chosen = chosen.where(col(QuestionRow.active).is_(filters.active))
    if cursor:
        topic, id_ = _key_of(cursor)
        last = tuple_(literal(topic, String()), literal(id_, String()))
        chosen = chosen.where(tuple_(col(QuestionRow.topic), col(QuestionRow.id)) > last)
    chosen = chosen.order_by(col(QuestionRow.topic), col(QuestionRow.id)).limit(limit + 1)
    rows = (await session.scalars(chosen)).all()
    items = tuple(map(StoredQuestion.of, rows[:limit]))
    return QuestionPage(items, _cursor_of(rows[limit - 1]) if len(rows) > limit else None)


async def topic_questions(session: AsyncSession, topic: str) -> Sequence[StoredQuestion]:
    """Every question of a topic in its newest version, in use or not, the easier ones first."""
    chosen = select(QuestionRow).where(is_newest(), col(QuestionRow.topic) == clean(topic))
    chosen = chosen.order_by(LEVEL_ORDER, col(QuestionRow.id)).limit(500)
    return tuple(map(StoredQuestion.of, await session.scalars(chosen)))


async def topic_counts(session: AsyncSession) -> Mapping[str, int]:
    """How many questions of each topic are in use; a topic with none in use counts nought."""
    used = func.count().filter(col(QuestionRow.active).is_(True))
    grouped = select(col(QuestionRow.topic), used).where(is_newest()).group_by(col(QuestionRow.topic))
    found = (await session.execute(grouped.order_by(col(QuestionRow.topic)))).all()
    return {topic: int(count) for topic, count in found}


def _cursor_of(row: QuestionRow) -> str:
    return base64.urlsafe_b64encode(f"{row.topic}|{row.id}".encode()).decode().rstrip("=")


def _key_of(cursor: str) -> tuple[str, str]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        topic, mark, id_ = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").partition("|")
    except (ValueError, binascii.Error):
        mark = ""
    if not mark:
        raise CursorError("this cursor is not one that the list gave: start again without one")
    return topic, clean(id_)
