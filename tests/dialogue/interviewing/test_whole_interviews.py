"""Whole interviews, told from the first word to the last."""

from __future__ import annotations

import pytest

from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.happening import turn
from app.dialogue.interviewing.life import Life, OutOfOrderError, Phase
from app.dialogue.interviewing.score import Sum, by_level, total
from app.dialogue.judging.points import POINTS, Verdict
from app.personas.questions import Level
from tests.dialogue.interviewing.candidate import ANSWER, MODEL_ANSWERS, Interview, ids

RIGHT, PARTLY, WRONG, UNKNOWN = Verdict
ROADS = [
    (RIGHT,), (PARTLY, RIGHT), (PARTLY, PARTLY), (PARTLY, UNKNOWN), (WRONG, RIGHT), (WRONG, PARTLY), (WRONG, WRONG),
    (WRONG, UNKNOWN), (UNKNOWN,), (RIGHT,),
]  # fmt: skip


def test_ten_questions_along_every_road_of_the_points() -> None:
    interview = Interview().begins()
    for road in ROADS:
        interview.answers(*road)
    assert interview.points() == [9, 7, 5, 5, 4, 1, 1, 1, 1, 9] == [POINTS[road] for road in ROADS]
    assert interview.asked == ids(interview.session), "each was asked once, in order"
    assert len(set(interview.asked)) == 10
    assert interview.session.over == "complete"
    assert interview.step.end
    assert interview.step.pieces[-1].text == interview.engine.conduct.closing
    assert total(interview.session).points == 43
    assert {level: (sum_.points, sum_.most) for level, sum_ in by_level(interview.session).items()} == {
        Level.BASIC: (26, 36),
        Level.MODERATE: (6, 27),
        Level.ADVANCED: (11, 27),
    }
    assert [record.hints for record in interview.session.records] == [0, 1, 1, 1, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("conversation", ["one", "two", "three"])
def test_who_gives_the_model_answers_has_ninety_points_from_the_judge_that_needs_nobody(conversation: str) -> None:
    interview = Interview(conversation).begins()
    while not interview.step.end:
        interview.says(MODEL_ANSWERS[interview.record.question.id])
    assert (total(interview.session).points, total(interview.session).most) == (90, 90)


def test_the_same_conversation_is_the_same_to_the_letter_and_another_is_another() -> None:
    one, same, other = Interview("one"), Interview("one"), Interview("other")
    for interview in (one, same, other):
        interview.begins()
        for road in ROADS:
            interview.answers(*road)
    assert one.steps == same.steps
    assert one.asked != other.asked


def test_a_question_is_kept_as_it_was_asked() -> None:
    record = Interview().begins().record
    assert record.question.version == 3
    assert len(record.question.key_points) >= 3
    assert record.question.hint


def test_an_acknowledgement_tells_nothing_of_what_the_answer_was_worth() -> None:
    said = {}
    for verdict in (RIGHT, PARTLY, WRONG):
        interview = Interview().begins()
        interview.answers(verdict)
        said[verdict] = interview.step.pieces[0]
    assert len(set(said.values())) == 1
    assert said[RIGHT].text in Interview().engine.conduct.acknowledgements


def test_partial_and_wrong_answers_get_the_hint_once_and_the_second_answer_closes() -> None:
    interview = Interview().begins()
    first = interview.record.question
    interview.answers(PARTLY)
    assert interview.kinds() == ["acknowledgement", "hint"]
    assert interview.step.pieces[1].text.endswith(first.hint)
    assert interview.record.life is Life.HINTED
    interview.answers(WRONG)
    assert interview.session.records[0].life is Life.CLOSED
    assert interview.kinds() == ["acknowledgement", "question"]


def test_what_was_right_before_the_hint_need_not_be_said_again() -> None:
    interview = Interview().begins()
    question = interview.record.question
    points = question.key_points
    interview.answers(PARTLY)
    step = interview.happens(turn(ANSWER))
    assert step.judge
    found = step.judge.offline().judgement
    assert not found.covered
    interview.is_judged(step.judge)
    assert interview.session.records[0].counted[1].covered == (points[0].id,)
    assert interview.session.records[0].points == 5


def test_not_knowing_closes_at_once_without_a_judge_and_without_a_hint_game() -> None:
    interview = Interview().begins()
    step = interview.happens(turn("sorry, I have no idea"))
    assert step.judge is None
    assert interview.kinds() == ["acknowledgement", "question"]
    assert step.pieces[0].text in interview.engine.conduct.moving_on
    record = interview.session.records[0]
    assert (record.life, record.verdicts, record.points, record.hints) == (Life.CLOSED, (UNKNOWN,), 1, 0)


def test_the_words_are_kept_as_they_were_said_with_segment_and_confidence() -> None:
    interview = Interview().begins()
    interview.says("Er -- A LIST, I think; you can change it!", RIGHT, confidence=0.25, segment="s7", at="12:01")
    attempt = interview.session.records[0].attempts[0]
    assert [(part.text, part.id, part.unsure) for part in attempt.said] == [
        ("Er -- A LIST, I think; you can change it!", "s7", True)
    ]
    assert (attempt.confidence, attempt.at) == ((0.25,), "12:01")


def test_time_to_think_is_the_questions_own() -> None:
    interview = Interview().begins()
    assert interview.step.expected
    assert (interview.step.expected.kind, interview.step.expected.think_s) == (
        "thought",
        interview.record.question.think_s,
    )


def test_whoever_stops_has_the_points_so_far_of_all_there_were() -> None:
    interview = Interview().begins()
    interview.answers(RIGHT)
    interview.answers(PARTLY)
    assert interview.says("I want to stop") == interview.engine.conduct.stop
    interview.says("yes please")
    assert (interview.session.phase, interview.session.over, interview.step.end) == (Phase.OVER, "stopped", True)
    assert interview.points() == [9, 5, *[None] * 8]
    assert total(interview.session) == Sum(14, 90, 2)


def test_an_interview_that_is_over_takes_nothing_more() -> None:
    interview = Interview().begins()
    interview.says("stop")
    interview.says("yes")
    with pytest.raises(OutOfOrderError, match="over"):
        interview.happens(turn("hello?"))


def test_with_the_models_judge_dead_throughout_the_interview_still_ends_with_its_points() -> None:
    interview = Interview(engine=Engine()).begins()
    for _ in range(20):
        if interview.step.end:
            break
        interview.says(ANSWER)
    assert interview.points() == [1] * 10
    attempts = [attempt for record in interview.session.records for attempt in record.attempts]
    assert {attempt.judgement and attempt.judgement.judge for attempt in attempts} == {"offline"}
