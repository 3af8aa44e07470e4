"""The candidate's name and the role in the lines of an interview."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dialogue.interviewing.addressing import addressed
from app.personas.conduct import Conduct
from app.personas.loader import load_persona

LED = Conduct(
    opening="Thank you, {candidate_name}. Let's begin.",
    hints=("{candidate_name}, here is a hint.", "Think of it as a {role} would."),
    closing="That was all for the post of { role }, {candidate_name}.",
)


def test_the_name_and_the_role_stand_where_the_lines_leave_a_place() -> None:
    told = addressed(LED, "Ada Lovelace", "analyst")
    assert told.opening == "Thank you, Ada Lovelace. Let's begin."
    assert told.hints == ("Ada Lovelace, here is a hint.", "Think of it as a analyst would.")
    assert told.closing == "That was all for the post of analyst, Ada Lovelace."
    assert told.consent == LED.consent


def test_what_is_not_known_is_left_out_with_its_comma() -> None:
    told = addressed(LED)
    assert told.opening == "Thank you. Let's begin."
    assert told.hints == ("Here is a hint.", "Think of it as a would.")


@pytest.mark.parametrize("name", ["{role}", "\\1 \\g<0>", "{candidate_name}", "{0} %s"])
def test_a_name_is_a_name_whatever_it_holds(name: str) -> None:
    assert addressed(LED, name, "analyst").opening == f"Thank you, {name}. Let's begin."


def test_lines_without_a_place_are_the_same_object() -> None:
    assert addressed(plain := Conduct(), "Ada") is plain


def test_a_persona_may_leave_places_in_its_conduct_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "led.yaml"
    file.write_text(
        "id: led\nname: Tom\nflow: interview\nmetadata: {source_template_id: t}\ngreeting: I am {name}.\n"
        'interview: {conduct: {opening: "I am {name}, and you are {candidate_name}, a {role}."}}\n'
    )
    led = load_persona(file)
    assert led.interview is not None
    assert addressed(led.interview.conduct, "Ada", "clerk").opening == "I am Tom, and you are Ada, a clerk."
