"""The assistant flow: answers what it knows, owns up to what it does not, and ends when the caller does."""

from __future__ import annotations

import pytest

from app.dialogue.assistant import Assistant
from app.dialogue.flow import Beginning, Heard, Message
from app.personas.schema import Persona
from tests.dialogue.desk import BANK, PERSONAS, Desk

ROSIE = PERSONAS["receptionist"]


@pytest.fixture
def desk() -> Desk:
    return Desk(ROSIE)


def test_it_answers_from_what_the_persona_knows(desk: Desk) -> None:
    assert desk.says("how much is a cappuccino please") == desk.answer("coffee")


def test_a_double_question_is_answered_in_one_turn(desk: Desk) -> None:
    both = desk.says("do you have wifi and can i bring my dog")
    assert both == f"{desk.answer('wifi')} {desk.answer('dogs')}"


def test_a_follow_up_goes_on_with_the_last_topic(desk: Desk) -> None:
    desk.says("are you open on saturday")
    assert desk.says("and on sunday?") == desk.answer("hours-sunday")


def test_it_says_so_when_it_does_not_know_and_never_twice_alike(desk: Desk) -> None:
    first, second, third = (desk.says(text) for text in ("who won the election", "do you sell shoes", "is it raining"))
    assert first == ROSIE.lines.unknown
    assert {second, third} <= set(ROSIE.lines.unknown_more)
    assert second != third


def test_what_was_not_understood_is_asked_for_again_and_then_helped_with(desk: Desk) -> None:
    lines = ROSIE.lines
    heard = [desk.says() for _ in range(4)]
    assert heard == [
        lines.not_understood,
        *lines.not_understood_more,
        lines.not_understood_help,
        lines.not_understood_help,
    ]


def test_once_understood_the_count_begins_anew(desk: Desk) -> None:
    desk.says()
    desk.says()
    desk.says("do you have wifi")
    assert desk.says("…") == ROSIE.lines.not_understood


def test_repeat_says_the_last_line_again(desk: Desk) -> None:
    answer = desk.says("do you have wifi")
    assert desk.says("sorry could you repeat that") == answer
    assert desk.says("once more please") == answer


def test_repeat_before_anything_was_said_is_the_greeting(desk: Desk) -> None:
    assert desk.says("pardon?") == ROSIE.greeting


def test_repeat_goes_back_behind_reprompts_and_excuses(desk: Desk) -> None:
    answer = desk.says("do you have wifi")
    desk.says()
    desk.history.append(Message("agent", ROSIE.lines.reprompts[0]))
    assert desk.says("say that again") == answer


def test_repeat_of_a_line_cut_off_says_the_whole_of_it(desk: Desk) -> None:
    answer = desk.says("do you have wifi")
    desk.history[-1] = Message("agent", "Yes, the wifi is", interrupted=True)
    assert desk.says("what did you say") == answer


def test_repeat_of_what_a_model_worded_is_the_models_wording(desk: Desk) -> None:
    desk.says("do you have wifi")
    desk.history[-1] = Message("agent", "We do, and it costs nothing.")
    assert desk.says("what did you say") == "We do, and it costs nothing."


@pytest.mark.parametrize(
    "text", ["bye", "okay thanks goodbye", "no that's all thank you", "I have to go", "nothing else"]
)
def test_a_goodbye_ends_the_call(desk: Desk, text: str) -> None:
    plan = desk.hears(text)
    assert plan.end
    assert plan.text == ROSIE.lines.goodbye


def test_thanks_are_answered_and_do_not_end_the_call(desk: Desk) -> None:
    plan = desk.hears("thank you very much")
    assert not plan.end
    assert plan.text == ROSIE.lines.thanks


def test_no_is_a_goodbye_after_the_offer_of_more_and_nowhere_else(desk: Desk) -> None:
    assert not desk.hears("no").end
    desk.says("thanks")
    assert desk.hears("no").end


def test_no_with_a_question_behind_it_is_a_question(desk: Desk) -> None:
    desk.says("thanks")
    assert desk.says("no but do you have parking") == desk.answer("parking")


