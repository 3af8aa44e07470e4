"""A scorecard as a table: a row for each question, in which nothing that was said can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from app.dialogue.judging.judgement import Coverage
from app.dialogue.scoring.card import Line, PointCard, QuestionCard
from app.store.cards import StoredCard
from app.store.quotes import Moments
from app.web.api.formats import cell, clock

COLUMNS = (
    "number", "level", "question_id", "question_version", "question", "state", "left", "answer", "answer_after_hint",
    "correction", "unfinished", "hints", "hint", "verdicts", "covered", "unverified", "not_heard", "judges",
    "talk_points", "points", "overruled_by", "overruled_because", "candidate", "role", "persona", "channel",
    "interview_id",
)  # fmt: skip


def as_csv(stored: StoredCard) -> str:
    """RFC 4180 with a header. Key points are told with their quotes and, where there is a recording, their times."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for question in stored.card.questions:
        told = _row(question, stored)
        rows.writerow([cell(told[column]) for column in COLUMNS])
    return out.getvalue()


def _row(question: QuestionCard, stored: StoredCard) -> dict[str, object]:
    interview, moments = stored.interview, stored.moments
    attempts = {attempt.kind: attempt.lines for attempt in question.attempts}
    overrule = question.overrules[-1] if question.overrules else None
    return {
        "number": question.place + 1,
        "level": question.level.value,
        "question_id": question.id,
        "question_version": question.version,
        "question": question.text,
        "state": question.state,
        "left": question.left,
        "answer": _said(attempts.get("first", ())),
        "answer_after_hint": _said(attempts.get("hinted", ())),
        "correction": _said(attempts.get("correction", ())),
        "unfinished": _said(question.unfinished),
        "hints": question.hints,
        "hint": question.hint,
        "verdicts": ", then ".join(question.path),
        "covered": _points(question.of(Coverage.COVERED), moments),
        "unverified": _points(question.of(Coverage.UNVERIFIED), moments),
        "not_heard": _points(question.of(Coverage.MISSED), moments),
        "judges": ", ".join(question.judges),
        "talk_points": question.talk_points,
        "points": question.points,
        "overruled_by": overrule.judge if overrule else "",
        "overruled_because": overrule.reason if overrule else "",
        "candidate": interview.candidate.name,
        "role": interview.candidate.role,
        "persona": interview.persona,
        "channel": interview.channel,
        "interview_id": str(interview.id),
    }


def _said(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _points(points: Iterable[PointCard], moments: Moments) -> str:
    return "\n".join(_point(point, moments) for point in points)


def _point(point: PointCard, moments: Moments) -> str:
    if point.evidence is None:
        return point.point
    moment = moments.of(point.evidence)
    at = f" [{clock(moment.at_ms)}]" if moment else ""
    return f"{point.point} “{point.evidence.text}”{at}"
