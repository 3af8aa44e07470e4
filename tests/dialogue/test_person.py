"""A caller who asks for a person is put through where there is one, and told the truth where there is none."""

from __future__ import annotations

import pytest

from app.dialogue.assistant import Assistant
from app.dialogue.flow import Beginning, Flow, Heard, Plan
from app.dialogue.person import asks_for_person
from app.dialogue.stages import Screener
from app.dialogue.wording import words
from app.personas.schema import Persona
from tests.dialogue.desk import BANK, PERSONAS

PERSON = {"number": "+442079460000", "hours": ["mon-fri 09:00-17:30"], "time_zone": "Europe/London"}
TUESDAY = "2026-06-09T10:00:00+00:00"
NIGHT = "2026-06-09T23:00:00+00:00"


def of(name: str, **changes: object) -> Persona:
    return Persona.model_validate(PERSONAS[name].model_dump() | changes)


def asked(flow: Flow, text: str = "", *, digits: str = "", at: str = TUESDAY) -> Plan:
    return flow.reply(flow.start(Beginning("a")), Heard(text, digits, at=at), ())


@pytest.mark.parametrize(
    "text",
    ["Can I talk to a person?", "I'd rather speak to a human, please.", "Put me through to somebody.", "operator",
     "a real person please", "transfer me", "Could you connect me with a colleague?", "can i speak to the manager",
     "is there anybody I could talk to"],
)  # fmt: skip
def test_a_person_is_asked_for_in_many_ways(text: str) -> None:
    assert asks_for_person(words(text))


@pytest.mark.parametrize(
    "text",
    ["Are you a person?", "Am I talking to a real person?", "I do not want to talk to a person.", "what do you cost",
     "a person should be kind", "", "is this a human"],
)  # fmt: skip
def test_to_speak_of_people_is_not_to_ask_for_one(text: str) -> None:
    assert not asks_for_person(words(text))


@pytest.mark.parametrize(
    "text",
    ["I would talk to the people who use it.", "first I speak to someone from support", "People.", "another person"],
)
def test_an_answer_about_people_is_none_in_the_midst_of_an_interview(text: str) -> None:
    assert not asks_for_person(words(text), plainly=True)


@pytest.mark.parametrize("text", ["Can I talk to a person?", "operator", "a real person please", "a human, please"])
def test_who_asks_plainly_is_understood_there_as_well(text: str) -> None:
    assert asks_for_person(words(text), plainly=True)


@pytest.mark.parametrize(("name", "flow"), [("assistant", Assistant), ("screener", Screener)])
def test_who_asks_is_put_through_by_words_and_by_key(name: str, flow: type[Flow]) -> None:
    persona = of(name, transfer=PERSON, keys={})
    one = flow(persona, BANK)
    assert persona.transfer is not None
    by_words, by_key = asked(one, "can I talk to a human"), asked(one, digits="0")
    assert (by_words.text, by_words.transfer, by_words.end) == (persona.transfer.line, "words", False)
    assert (by_key.text, by_key.transfer) == (persona.transfer.line, "key")
    assert by_words.model is None, "no model words it: it could promise something else"


@pytest.mark.parametrize(("name", "flow"), [("assistant", Assistant), ("screener", Screener)])
def test_outside_the_hours_nobody_is_rung(name: str, flow: type[Flow]) -> None:
    persona = of(name, transfer=PERSON)
    assert persona.transfer is not None
    plan = asked(flow(persona, BANK), "can I talk to a human", at=NIGHT)
    assert (plan.text, plan.transfer, plan.end) == (persona.transfer.closed, "", False)


@pytest.mark.parametrize(("name", "flow"), [("assistant", Assistant), ("screener", Screener)])
def test_where_nobody_can_be_rung_the_agent_says_so_and_goes_on(name: str, flow: type[Flow]) -> None:
    persona = of(name, knowledge=[])
    plan = asked(flow(persona, BANK), "can I talk to a human")
    assert (plan.text, plan.transfer, plan.end, plan.model) == (persona.lines.no_person, "", False, None)


def test_a_persona_that_knows_what_to_say_to_it_says_that() -> None:
    plan = asked(Assistant(PERSONAS["assistant"], BANK), "can I talk to a person")
    assert plan.text.startswith("I can't put you through to anyone.")
    assert not plan.transfer


def test_a_model_may_put_them_through_within_the_hours_and_not_outside() -> None:
    persona = of("assistant", transfer=PERSON)
    flow = Assistant(persona, BANK)
    model = asked(flow, "this is about the invoice from may").model
    assert model is not None
    tool = {tool.name: tool for tool in model.tools}["put_through"]
    used = tool.use(flow.start(Beginning("a")), tool.arguments())
    assert used.transfer == "model"
    assert persona.transfer is not None
    assert used.say == persona.transfer.line
    late = asked(flow, "this is about the invoice from may", at=NIGHT).model
    assert late is not None
    assert "put_through" not in {tool.name for tool in late.tools}


def test_an_answer_is_prepared_in_a_pause_unless_the_words_may_want_a_person() -> None:
    flow = Assistant(of("assistant", transfer=PERSON), BANK)
    assert asked(flow, "what do you do about invoices of last may").without_tools() is not None
    assert asked(flow, "which of your staff looks after invoices of last may").without_tools() is None


def test_a_menu_of_keys_says_repeats_and_ends() -> None:
    menu = {"1": {"say": "We are open all day."}, "2": "repeat", "3": "end", "4": "transfer"}
    flow = Assistant(of("assistant", keys={}, keypad=menu, transfer=PERSON), BANK)
    plan = asked(flow, digits="1")
    assert (plan.text, plan.end) == ("We are open all day.", False)
    again = flow.reply(plan.state, Heard(digits="2"), ())
    assert again.text == "We are open all day."
    assert asked(flow, digits="3").end
    assert asked(flow, digits="4").transfer == "key"


def test_what_a_flow_knows_goes_on_when_the_call_comes_back() -> None:
    flow = Screener(PERSONAS["screener"], BANK)
    plan = asked(flow, "yes that suits me")
    parked = flow.parked(plan.state)
    assert flow.start(Beginning("a", parked=parked)) == plan.state
