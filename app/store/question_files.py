"""What the files of the question bank bring into the database when the server starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.personas.questions import Question
from app.store.questions import add_version, content_hash, restore_question, retire_question, supersede
from app.store.tables import QuestionRow

FILE = "file"


@dataclass(frozen=True, slots=True)
class Brought:
    """What has changed: versions added, questions taken out of use, questions put into use again."""

    added: int = 0
    retired: int = 0
    restored: int = 0


async def sync_questions(session: AsyncSession, questions: Iterable[tuple[str, Question]], now: datetime) -> Brought:
    """Bring in every question of the files that is new or has changed since a file last brought it.

    `questions`: with their topics, all that there are in files. Those that have gone from the files are taken out of
    use, once: what a person puts into use again afterwards stays.
    """
    histories = await _histories(session)
    added = retired = restored = 0
    there: set[str] = set()
    for topic, question in questions:
        there.add(question.id)
        history = histories.get(question.id, ())
        last = _last_of_file(history)
        if last is None or last.content_hash != content_hash(topic, question):
            added += await _bring(session, topic, question, history, now)
        elif not history[-1].active and history[-1].retired_by == FILE:
            await restore_question(session, question.id)
            restored += 1
    for id_ in histories.keys() - there:
        if _has_gone(histories[id_]):
            await retire_question(session, id_, source="file", now=now)
            retired += 1
    return Brought(added, retired, restored)


async def _histories(session: AsyncSession) -> dict[str, tuple[QuestionRow, ...]]:
    """All versions of each question, the oldest first."""
    rows = (await session.scalars(select(QuestionRow).order_by(col(QuestionRow.id), col(QuestionRow.version)))).all()
    found: dict[str, tuple[QuestionRow, ...]] = {}
    for row in rows:
        found[row.id] = (*found.get(row.id, ()), row)
    return found


def _last_of_file(history: Sequence[QuestionRow]) -> QuestionRow | None:
    return next((row for row in reversed(history) if row.source == FILE), None)


def _has_gone(history: Sequence[QuestionRow]) -> bool:
    """Is a question that no file has any more still in use, and was it never taken out of use for that?"""
    last = _last_of_file(history)
    if last is None or not history[-1].active:
        return False
    return not any(row.retired_by == FILE for row in history if row.version >= last.version)


async def _bring(
    session: AsyncSession, topic: str, question: Question, history: Sequence[QuestionRow], now: datetime
) -> bool:
    """Add the file's version; a question that a person has taken out of use stays out of it."""
    if not history:
        return await add_version(session, topic, question, version=1, source="file", now=now)
    newest = history[-1]
    out_of_use: dict[str, object] = {}
    if not newest.active and newest.retired_by != FILE:
        out_of_use = {"active": False, "retired_at": newest.retired_at, "retired_by": newest.retired_by}
    version = newest.version + 1
    if not await add_version(session, topic, question, version=version, source="file", now=now, **out_of_use):
        return False  # another server has started at the same moment, with the same files
    await supersede(session, question.id, newest.version)
    return True
