"""The question bank as stored: versions that are added and never changed, from files, by REST and from pages.

A question is read as it is now, or as it was in the version that somebody was asked. What a file brings counts once:
when it is new or has changed. So a question that was edited on a page stays edited until its file says something else,
and one that a person took out of use comes back by a person alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self, cast

from sqlalchemy import ColumnElement, CursorResult, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.personas.questions import Level, Question, QuestionBody
from app.store.tables import QuestionRow
from app.store.transcripts import insert_into

Source = Literal["file", "rest", "page"]
"""Who made a version, or took a question out of use."""

LEVEL_ORDER = case({level.value: place for place, level in enumerate(Level)}, value=col(QuestionRow.level))


class NoSuchQuestionError(LookupError):
    """There is no question of this id, or not this version of it."""


class QuestionExistsError(ValueError):
    """The id is taken, perhaps by a question that is out of use."""


class ChangedMeanwhileError(ValueError):
    """Somebody else has changed the question. `newest`: the version that there is now."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"the newest version is {newest}")
        self.newest = newest


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """One version of a question and what is known about it."""

    topic: str
    question: Question
    version: int
    source: Source
    created_at: datetime
    active: bool
    retired_at: datetime | None
    retired_by: Source | None

    @classmethod
    def of(cls, row: QuestionRow) -> Self:
        """What a row holds."""
        return cls(
            topic=row.topic,
            question=Question.model_validate(row.content),
            version=row.version,
            source=cast(Source, row.source),
            created_at=row.created_at,
            active=row.active,
            retired_at=row.retired_at,
            retired_by=cast("Source | None", row.retired_by),
        )


def content_hash(topic: str, question: Question) -> str:
    """SHA-256, in hex, of all that a question is."""
    content = {"topic": topic, **question.model_dump(mode="json")}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


async def find_question(session: AsyncSession, id_: str, version: int | None = None) -> StoredQuestion:
    """A question as it is, or as it was in a version. Raises NoSuchQuestionError."""
    return StoredQuestion.of(await _row(session, id_, version))


async def versions_of(session: AsyncSession, id_: str, limit: int = 200) -> Sequence[StoredQuestion]:
    """Every version of a question, the newest first; at most `limit`. Empty if there is no such question."""
    chosen = select(QuestionRow).where(col(QuestionRow.id) == id_).order_by(col(QuestionRow.version).desc())
    return tuple(map(StoredQuestion.of, await session.scalars(chosen.limit(limit))))


async def questions_in_use(session: AsyncSession, topic: str | None = None) -> Sequence[StoredQuestion]:
    """What may be asked now, of one topic or of all: by topic, the easier ones first, then by id."""
    chosen = select(QuestionRow).where(col(QuestionRow.active).is_(True))
    if topic is not None:
        chosen = chosen.where(col(QuestionRow.topic) == topic)
    chosen = chosen.order_by(col(QuestionRow.topic), LEVEL_ORDER, col(QuestionRow.id))
    return tuple(map(StoredQuestion.of, await session.scalars(chosen)))


async def create_question(
    session: AsyncSession, topic: str, question: Question, *, source: Source, now: datetime
) -> StoredQuestion:
    """Add a question. Raises QuestionExistsError."""
    if not await add_version(session, topic, question, version=1, source=source, now=now):
        raise QuestionExistsError(question.id)
    return await find_question(session, question.id)


async def change_question(
    session: AsyncSession, id_: str, topic: str, body: QuestionBody, *, based_on: int, source: Source, now: datetime
) -> StoredQuestion:
    """Make a new version of a question, and put it into use if it was not. The same content again makes no version.

    `based_on`: the version that whoever changes it has seen. Raises NoSuchQuestionError and ChangedMeanwhileError.
    """
    row = await _row(session, id_, locked=True)
    if row.version != based_on:
        raise ChangedMeanwhileError(row.version)
    question = Question(id=id_, **{name: getattr(body, name) for name in QuestionBody.model_fields})
    if row.active and row.content_hash == content_hash(topic, question):
        return StoredQuestion.of(row)
    if not await add_version(session, topic, question, version=based_on + 1, source=source, now=now):
        raise ChangedMeanwhileError(based_on + 1)
    await supersede(session, id_, based_on)
    return await find_question(session, id_)


async def retire_question(session: AsyncSession, id_: str, *, source: Source, now: datetime) -> None:
    """Take a question out of use; it stays, with all its versions. Raises NoSuchQuestionError."""
    row = await _row(session, id_, locked=True)
    if row.active:
        await _set(session, id_, row.version, active=False, retired_at=now, retired_by=source)


async def restore_question(session: AsyncSession, id_: str) -> None:
    """Put a question into use again as it was. Raises NoSuchQuestionError."""
    row = await _row(session, id_, locked=True)
    if not row.active:
        await _set(session, id_, row.version, active=True, retired_at=None, retired_by=None)


async def add_version(
    session: AsyncSession, topic: str, question: Question, *, version: int, source: Source, now: datetime, **more: Any
) -> bool:
    """Insert one version, in use unless `more` says otherwise; False if it is there already."""
    values = {
        "id": question.id,
        "version": version,
        "topic": topic,
        "level": question.level.value,
        "content": question.model_dump(mode="json"),
        "content_hash": content_hash(topic, question),
        "source": source,
        "created_at": now,
        "active": True,
    } | more
    result = await session.execute(insert_into(session, QuestionRow).values(**values).on_conflict_do_nothing())
    return isinstance(result, CursorResult) and result.rowcount > 0


async def supersede(session: AsyncSession, id_: str, version: int) -> None:
    """Mark a version as no longer the one in use; there is a newer one."""
    await _set(session, id_, version, active=False)


def is_newest() -> ColumnElement[bool]:
    """The condition that a question's row is its newest version."""
    other = aliased(QuestionRow)
    newest = select(func.max(col(other.version))).where(col(other.id) == col(QuestionRow.id))
    return col(QuestionRow.version) == newest.correlate(QuestionRow).scalar_subquery()


async def _row(session: AsyncSession, id_: str, version: int | None = None, locked: bool = False) -> QuestionRow:
    chosen = select(QuestionRow).where(col(QuestionRow.id) == id_)
    if version is not None:
        chosen = chosen.where(col(QuestionRow.version) == version)
    chosen = chosen.order_by(col(QuestionRow.version).desc()).limit(1)
    if locked:  # SQLite has no such lock and needs none: it has one writer at a time
        await session.execute(chosen.with_for_update())  # what another writer did meanwhile is seen by the next query
    row = (await session.scalars(chosen.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise NoSuchQuestionError(id_)
    return row


async def _set(session: AsyncSession, id_: str, version: int, **values: Any) -> None:
    named = update(QuestionRow).where(col(QuestionRow.id) == id_, col(QuestionRow.version) == version)
    await session.execute(named.values(**values).execution_options(synchronize_session=False))
