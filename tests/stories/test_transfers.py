"""A call that is handed over to a person, told as whole calls: the promise is heard first."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call import events as ev
from tests.stories.stage import GREETING, Story, persona

LINE = "One moment, I am putting you through to a colleague."


def asks(by: str = "words", **more: object) -> Story:
    story = Story(persona(**more), replies={"a person please": LINE})
    story.transfers["a person please"] = by
    story.caller.says("a person please", at=2.0, lasts=0.8)
    return story


@pytest.mark.parametrize("by", ["words", "key", "model"])
def test_the_line_leaves_once_the_promise_was_heard(by: str) -> None:
    story = asks(by).run(until=20)
    assert story.agent.heard == [GREETING, LINE]
    assert story.actions(act.Transfer) == [act.Transfer(by)]
    assert story.actions(act.HangUp) == []
    assert story.when(act.Transfer)[0] >= story.line.played[-1][1]
    assert story.call.phase.value == "ENDED"


def test_nobody_interrupts_the_promise() -> None:
    story = asks()
    story.caller.says("no wait stop", at=4.5, lasts=1.0)
    story.run(until=20)
    assert story.agent.heard[-1] == LINE
    assert story.actions(act.Transfer)


def test_a_caller_who_is_gone_meanwhile_is_put_through_to_nobody() -> None:
    story = asks()
    story.hangs_up(at=4.5)
    story.run(until=20)
    assert story.actions(act.Transfer) == []


def test_an_operator_who_hangs_up_is_faster() -> None:
    story = asks()
    story.at(4.5, ev.HangUpAsked("operator", politely=False))
    story.run(until=20)
    assert story.actions(act.Transfer) == []
    assert story.end_reason == "operator"


def test_a_line_that_returns_no_marks_is_left_all_the_same() -> None:
    story = asks()
    story.run(until=3.2)
    story.line.returns_marks = False
    story.run(until=40)
    assert story.actions(act.Transfer) == [act.Transfer("words")]
    assert story.now < 30


def test_a_promise_without_a_word_is_made_with_the_personas_own() -> None:
    story = asks(transfer={"number": "+442079460000", "line": "Putting you through."})
    story.replies["a person please"] = ""
    story.run(until=20)
    assert story.agent.heard[-1] == "Putting you through."
    assert story.actions(act.Transfer)


def test_a_voice_that_fails_at_the_promise_does_not_hold_the_caller_back() -> None:
    story = asks()
    story.run(until=2.5)
    story.fails.add("speak")
    story.run(until=40)
    assert story.actions(act.Transfer)
