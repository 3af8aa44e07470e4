"""The table of phases: complete, closed, and the one that the documentation shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.call.phases import TRANSITIONS, IllegalTransitionError, Phase, PhaseTable, diagram

DOC = Path(__file__).parents[2] / "docs" / "call.md"


def test_every_phase_can_end_but_the_end() -> None:
    for phase, targets in TRANSITIONS.items():
        assert (Phase.ENDED in targets) is (phase is not Phase.ENDED)


def test_every_phase_is_reached_from_the_greeting() -> None:
    seen, todo = {Phase.GREETING}, [Phase.GREETING]
    while todo:
        for target in TRANSITIONS[todo.pop()] - seen:
            seen.add(target)
            todo.append(target)
    assert seen == set(Phase)


@pytest.mark.parametrize("start", Phase)
@pytest.mark.parametrize("to", Phase)
def test_an_illegal_step_raises_and_changes_nothing(start: Phase, to: Phase) -> None:
    table = PhaseTable()
    table.phase = start
    if to in TRANSITIONS[start]:
        table.move(to)
        assert table.phase is to
    else:
        with pytest.raises(IllegalTransitionError):
            table.move(to)
        assert table.phase is start


def test_the_diagram_in_the_documentation_is_drawn_from_the_table() -> None:
    assert diagram() in DOC.read_text(encoding="utf-8")
