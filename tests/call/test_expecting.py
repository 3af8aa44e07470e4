"""What a line of the agent's asks for, by its words."""

from __future__ import annotations

import pytest

from app.call.expecting import expects_of


@pytest.mark.parametrize(
    "line",
    [
        "Are you ready to begin?",
        "Good. Shall we go on? Take your time.",
        "When you are ready, say yes.",
        "Is that right?",
    ],
)
def test_a_yes_or_no(line: str) -> None:
    assert expects_of(line) == "yes-no"


@pytest.mark.parametrize(
    "line", ["Thank you. Tell me about a conflict.", "How would you find the cause?", "Can you describe your day?"]
)
def test_an_answer_that_takes_thought(line: str) -> None:
    assert expects_of(line) == "thought"


@pytest.mark.parametrize(
    "line", ["", "We open at nine.", "How can I help you?", "Is it for lunch or for dinner?", "?!"]
)
def test_nothing_that_is_known(line: str) -> None:
    assert expects_of(line) == ""
