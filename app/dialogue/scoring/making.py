"""From a session, and the later words on it, to its scorecard. The same session and scores make the same card."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from types import MappingProxyType

from app.dialogue.interviewing.life import Life
from app.dialogue.interviewing.record import Attempt, Record
from app.dialogue.interviewing.session import Session
from app.dialogue.judging.judgement import Coverage
from app.dialogue.judging.points import RUBRIC, points
from app.dialogue.scoring.card import AttemptCard, Check, CheckWhy, Evidence, QuestionCard, Scorecard, State
from app.dialogue.scoring.heard import best, lines_of, points_of
from app.dialogue.scoring.later import Score
from app.dialogue.scoring.runs import runs_of, summed
from app.dialogue.scoring.summary import summary
from app.personas.questions import Level


def scorecard(session: Session, later: Iterable[Score] = ()) -> Scorecard:
    """The card of an interview, over or not. `later`: what was said of its points since, in any order."""
    later = sorted(later, key=lambda score: score.at)
    overrules = [score for score in later if score.kind == "overruled"]
    questions = tuple(
        _question(place, record, tuple(score for score in overrules if score.place == place))
        for place, record in enumerate(session.records)
    )
    levels = [level for level in Level if any(question.level is level for question in questions)]
    worth = {level: [question.points for question in questions if question.level is level] for level in levels}
    return Scorecard(
        disposition=session.over or "open",
        phase=session.phase,
        consent=session.consent,
        rubric=RUBRIC,
        questions=questions,
        total=summed([question.points for question in questions]),
        talk_total=summed([question.talk_points for question in questions]),
        by_level=MappingProxyType({level: summed(worth[level]) for level in levels}),
        summary=summary(session.consent, questions),
        checks=_checks(questions),
        runs=runs_of(questions, [score for score in later if score.kind == "rescored"]),
    )


def _question(place: int, record: Record, overrules: tuple[Score, ...]) -> QuestionCard:
    question, talk_points = record.question, record.points
    names = {point.id: point.point for point in question.key_points}
    attempts = tuple(_attempt(attempt, names) for attempt in record.attempts)
    return QuestionCard(
        place=place,
        id=question.id,
        version=question.version,
        level=question.level,
        text=question.text,
        hint=question.hint if record.hints else "",
        state=_state(record),
        attempts=attempts,
        unfinished=lines_of(record.held, record.held_confidence),
        key_points=best((attempt.points for attempt in attempts), names),
        hints=record.hints,
        left=record.left,
        path=record.verdicts if talk_points is not None else (),
        corrected=talk_points is not None and talk_points > points(record.verdicts),
        talk_points=talk_points,
        points=overrules[-1].points if overrules else talk_points,
        overrules=overrules,
    )


def _state(record: Record) -> State:
    if record.life is Life.WAITING:
        return "not-asked"
    return "closed" if record.life is Life.CLOSED else "open"


def _attempt(attempt: Attempt, names: dict[str, str]) -> AttemptCard:
    lines, judgement = lines_of(attempt.said, attempt.confidence), attempt.judgement
    if judgement is None:
        return AttemptCard(attempt.kind, lines, attempt.at, attempt.cut)
    return AttemptCard(
        kind=attempt.kind,
        lines=lines,
        at=attempt.at,
        cut=attempt.cut,
        verdict=judgement.verdict,
        reason=judgement.reason,
        judge=judgement.judge,
        version=judgement.version,
        points=points_of(judgement, attempt.kind, lines, names),
    )


def _checks(questions: Sequence[QuestionCard]) -> tuple[Check, ...]:
    """Key points that rest on words which are not sure, and lines of such words in which nothing was found although
    something is missing."""
    checks: list[Check] = []
    for question in questions:
        doubtful = [(card, card.evidence) for card in question.of(Coverage.UNVERIFIED) if card.evidence is not None]
        for card, evidence in doubtful:
            why: CheckWhy = "listed" if card.reason == "listed" else "unsure-words"
            checks.append(Check(question.place, card.id, why, evidence))
        quoted = {(evidence.attempt, evidence.part) for _, evidence in doubtful}
        checks += _unsure_lines(question, quoted) if question.of(Coverage.MISSED) else ()
    return tuple(checks)


def _unsure_lines(question: QuestionCard, quoted: Collection[tuple[str, int]]) -> list[Check]:
    return [
        Check(
            question.place,
            "",
            "unsure-line",
            Evidence(line.text, line.segment, attempt.kind, part, 0, len(line.text)),
        )
        for attempt in question.attempts
        for part, line in enumerate(attempt.lines)
        if line.unsure and (attempt.kind, part) not in quoted
    ]
