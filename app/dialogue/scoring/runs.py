"""Rescorings beside the talk: what each made of every question, and where it differs."""

from __future__ import annotations

from collections.abc import Sequence

from app.dialogue.interviewing.score import Sum
from app.dialogue.judging.points import MOST
from app.dialogue.scoring.card import QuestionCard, Run, RunScore
from app.dialogue.scoring.heard import best, points_of
from app.dialogue.scoring.later import Score


def summed(worth: Sequence[int | None]) -> Sum:
    """Points of so many questions; None for one that has none."""
    had = [each for each in worth if each is not None]
    return Sum(sum(had), MOST * len(worth), len(had))


def runs_of(questions: Sequence[QuestionCard], scores: Sequence[Score]) -> tuple[Run, ...]:
    """The runs that `scores` belong to, in the order of `scores`. Scores of questions that there are not are passed
    over."""
    of_run: dict[str, list[Score]] = {}
    for score in scores:
        if 0 <= score.place < len(questions):
            of_run.setdefault(score.run, []).append(score)
    return tuple(_run(questions, sorted(made, key=lambda it: it.place)) for made in of_run.values())


def _run(questions: Sequence[QuestionCard], made: Sequence[Score]) -> Run:
    given = {score.place: score.points for score in made}
    judged = [score for score in made if score.rejudged] or made
    return Run(
        id=made[0].run,
        judge=", ".join(dict.fromkeys(score.judge for score in judged)),
        version=", ".join(dict.fromkeys(score.version for score in judged)),
        rubric=made[0].rubric,
        at=made[0].at,
        scores=tuple(_score(questions[score.place], score) for score in made),
        total=summed([given.get(question.place) for question in questions]),
    )


def _score(question: QuestionCard, score: Score) -> RunScore:
    names = {point.id: point.point for point in question.key_points}
    lines = {attempt.kind: attempt.lines for attempt in question.attempts}
    found = best(
        (points_of(it.judgement, it.attempt, lines.get(it.attempt, ()), names) for it in score.rejudged), names
    )
    before = {point.id for point in question.key_points if point.counts}
    after = {point.id for point in found if point.counts}
    return RunScore(
        place=question.place,
        points=score.points,
        judge=score.judge,
        version=score.version,
        key_points=found,
        gained=tuple(id_ for id_ in names if id_ in after - before),
        lost=tuple(id_ for id_ in names if id_ in before - after),
    )
