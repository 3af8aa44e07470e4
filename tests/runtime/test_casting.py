"""Who leads a call: the persona as it speaks to whom the call is for, and its flow."""

from __future__ import annotations

from app.dialogue import flows
from app.dialogue.flow import Beginning, Heard
from app.personas.schema import Persona
from app.runtime.casting import Casting
from tests.dialogue.desk import BANK
from tests.stories.stage import persona

LINES = {"goodbye": "Goodbye, {candidate_name}.", "never_again": "Never, {name}."}
WRITTEN = persona(greeting="Hello[, {candidate_name}].", lines=LINES)


def casting(*written: Persona) -> Casting:
    return Casting.of({one.id: one for one in written}, "tester", lambda who: flows.find(who.flow)(who, BANK))


def test_a_flow_says_the_lines_as_they_are_for_this_call() -> None:
    role = casting(WRITTEN).role("tester", {"candidate_name": "Ada"})
    assert role.persona.greeting == "Hello, Ada."
    assert role.flow.reply(role.flow.start(Beginning("seed")), Heard("goodbye"), ()).text == "Goodbye, Ada."
    assert role.usual.greeting == "Hello.", "what is kept on disk holds nobody's name"


def test_where_nothing_is_known_everybody_shares_one() -> None:
    house = casting(WRITTEN)
    for variables in ({}, {"candidate_name": ""}, {"candidate_name": None}, {"age": [1]}):
        role = house.role("tester", variables)
        assert role.persona is role.usual is house.personas["tester"]
        assert role.flow is house.flows["tester"]
    assert role.persona.lines.goodbye == "Goodbye."
    assert role.persona.lines.never_again == "Never, Tess."


def test_a_persona_that_is_not_known_is_the_default_one_and_knows_the_name_too() -> None:
    assert casting(WRITTEN).role("gone", {"candidate_name": "Ada"}).persona.greeting == "Hello, Ada."
