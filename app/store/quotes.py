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
from app.store.tables import CallRow, SegmentRow, TurnMetricsRow


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the candidate's in a call's transcript; times in ms from the beginning of its recording. `spoken_ms`:
    where its voice ended, as it was measured; what is behind it is silence."""

    id: UUID
    call_id: UUID
    text: str
    started_ms: int
    ended_ms: int
    spoken_ms: int | None = None

    def reckoned_ms(self, place: int) -> int:
        """About where the letter at `place` is said: no recogniser tells when its words were, so letters are taken for
        time, from the line's begin to the end of its voice."""
        end_ms = self.ended_ms
        if self.spoken_ms is not None and self.started_ms < self.spoken_ms < end_ms:
            end_ms = self.spoken_ms
        return self.started_ms + max(0, end_ms - self.started_ms) * place // max(1, len(self.text))


@dataclass(frozen=True, slots=True)
class Moment:
    """Where to listen. `at_ms`: where the words begin, within the line's own times; `about`: that is reckoned from the
    letters before them, and not measured."""

    call_id: UUID
    segment_id: UUID
    at_ms: int
    started_ms: int
    ended_ms: int
    about: bool = False


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
                at_ms = line.reckoned_ms(at)
                return Moment(line.call_id, line.id, at_ms, line.started_ms, line.ended_ms, about=at > 0)
        return None


async def moments_of(session: AsyncSession, conversation_id: UUID) -> Moments:
    """The candidate's lines in the calls of a conversation, by the id that an interview gives them: the call's and the
    turn's."""
    same_turn = (col(TurnMetricsRow.call_id) == col(SegmentRow.call_id)) & (
        col(TurnMetricsRow.turn) == col(SegmentRow.turn)
    )
    chosen = (
        select(SegmentRow, col(TurnMetricsRow.speech_ended_ms))
        .join(CallRow, col(CallRow.id) == col(SegmentRow.call_id))
        .outerjoin(TurnMetricsRow, same_turn)
        .where(col(CallRow.conversation_id) == conversation_id, col(SegmentRow.role) == "caller")
        .order_by(col(SegmentRow.call_id), col(SegmentRow.seq))
    )
    lines: dict[str, list[Spoken]] = {}
    for row, spoken_ms in (await session.execute(chosen)).all():
        spoken = Spoken(row.id, row.call_id, row.text, row.started_ms, row.ended_ms, spoken_ms)
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
