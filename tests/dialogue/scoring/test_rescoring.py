"""Judging a talk again: by what was said, by the same table, beside what was there."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from itertools import product

import pytest

from app.dialogue.interviewing.session import Session
from app.dialogue.judging.judgement import Coverage
from app.dialogue.judging.points import POINTS as TABLE
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.later import Score, as_detail, of_detail
from app.dialogue.scoring.making import scorecard
from app.dialogue.scoring.rescoring import Judgements, Rescored, by_offline, rescored, to_judge
from tests.dialogue.interviewing.candidate import ANSWER, judgement
from tests.dialogue.scoring.told import BEGAN, POINTS, Talk
from tests.dialogue.scoring.told import a_whole_talk as lead_a_whole_talk

V = Verdict
a_whole_talk = cache(lead_a_whole_talk)


def as_scores(made: tuple[Rescored, ...], run: str = "r", after_s: float = 0) -> list[Score]:
    at = (BEGAN + timedelta(hours=1, seconds=after_s)).isoformat()
    return [Score(it.place, "rescored", run, it.points, "other", "2", "1", "", at, it.rejudged) for it in made]


def found(session: Session, *verdicts: Verdict) -> Judgements:
    """Judgements that find so for the attempts at the first question, in order, and nothing in the others."""
    wanted = iter(verdicts)
    return {
        (it.place, it.kind): judgement(it.question, next(wanted) if it.place == 0 else V.INCORRECT)
        for it in to_judge(session)
    }


def test_the_same_judge_gives_the_same_as_often_as_it_is_asked() -> None:
    session = a_whole_talk().session
    first = rescored(session, by_offline(session))
    assert [score.points for score in first] == POINTS
    assert first == rescored(session, by_offline(session))


def test_every_question_that_has_points_is_judged_again_and_no_other() -> None:
    talk = Talk().agrees()
    talk.says(talk.best)
    talk.says("skip this question please")
    assert [(it.place, it.kind) for it in to_judge(talk.session)] == [(0, "first")]
    assert [(it.place, it.points) for it in rescored(talk.session, by_offline(talk.session))] == [(0, 9), (1, 1)]
    assert not rescored(Talk().session, {})


@pytest.mark.parametrize(("first", "second"), list(product(V, V)))
def test_every_course_that_another_judge_may_find_is_worth_what_the_table_says(first: V, second: V) -> None:
    """The talk had a hint; the other judge may find that it was not due, and no course is out of the table."""
    talk = Talk().agrees()
    talk.says(ANSWER)
    talk.says(ANSWER)
    (score, *_) = rescored(talk.session, found(talk.session, first, second))
    if first is V.CORRECT:
        assert score.points == 9
    elif first is V.NOT_KNOWN:
        assert score.points == TABLE[V.INCORRECT, second]
    elif (first, second) == (V.PARTIAL, V.INCORRECT):
        assert score.points == 5
    else:
        assert score.points == TABLE[first, second]


@pytest.mark.parametrize(("verdict", "points"), [(V.CORRECT, 9), (V.PARTIAL, 5), (V.INCORRECT, 1), (V.NOT_KNOWN, 1)])
def test_where_no_hint_was_given_the_answer_alone_counts(verdict: V, points: int) -> None:
    talk = Talk().agrees()
    talk.says(talk.best)
    (score,) = rescored(talk.session, found(talk.session, verdict))
    assert score.points == points


def test_a_correction_counts_as_it_did() -> None:
    talk = Talk().agrees()
    best = talk.best
    talk.says(ANSWER)
    talk.says(ANSWER)
    talk.says("I want to correct my last answer")
    talk.says(best)
    (score,) = rescored(talk.session, found(talk.session, V.INCORRECT, V.INCORRECT, V.CORRECT))
    assert score.points == 4
    (score,) = rescored(talk.session, found(talk.session, V.PARTIAL, V.INCORRECT, V.CORRECT))
    assert score.points == 7


def test_a_judgement_of_another_question_is_refused() -> None:
    session = a_whole_talk().session
    judged = dict(by_offline(session))
    judged[0, "first"] = judged[2, "first"]
    with pytest.raises(ValueError, match="was given for"):
        rescored(session, judged)
    with pytest.raises(KeyError):
        rescored(session, {})


def test_a_run_stands_beside_the_talk_and_says_where_it_differs() -> None:
    session = a_whole_talk().session
    again = as_scores(rescored(session, by_offline(session)), "again")
    harsh = {(it.place, it.kind): judgement(it.question, V.INCORRECT) for it in to_judge(session)}
    card = scorecard(session, again + as_scores(rescored(session, harsh), "harsh", 5))
    same, other = card.runs
    assert card.total.points == sum(POINTS), "a rescoring counts for nothing by itself"
    assert (same.id, same.total.points, other.id, other.total.points) == ("again", sum(POINTS), "harsh", 10)
    assert not any(score.gained or score.lost for score in same.scores)
    worst = other.score(0)
    assert worst is not None
    assert worst.lost == tuple(point.id for point in card.questions[0].key_points)
    assert (worst.gained, worst.points) == ((), 1)
    assert other.score(99) is None


def test_what_a_run_found_more_is_shown_with_its_quote() -> None:
    talk = Talk().agrees()
    talk.says("well " + ANSWER)
    talk.says("well " + ANSWER)
    made = rescored(talk.session, found(talk.session, V.CORRECT, V.CORRECT))
    (run,) = scorecard(talk.session, as_scores(made)).runs
    (score,) = run.scores
    assert score.gained == tuple(point.id for point in talk.session.records[0].question.key_points)
    assert all(it.evidence and it.evidence.text == "well" for it in score.key_points)


def test_what_is_kept_of_a_run_comes_back() -> None:
    session = a_whole_talk().session
    for score in rescored(session, by_offline(session)):
        assert of_detail(as_detail(score.rejudged)) == score.rejudged
    assert of_detail({}) == of_detail({"rejudged": [{"attempt": "never"}]}) == ()


def test_scores_of_questions_that_there_are_not_are_passed_over() -> None:
    stray = Score(12, "rescored", "r", 9, "other", "2", "1", "", BEGAN.isoformat())
    assert scorecard(a_whole_talk().session, [stray]).runs == ()
    unjudged = Score(0, "rescored", "r", 9, "other", "2", "1", "", BEGAN.isoformat())
    (run,) = scorecard(a_whole_talk().session, [unjudged]).runs
    assert {point.coverage for point in run.scores[0].key_points} == {Coverage.MISSED}
