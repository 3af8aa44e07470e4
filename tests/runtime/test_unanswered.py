"""What was said and not answered, by the lines of the transcript that it stands in."""

from __future__ import annotations

from uuid import UUID

from app.call.actions import Ask, RecordSegment
from app.dialogue.flow import Line
from app.runtime.unanswered import Unanswered

CALL = UUID("6f1dbb26-43ce-4a6a-93a6-2f5b1c6a8f11")


def written(number: int, turn: int, text: str, role: str = "caller", kind: str = "speech") -> RecordSegment:
    return RecordSegment(number, turn, role, text, text, 0, 1, confidence=0.9, kind=kind)  # type: ignore[arg-type]


def test_a_turns_words_stand_in_its_own_line() -> None:
    assert Unanswered(CALL).asked(Ask(3, "I agree", confidence=0.8)) == (Line("I agree", f"{CALL}/3", 0.8),)


def test_words_that_follow_on_a_turn_without_an_answer_stand_in_two_lines() -> None:
    said = Unanswered(CALL)
    said.asked(Ask(3, "when do you open", confidence=0.8))
    said.asked(Ask(4, "when do you open I mean", confidence=0.7, early=True))
    lines = said.asked(Ask(5, "when do you open I mean on Sunday", confidence=0.6, follows=3))
    assert lines == (Line("when do you open", f"{CALL}/3", 0.8), Line("I mean on Sunday", f"{CALL}/5", 0.6))


def test_a_turn_that_was_taken_back_and_grew_stands_in_one_line() -> None:
    said = Unanswered(CALL)
    said.asked(Ask(3, "I work"))
    assert said.asked(Ask(4, "I work in a bank")) == (Line("I work in a bank", f"{CALL}/4"),)


def test_what_was_not_answered_is_left_and_a_line_that_grew_counts_once() -> None:
    said = Unanswered(CALL)
    said.written(written(1, 1, "yes"))
    said.answered(1)
    said.written(written(2, 0, "Good.", role="agent"))
    said.written(written(3, 2, "*", kind="keys"))
    said.written(written(4, 3, "well I"))
    said.written(written(4, 4, "well I would begin with"))
    assert said.lines() == (Line("well I would begin with", f"{CALL}/4", 0.9),)
    said.answered(4)
    assert said.lines() == ()
