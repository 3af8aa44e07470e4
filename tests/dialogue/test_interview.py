"""The interview flow: asks when the candidate is ready, waits when they are not, and closes after the last question."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.dialogue.interview import Interviewer
from app.personas.problems import PersonaError
from app.personas.questions import Level
from tests.dialogue.desk import BANK, PERSONAS, Desk

ALEX = PERSONAS["interviewer"]
assert ALEX.interview
MANNER = ALEX.interview
ANSWER = "well in my last job i wrote a small tool that checked all our invoices every night"


@pytest.fixture
def desk() -> Desk:
    return Desk(ALEX)


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """An interview whose first question is open."""
    desk.says("yes i am ready")
    return desk


def test_yes_opens_with_the_first_question(desk: Desk) -> None:
    assert desk.says("yes, I'm ready") == f"{MANNER.opening} {desk.state.questions[0]}"


@pytest.mark.parametrize("text", ["no", "not yet", "give me a minute please", "hold on a second", "I'm not ready"])
def test_it_waits_for_who_is_not_ready(desk: Desk, text: str) -> None:
    assert desk.says(text) in MANNER.waiting
    assert desk.says("okay I'm ready now").startswith(MANNER.opening)


def test_questions_about_the_interview_are_answered_before_it_begins(desk: Desk) -> None:
    assert desk.says("how long will it take").startswith(desk.answer("how-long"))
    assert desk.says("okay is it recorded").startswith(desk.answer("recording"))
    assert desk.says("yes").startswith(MANNER.opening)


def test_unclear_words_are_asked_about_twice_and_then_it_begins(desk: Desk) -> None:
    said = [desk.says(text) for text in ("the cat sat", "purple elephants", "on the mat")]
    assert said[:2] == list(MANNER.ask_ready)
    assert said[2].startswith(MANNER.opening)


def test_a_whole_interview_asks_each_question_once_and_closes(asked: Desk) -> None:
    plans = [asked.hears(ANSWER) for _ in range(MANNER.questions)]
    questions = asked.state.questions
    assert len(set(questions)) == MANNER.questions
    assert [plan.text.endswith(question) for plan, question in zip(plans, questions[1:], strict=False)] == [True] * 4
    assert [plan.end for plan in plans] == [False] * 4 + [True]
    assert plans[-1].text.endswith(MANNER.closing)


def test_acknowledgements_change_from_answer_to_answer(asked: Desk) -> None:
    said = [asked.says(ANSWER) for _ in range(MANNER.questions)]
    leads = [next(lead for lead in MANNER.acknowledgements if text.startswith(lead)) for text in said]
    assert all(one != next_ for one, next_ in pairwise(leads))


def test_easier_questions_come_first() -> None:
    levels = {item.text: list(Level).index(item.level) for item in BANK.items("general")}
    for number in range(50):
        asked = [levels[text] for text in Desk(ALEX, seed=f"call {number}").state.questions]
        assert asked == sorted(asked)
        assert asked[0] == 0
        assert asked[-1] == 2


def test_a_conversation_always_gets_the_same_questions_and_others_get_others() -> None:
    assert Desk(ALEX, "one").state == Desk(ALEX, "one").state
    assert len({Desk(ALEX, f"call {number}").state.questions for number in range(30)}) > 20


def test_the_choice_is_the_same_on_every_machine() -> None:
    """Fixed by SHA-256: a recorded interview replays after a restart, an upgrade, or elsewhere."""
    places = [BANK.questions("general").index(text) for text in Desk(ALEX, "5f0c").state.questions]
    assert places == [0, 6, 8, 12, 17]


@pytest.mark.parametrize("text", ["could you repeat the question", "pardon?", "what was the question again"])
def test_the_question_is_said_again(asked: Desk, text: str) -> None:
    assert asked.says(text) == f"{MANNER.again} {asked.state.questions[0]}"


@pytest.mark.parametrize("text", ["skip", "next question please", "I don't know", "no idea, sorry"])
def test_a_question_can_be_passed_over(asked: Desk, text: str) -> None:
    said = asked.says(text)
    assert said.endswith(asked.state.questions[1])
    assert any(said.startswith(line) for line in MANNER.moving_on)


@pytest.mark.parametrize("text", ["let me think", "give me a moment", "hold on please"])
def test_time_to_think_is_given(asked: Desk, text: str) -> None:
    assert asked.says(text) in MANNER.waiting
    assert asked.says(ANSWER).endswith(asked.state.questions[1])


def test_an_answer_may_hold_any_of_these_words(asked: Desk) -> None:
    answer = (
        "I would stop, wait for the tests, and if I don't know why they fail I skip them and say goodbye to quality"
    )
    assert asked.says(answer).endswith(asked.state.questions[1])


def test_a_question_back_is_answered_and_the_question_asked_again(asked: Desk) -> None:
    said = asked.says("is this call recorded")
    assert said == f"{asked.answer('recording')} {MANNER.again} {asked.state.questions[0]}"


def test_a_mere_um_is_no_answer_but_three_are(asked: Desk) -> None:
    first, second = asked.state.questions[:2]
    assert asked.says("um") == ALEX.lines.listening
    assert asked.says("okay") == f"{MANNER.again} {first}"
    assert asked.says("yes").endswith(second)


@pytest.mark.parametrize("text", ["goodbye", "stop", "I want to end the interview", "I have to go, bye"])
@pytest.mark.parametrize("ready", [True, False])
def test_the_candidate_may_end_it_at_any_time(desk: Desk, text: str, ready: bool) -> None:
    if ready:
        desk.says("yes")
    plan = desk.hears(text)
    assert plan.end
    assert plan.text == MANNER.stopped


def test_that_was_all_ends_an_answer_and_not_the_interview(asked: Desk) -> None:
    assert not asked.hears("so we fixed it and that's all").end
    assert not asked.hears("that's all").end


def test_nothing_understood_before_the_start_is_asked_for_again_ever_more_helpfully(desk: Desk) -> None:
    lines = ALEX.lines
    assert [desk.says() for _ in range(3)] == [
        lines.not_understood,
        *lines.not_understood_more,
        lines.not_understood_help,
    ]


def test_an_answer_that_was_not_understood_is_asked_for_once_more_and_then_left_to_the_recording(asked: Desk) -> None:
    assert asked.says() == ALEX.lines.not_understood
    assert asked.state.asked == 1
    assert asked.says().endswith(asked.state.questions[1])
    assert asked.says() == ALEX.lines.not_understood


def test_a_word_or_two_that_nobody_is_sure_of_were_not_understood(asked: Desk) -> None:
    assert asked.says("skip it", confidence=0.1) == ALEX.lines.not_understood
    assert asked.says("skip it", confidence=0.9).endswith(asked.state.questions[1])


def test_a_long_answer_is_an_answer_even_if_its_words_are_not_sure(asked: Desk) -> None:
    assert asked.says(ANSWER, confidence=0.1).endswith(asked.state.questions[1])


def test_keys_do_what_words_do(desk: Desk) -> None:
    assert desk.says(digits="1").startswith(MANNER.opening)
    assert desk.says(digits="*").endswith(desk.state.questions[0])
    assert desk.says(digits="2").endswith(desk.state.questions[1])
    assert desk.says(digits="7") == ALEX.lines.unknown_key
    assert desk.hears(digits="0").end


def test_after_the_end_it_stays_ended(asked: Desk) -> None:
    asked.says("goodbye")
    assert asked.hears(ANSWER).end


def test_more_questions_than_there_are_stop_the_start() -> None:
    greedy = ALEX.model_copy(update={"interview": MANNER.model_copy(update={"topic": "cooking"})})
    with pytest.raises(PersonaError, match=r"interviewer.yaml: interview.questions: wants 5, but topic 'cooking' of"):
        Interviewer(greedy, BANK)
