"""Where in a recording somebody's words are: the transcript's line that a quote's segment names, and the time in it.

A quote that is not in the line that it names has no place: nothing is played that does not hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dialogue.scoring.card import Evidence, QuestionCard, Scorecard
from app.store.tables import CallRow, SegmentRow


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the candidate's in a call's transcript; times in ms from the beginning of its recording."""

    id: UUID
    call_id: UUID
    text: str
    started_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Where to listen. `at_ms`: about where the words begin, taking letters for time, within the line's own times."""

    call_id: UUID
    segment_id: UUID
    at_ms: int
    started_ms: int
    ended_ms: int


class Moments:
    """All that a candidate said in the calls of one conversation, to look quotes up in."""

    def __init__(self, lines: Mapping[str, Sequence[Spoken]]) -> None:
        self._lines = lines

    def of(self, evidence: Evidence) -> Moment | None:
        """Where these words are to be heard; None if they are not in the line that they name, or are not spoken."""
        return self.of_words(evidence.segment, evidence.text, evidence.begin)

    def of_words(self, segment: str, text: str, begin: int = 0) -> Moment | None:
        """The same for words with the id of their line. `begin`: their place in it, where they may stand twice."""
        for line in self._lines.get(segment, ()):
            at = begin if line.text.startswith(text, begin) else line.text.find(text)
            if text and at >= 0:
                took_ms = max(0, line.ended_ms - line.started_ms)
                at_ms = line.started_ms + took_ms * at // max(1, len(line.text))
                return Moment(line.call_id, line.id, at_ms, line.started_ms, line.ended_ms)
        return None


async def moments_of(session: AsyncSession, conversation_id: UUID) -> Moments:
    """The candidate's lines in the calls of a conversation, by the id that an interview gives them: the call's and the
    turn's."""
    chosen = (
        select(SegmentRow)
        .join(CallRow, col(CallRow.id) == col(SegmentRow.call_id))
        .where(col(CallRow.conversation_id) == conversation_id, col(SegmentRow.role) == "caller")
        .order_by(col(SegmentRow.call_id), col(SegmentRow.seq))
    )
    lines: dict[str, list[Spoken]] = {}
    for row in await session.scalars(chosen):
        spoken = Spoken(row.id, row.call_id, row.text, row.started_ms, row.ended_ms)
        lines.setdefault(f"{row.call_id}/{row.turn}", []).append(spoken)
    return Moments(lines)


async def calls_in(session: AsyncSession, conversation_id: UUID) -> tuple[CallRow, ...]:
    """The calls of a conversation, the first one first."""
    chosen = select(CallRow).where(col(CallRow.conversation_id) == conversation_id)
    return tuple(await session.scalars(chosen.order_by(col(CallRow.created_at), col(CallRow.id)).limit(200)))


def evidence_in(card: Scorecard) -> Iterable[Evidence]:
    """Every quote of a card, those of its summary and of its rescorings too."""
    for sentence in card.summary:
        yield from sentence.quotes
    for question in card.questions:
        yield from _in_question(question)
    for check in card.checks:
        yield check.evidence
    for run in card.runs:
        for score in run.scores:
            yield from (point.evidence for point in score.key_points if point.evidence is not None)


def _in_question(question: QuestionCard) -> Iterable[Evidence]:
    points = (*question.key_points, *(point for attempt in question.attempts for point in attempt.points))
    return (point.evidence for point in points if point.evidence is not None)
