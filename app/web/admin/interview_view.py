"""A scorecard as the page shows it: answers with their quotes lit, each quote a link to where it is to be heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.dialogue.scoring.card import AttemptCard, Evidence, Line, PointCard, QuestionCard, Run, RunScore
from app.store.cards import StoredCard
from app.store.quotes import Moment
from app.web.admin.interview_words import ATTEMPTS, COVERAGE, VERDICTS, course, reason
from app.web.admin.transcript import line_key
from app.web.admin.words import Said


@dataclass(frozen=True, slots=True)
class QuoteView:
    """Words and the way to them. `href`: the line in the call's page or in the written talk; empty if there is none.
    `at_ms` and `to_ms`: in the recording of `call_id`, if they can be heard; `about`: that is not measured."""

    text: str
    href: str
    call_id: UUID | None = None
    at_ms: int = 0
    to_ms: int = 0
    about: bool = False


@dataclass(frozen=True, slots=True)
class PieceView:
    """A part of a line: evidence, with the way to it, or what stands between."""

    text: str
    quote: QuoteView | None = None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A line of an answer, whole."""

    pieces: tuple[PieceView, ...]
    whole: QuoteView
    unsure: bool


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One answer. `verdict`: in words; empty while it is awaited."""

    heading: str
    lines: tuple[AnswerLine, ...]
    verdict: str
    cut: bool


@dataclass(frozen=True, slots=True)
class PointView:
    """A key point. `why`: what is to be added, if anything is."""

    said: Said
    point: str
    why: str
    quote: QuoteView | None


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A key point in which another judge differs: found, or (not `gained`) not found."""

    gained: bool
    point: str
    quote: QuoteView | None


@dataclass(frozen=True, slots=True)
class OverruleView:
    """A person's word on a question's points."""

    points: int
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question of the page. `card` has what needs no other words."""

    card: QuestionCard
    overrules: tuple[OverruleView, ...]
    number: int
    course: str
    attempts: tuple[AttemptView, ...]
    unfinished: tuple[AnswerLine, ...]
    points: tuple[PointView, ...]


class Views:
    """Makes them for one interview."""

    def __init__(self, stored: StoredCard) -> None:
        self._stored = stored
        self._written = f"/admin/interviews/{stored.interview.id}/talk" if stored.interview.channel == "text" else ""

    def quote(self, evidence: Evidence) -> QuoteView:
        """A quote with the way to it."""
        return self._view(evidence.text, evidence.segment, self._stored.moments.of(evidence))

    def words(self, segment: str, text: str) -> QuoteView:
        """A whole line, or other words of it."""
        return self._view(text, segment, self._stored.moments.of_words(segment, text))

    def question(self, card: QuestionCard) -> QuestionView:
        """A question with its answers and key points."""
        return QuestionView(
            card=card,
            overrules=tuple(
                OverruleView(it.points, it.judge, it.reason, datetime.fromisoformat(it.at)) for it in card.overrules
            ),
            number=card.place + 1,
            course=course(card),
            attempts=tuple(map(self._attempt, card.attempts)),
            unfinished=tuple(self._line(line, ()) for line in card.unfinished),
            points=tuple(map(self.point, card.key_points)),
        )

    def point(self, card: PointCard) -> PointView:
        """A key point with its quote."""
        quote = self.quote(card.evidence) if card.evidence else None
        return PointView(COVERAGE[card.coverage], card.point, reason(card.reason), quote)

    def differences(self, run: Run) -> list[tuple[int, list[DifferenceView]]]:
        """Where a run differs from the talk, by the question's number."""
        found: list[tuple[int, list[DifferenceView]]] = []
        for score in run.scores:
            other = [point for point in score.key_points if point.id in (*score.gained, *score.lost)]
            if other:
                found.append((score.place + 1, [self._difference(point, score) for point in other]))
        return found

    def _difference(self, point: PointCard, score: RunScore) -> DifferenceView:
        return DifferenceView(
            point.id in score.gained, point.point, self.quote(point.evidence) if point.evidence else None
        )

    def _view(self, text: str, segment: str, moment: Moment | None) -> QuoteView:
        if moment is not None:
            href = f"/admin/calls/{moment.call_id}#{line_key(moment.segment_id)}"
            return QuoteView(text, href, moment.call_id, moment.at_ms, moment.ended_ms, moment.about)
        is_turn = self._written and segment.removeprefix("turn-").isascii() and segment.removeprefix("turn-").isdigit()
        return QuoteView(text, f"{self._written}#{segment}" if is_turn else "")

    def _attempt(self, attempt: AttemptCard) -> AttemptView:
        found = [point.evidence for point in attempt.points if point.evidence is not None]
        lines = tuple(
            self._line(line, [evidence for evidence in found if evidence.part == part])
            for part, line in enumerate(attempt.lines)
        )
        verdict = VERDICTS[attempt.verdict] if attempt.verdict else ""
        return AttemptView(ATTEMPTS[attempt.kind], lines, verdict, attempt.cut)

    def _line(self, line: Line, found: Iterable[Evidence]) -> AnswerLine:
        return AnswerLine(tuple(self._pieces(line, found)), self.words(line.segment, line.text), line.unsure)

    def _pieces(self, line: Line, found: Iterable[Evidence]) -> Iterable[PieceView]:
        """All of a line in its order; quotes that overlap are one."""
        upto = 0
        for begin, end in merged([(evidence.begin, evidence.end) for evidence in found]):
            if begin > upto:
                yield PieceView(line.text[upto:begin])
            moment = self._stored.moments.of_words(line.segment, line.text[begin:end], begin)
            yield PieceView(line.text[begin:end], self._view(line.text[begin:end], line.segment, moment))
            upto = end
        if upto < len(line.text):
            yield PieceView(line.text[upto:])


def merged(spans: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Spans in order, those that touch or overlap as one."""
    whole: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((begin, end))
    return whole
