"""What takes the floor, and the table of interruptions."""

from __future__ import annotations

import pytest

from app.call.barge_in import STEPS, BargeInTable, IllegalStepError, Stage, is_interruption
from app.personas.schema import BargeIn


@pytest.mark.parametrize(
    "words", ["stop", "no wait", "Hold on!", "excuse me", "what about sundays", "one moment, please"]
)
def test_words_that_take_the_floor(words: str) -> None:
    assert is_interruption(words, BargeIn())


@pytest.mark.parametrize("words", ["", "...", "mm-hmm", "Yeah.", "right, okay", "uh-huh yeah", "I see", "oh okay sure"])
def test_words_that_do_not(words: str) -> None:
    assert not is_interruption(words, BargeIn())


def test_a_backchannel_followed_by_more_does() -> None:
    assert is_interruption("yeah but what about sundays", BargeIn())


def test_a_persona_may_want_more_words_but_a_stop_word_is_enough() -> None:
    manners = BargeIn(minimum_words=3)
    assert not is_interruption("hello there", manners)
    assert is_interruption("hello there you", manners)
    assert is_interruption("stop", manners)


@pytest.mark.parametrize("start", Stage)
@pytest.mark.parametrize("to", Stage)
def test_an_illegal_step_raises_and_changes_nothing(start: Stage, to: Stage) -> None:
    table = BargeInTable()
    table.stage = start
    if to in STEPS[start]:
        table.move(to)
        assert table.stage is to
    else:
        with pytest.raises(IllegalStepError):
            table.move(to)
        assert table.stage is start
