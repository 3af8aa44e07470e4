"""The flows are found by name, and a persona that names another is refused at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dialogue import flows
from app.dialogue.assistant import Assistant
from app.dialogue.interview import Interviewer
from app.personas.loader import load_personas, located
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


def test_more_questions_than_there_are_is_told_with_file_and_line(tmp_path: Path) -> None:
    text = Path("personas/python-interviewer.yaml").read_text(encoding="utf-8")
    asks = text.replace("interview:\n", "interview:\n  counts: {basic: 4, moderate: 3, advanced: 20}\n")
    folder = tmp_path / "personas"
    folder.mkdir()
    (folder / "python-interviewer.yaml").write_text(asks, encoding="utf-8")
    line = asks.splitlines().index("  counts: {basic: 4, moderate: 3, advanced: 20}") + 1
    personas = load_personas(folder)
    with pytest.raises(PersonaError) as refused, located():
        flows.check(personas, BANK, folder)
    assert str(refused.value).startswith(
        f"personas/python-interviewer.yaml line {line}: interview.counts: topic 'python'"
    )
