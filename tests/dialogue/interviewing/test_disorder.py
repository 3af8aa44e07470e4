"""What should not happen, and does: lines that drop, turns out of order, words that are none, and far too many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dialogue.choosing import TooFewQuestionsError
from app.dialogue.interviewing.answering import LONGEST_ANSWER
from app.dialogue.interviewing.happening import (
    BrokenOff,
    Happening,
    Judged,
    Resumed,
    Start,
    Timeout,
    UserTurn,
    Words,
    turn,
)
from app.dialogue.interviewing.kept import UnreadableSessionError, dump, load
from app.dialogue.interviewing.life import OF_INTERVIEW, OF_QUESTION, Life, OutOfOrderError, Phase, moved
from app.dialogue.interviewing.score import total
from app.dialogue.interviewing.session import begin
from app.dialogue.judging.points import POINTS, Verdict
from app.personas.conduct import Conduct
from tests.dialogue.interviewing.candidate import ANSWER, MODEL_ANSWERS, OFFERED, Interview, ids, judgement

RIGHT, PARTLY, WRONG, UNKNOWN = Verdict
CONDUCT = Conduct()


@pytest.fixture
def interview() -> Interview:
    return Interview().begins()


def test_a_dropped_call_is_taken_up_at_the_same_question_with_what_was_half_said(interview: Interview) -> None:
    interview.answers(RIGHT)
    question = interview.record.question
    interview.breaks_off("well the first thing is")
    assert (interview.session.phase, interview.step.end, interview.step.pieces) == (Phase.PAUSED, True, ())
    assert interview.returns() == f"{CONDUCT.resumed} {CONDUCT.half_said} {question.text}"
    interview.says("that I would look at the log", PARTLY)
    said = interview.record.attempts[0].said
    assert [(part.text, part.id) for part in said] == [
        ("well the first thing is", "half"),
        ("that I would look at the log", ""),
    ]


def test_half_an_answer_that_is_never_ended_still_counts(interview: Interview) -> None:
    question = interview.record.question.id
    interview.breaks_off(MODEL_ANSWERS[question])
    interview.returns()
    interview.says("skip")
    assert interview.points()[0] == 9


def test_a_process_that_was_killed_takes_the_call_up_again_without_a_word_of_its_end(interview: Interview) -> None:
    interview.answers(PARTLY)
    question = interview.record.question
    assert interview.returns() == f"{CONDUCT.resumed} {question.hint} {question.text}"


def test_a_judgement_that_died_with_its_process_is_asked_for_again(interview: Interview) -> None:
    step = interview.happens(turn(ANSWER))
    assert interview.engine.pending(load(dump(interview.session))) == step.judge
    interview.breaks_off()
    assert interview.engine.pending(interview.session) is None
    interview.returns()
    assert interview.step.judge == step.judge
    assert interview.step.judge
    interview.is_judged(interview.step.judge, RIGHT)
    assert interview.points()[0] == 9


def test_who_goes_on_while_the_judge_thinks_is_judged_by_all_of_it(interview: Interview) -> None:
    first = interview.happens(turn("a list can be changed", segment="s1")).judge
    second = interview.happens(turn("and a tuple can not be", segment="s2")).judge
    assert first
    assert second
    assert [part.id for part in second.answer] == ["s1", "s2"]
    with pytest.raises(OutOfOrderError, match="nobody waits"):
        interview.is_judged(first, RIGHT)
    interview.is_judged(second, RIGHT)
    assert interview.points()[0] == 9
    assert len(interview.session.records[0].attempts) == 1


def test_who_asks_for_a_moment_while_the_judge_thinks_goes_on_with_the_answer(interview: Interview) -> None:
    interview.happens(turn("a list can be changed"))
    assert interview.says("wait a moment") in CONDUCT.take_time
    assert interview.record.life is Life.ASKED
    interview.says("and a tuple can not be", RIGHT)
    assert [part.text for part in interview.session.records[0].attempts[0].said] == [
        "a list can be changed",
        "and a tuple can not be",
    ]


def test_who_stops_while_the_judge_thinks_has_the_answer_counted(interview: Interview) -> None:
    interview.happens(turn(MODEL_ANSWERS[interview.record.question.id]))
    assert interview.happens(turn("stop")).text == CONDUCT.stop
    interview.happens(turn("yes"))
    assert (interview.session.over, interview.points()[0]) == ("stopped", 9)


def test_who_goes_on_after_all_finds_the_judge_still_thinking(interview: Interview) -> None:
    request = interview.happens(turn(ANSWER)).judge
    interview.happens(turn(digits="0"))
    assert interview.happens(turn(digits="2")).judge == request


def test_other_wishes_wait_for_the_judge(interview: Interview) -> None:
    request = interview.happens(turn(ANSWER)).judge
    for happening in (turn("repeat the question"), turn(digits="#"), turn(""), turn(digits="9")):
        assert interview.happens(happening).judge == request


def test_an_answer_that_nobody_understood_is_asked_for_once(interview: Interview) -> None:
    assert interview.says("") == CONDUCT.not_understood
    assert interview.says("") == CONDUCT.check, "then it is silence"
    assert interview.says("   ").startswith(CONDUCT.unanswered)


def test_two_unsure_words_are_asked_for_once_and_then_an_unverified_answer(interview: Interview) -> None:
    assert interview.says("a tuple", confidence=0.1) == CONDUCT.not_understood
    interview.says("a tuple", WRONG, confidence=0.1)
    assert interview.record.attempts[0].said[0].unsure


def test_an_um_gets_room_then_the_question_again_and_is_the_answer_at_last(interview: Interview) -> None:
    question = interview.record.question.text
    assert interview.says("um") in CONDUCT.take_time
    assert interview.says("okay") == question
    interview.says("right", WRONG)
    assert interview.record.life is Life.HINTED


@pytest.mark.parametrize("text", ["a " * 100_000, "x" * 1_000_000, "\0\ud800 null " * 3000, "日本語" * 20_000])
def test_a_huge_answer_is_kept_to_its_limit_and_judged(interview: Interview, text: str) -> None:
    interview.says(text)
    assert interview.record.attempts[0].cut
    assert sum(len(part.text) for part in interview.record.attempts[0].said) == LONGEST_ANSWER
    for _ in range(3):
        interview.happens(turn(text))


def test_signs_that_no_database_takes_become_some_that_keep_every_letter_in_its_place(interview: Interview) -> None:
    interview.says("a list\0can be \ud83dchanged later on", WRONG)
    assert interview.record.attempts[0].said[0].text == "a list can be ?changed later on"


@pytest.mark.parametrize("confidence", [float("nan"), float("inf"), -3.0, 7.0])
def test_a_confidence_that_is_none_does_no_harm(interview: Interview, confidence: float) -> None:
    interview.says(ANSWER, WRONG, confidence=confidence)


@pytest.mark.parametrize(
    "happening", [Start(), Judged(0, judgement(OFFERED[0], RIGHT)), Judged(1, judgement(OFFERED[0], RIGHT))]
)
def test_what_cannot_be_raises_and_changes_nothing(interview: Interview, happening: Happening) -> None:
    before = dump(interview.session)
    with pytest.raises(OutOfOrderError):
        interview.happens(happening)
    assert dump(interview.session) == before


def test_nothing_comes_before_the_start_and_no_timeout_while_the_judge_thinks(interview: Interview) -> None:
    fresh = Interview()
    for happening in (turn("hello"), Timeout(), BrokenOff(), Resumed()):
        with pytest.raises(OutOfOrderError):
            fresh.happens(happening)
    interview.happens(turn(ANSWER))
    with pytest.raises(OutOfOrderError, match="nothing was expected"):
        interview.is_silent()


def test_a_judgement_of_another_question_or_of_other_key_points_is_refused(interview: Interview) -> None:
    request = interview.happens(turn(ANSWER)).judge
    assert request
    other = next(question for question in OFFERED if question.id != request.question.id)
    for wrong in (
        judgement(other, RIGHT),
        judgement(request.question, RIGHT).__class__(request.question.id, RIGHT, (), "test", "1"),
    ):
        with pytest.raises(OutOfOrderError, match="not of the question"):
            interview.happens(Judged(request.number, wrong))
    interview.is_judged(request, RIGHT)
    with pytest.raises(OutOfOrderError, match="nobody waits"):
        interview.is_judged(request, RIGHT)
    assert interview.points()[0] == 9


def test_errors_hold_nothing_of_what_was_said(interview: Interview) -> None:
    interview.breaks_off("my secret")
    with pytest.raises(OutOfOrderError) as refused:
        interview.says("another secret")
    assert "secret" not in str(refused.value)
    with pytest.raises(UnreadableSessionError) as unreadable:
        load(dump(interview.session).replace('"held":[{', '"held":[{"text":7,"no":').replace("my secret", "a secret"))
    assert "secret" not in str(unreadable.value)
    assert unreadable.value.__cause__ is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"interview": 2, "session": {}}', '{"interview": 1}'])
def test_what_is_no_session_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSessionError, match="a kept interview"):
        load(text)


def test_a_bank_that_is_too_small_is_told_at_the_beginning() -> None:
    with pytest.raises(TooFewQuestionsError, match="python"):
        begin("a", "interview", OFFERED[:5], topic="python")


def test_a_returning_candidate_hears_other_questions() -> None:
    first = begin("a", "interview", OFFERED, topic="python")
    second = begin("b", "interview", OFFERED, ids(first), topic="python")
    assert not set(ids(first)) & set(ids(second))


def test_every_place_of_the_tables_can_be_reached_and_left() -> None:
    for table, start, end in ((OF_QUESTION, Life.WAITING, Life.CLOSED), (OF_INTERVIEW, Phase.NEW, Phase.OVER)):
        reached = {start, *table.values()}
        assert reached == set(type(start))
        assert {at for at, _ in table} >= reached - {end}
    with pytest.raises(OutOfOrderError, match=r"'hint' cannot happen to what is waiting; possible: ask$"):
        moved(OF_QUESTION, Life.WAITING, "hint")


SPOKEN = st.sampled_from(
    ["yes", "no", "skip", "stop", "repeat that", "slower please", "I need more time", "um", "I don't know", ANSWER, "",
     "I want to correct my last answer", "go on", "goodbye", "is it the list", *list(MODEL_ANSWERS.values())[:4]]
)  # fmt: skip
HAPPENING = st.one_of(
    st.builds(turn, st.one_of(SPOKEN, SPOKEN, st.text(max_size=60)), st.none() | st.floats(0, 1)),
    st.builds(UserTurn, digits=st.text("0123456789*#", min_size=1, max_size=3)),
    st.builds(UserTurn, st.lists(st.builds(Words, SPOKEN, st.just("s")), max_size=3).map(tuple)),
    st.just(Timeout()),
    st.just(Resumed()),
    st.builds(BrokenOff, st.lists(st.builds(Words, SPOKEN), max_size=1).map(tuple)),
    st.sampled_from(list(Verdict)),
    st.sampled_from(list(Verdict)),
)


@settings(deadline=None, max_examples=60)
@given(happenings=st.lists(HAPPENING, max_size=50), conversation=st.text(max_size=20))
def test_whatever_happens_the_books_are_right(happenings: list[Happening | Verdict], conversation: str) -> None:
    """`Interview.happens` checks at each step that the session written down has the same future."""
    interview = Interview(conversation).begins()
    for happening in happenings:
        request = interview.engine.pending(interview.session) if interview.session.phase is not Phase.OVER else None
        told = happening
        if isinstance(told, Verdict):
            told = Judged(request.number, judgement(request.question, told)) if request else Timeout()
        before = dump(interview.session)
        try:
            interview.happens(told)
        except OutOfOrderError:
            assert dump(interview.session) == before
    session = interview.session
    for place, record in enumerate(session.records):
        kinds = [attempt.kind for attempt in record.attempts]
        assert len(kinds) == len(set(kinds))
        assert record.verdicts == () or record.verdicts in POINTS
        assert record.life is not Life.JUDGED, "judged is a moment"
        assert (record.life is Life.WAITING) == (place > session.place)
        assert (record.points is None) or 1 <= record.points <= 9
        if place < session.place and session.correcting != place:
            assert record.life is Life.CLOSED
        if session.phase is Phase.OVER:
            assert not record.open
            assert not record.with_judge
        assert record.with_judge or all(attempt.judgement for attempt in record.attempts)
    assert len(set(ids(session))) == 10
    assert sum(points or 0 for points in interview.points()) == total(session).points <= 90
    assert list(dict.fromkeys(interview.asked)) == ids(session)[: session.place + 1], "in order, and none left out"
    if session.over == "complete":
        assert None not in interview.points()