@pytest.mark.parametrize("text", ["stop", "wait", "hello", "yes", "um"])
def test_small_words_make_it_listen(desk: Desk, text: str) -> None:
    assert desk.says(text) == ROSIE.lines.listening


def test_who_asks_for_time_is_given_it_in_changing_words(desk: Desk) -> None:
    assert desk.says("hold on a second") == ROSIE.lines.waiting[0]
    assert desk.says("let me think") == ROSIE.lines.waiting[1]


def test_keys_stand_for_phrases(desk: Desk) -> None:
    assert desk.says(digits="1") == desk.answer("hours")
    assert desk.says(digits="*") == desk.answer("hours")
    assert desk.says(digits="9") == ROSIE.lines.unknown_key
    assert desk.says(digits="13#") == desk.answer("address"), "the key pressed last"
    assert desk.hears(digits="0").end


@pytest.mark.parametrize("persona", [PERSONAS["assistant"], ROSIE], ids=lambda persona: persona.id)
def test_every_key_of_a_persona_leads_somewhere(persona: Persona) -> None:
    lines = persona.lines
    for key in persona.keys:
        assert Desk(persona).says(digits=key) not in (lines.unknown, lines.unknown_key, lines.listening)


def test_a_model_is_given_the_talk_and_all_that_the_persona_knows(desk: Desk) -> None:
    desk.says("hello")
    plan = desk.hears("do you have wifi")
    assert plan.model is not None
    assert ROSIE.instructions in plan.model.instructions
    assert all(entry.answer in plan.model.instructions for entry in ROSIE.knowledge)
    assert plan.model.messages[0] == Message("agent", ROSIE.greeting)
    assert plan.model.messages[-1] == Message("caller", "do you have wifi")


def test_the_callers_turn_is_in_the_models_talk_once() -> None:
    flow = Assistant(ROSIE, BANK)
    turn = Message("caller", "do you have wifi")
    for history in ((), (turn,)):
        plan = flow.reply(flow.start(Beginning("x")), Heard("do you have wifi"), history)
        assert plan.model is not None
        assert plan.model.messages == (turn,)


@pytest.mark.parametrize("text", ["goodbye", "repeat that", "", "thanks"])
def test_no_model_is_asked_about_the_talk_itself(desk: Desk, text: str) -> None:
    assert desk.hears(text).model is None


def test_words_that_the_recogniser_is_not_sure_of_are_asked_for_again() -> None:
    desk = Desk(PERSONAS["receptionist"])
    assert desk.says("when do you open", confidence=0.2) == PERSONAS["receptionist"].lines.not_understood
    assert desk.says("when do you open", confidence=0.9) != PERSONAS["receptionist"].lines.not_understood


def test_a_model_may_end_the_call_and_is_told_so(desk: Desk) -> None:
    plan = desk.hears("do you have wifi")
    assert plan.model is not None
    (tool,) = plan.model.tools
    assert tool.name == "end_call"
    assert tool.name in plan.model.instructions
    for written in ("{}", '{"reason": "they are done"}'):
        used = tool.use(plan.state, tool.arguments.model_validate_json(written))
        assert (used.end, used.say, used.ask_again) == (True, ROSIE.lines.goodbye, False)
        assert used.state.said == ROSIE.lines.goodbye
    assert plan.state.said == plan.text, "the tool has changed nothing that was there before"


@pytest.mark.parametrize(
    ("text", "may_be_prepared"),
    [
        ("my last project was a small library that reads the meters", True),
        ("I would explain it with a drawing", True),
        ("could you do that by Thursday, before I go", True),
        ("rather blue ones", False),
        ("I really have to leave for the train", False),
        ("lovely, I have got everything that I wanted", False),
    ],
)
def test_an_answer_is_prepared_for_whoever_is_not_about_to_hang_up(
    desk: Desk, text: str, may_be_prepared: bool
) -> None:
    plan = desk.hears(text)
    assert plan.model is not None
    assert len(plan.model.tools) == 1
    assert (plan.without_tools() is not None) is may_be_prepared
