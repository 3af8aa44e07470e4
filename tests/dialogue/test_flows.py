"""The flows are found by name, and a persona that names another is refused at the start."""

from __future__ import annotations

import pytest

from app.dialogue import flows
from app.dialogue.assistant import Assistant
from app.dialogue.interview import Interviewer
from app.personas.problems import PersonaError
from tests.dialogue.desk import BANK, PERSONAS


def test_the_flows_there_are() -> None:
    assert flows.known() == ("assistant", "interview", "stages")
    assert flows.find("assistant") is Assistant
    assert flows.find("interview") is Interviewer


def test_an_unknown_flow_is_refused_in_one_line() -> None:
    with pytest.raises(PersonaError) as refused:
        flows.find("oracle")
    assert str(refused.value) == "flow: there is no flow 'oracle'; write one of: assistant, interview, stages"


def test_the_personas_that_come_with_parley_have_their_flows() -> None:
    flows.check(PERSONAS, BANK)


def test_a_persona_with_an_unknown_flow_is_named_by_its_file() -> None:
    lost = PERSONAS["assistant"].model_copy(update={"flow": "oracle"})
    with pytest.raises(PersonaError, match=r"^personas/assistant.yaml: flow: there is no flow 'oracle'; write one of:"):
        flows.check({"assistant": lost}, BANK, "/somewhere/personas")
