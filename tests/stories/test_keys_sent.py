"""Keys that we press on the other side's line, told as whole calls."""

from __future__ import annotations

from app.call import actions as act
from app.call import events as ev
from tests.stories.stage import GREETING, Story

LONG = "We would like to talk to somebody in the accounts department about an invoice of last May."


def keys(shown: str) -> ev.DigitsAsked:
    """Somebody of ours wants keys pressed: 200 ms each."""
    return ev.DigitsAsked(len(shown), shown)


def test_keys_are_pressed_at_once_where_nobody_says_anything() -> None:
    story = Story()
    story.at(3.0, keys("••••"))
    story.run(until=6)
    assert [(s.kind, s.text) for s in story.agent.of("agent")][1:] == [("digits", "••••")]
    begin, end = story.line.played[-1]
    assert round(end - begin, 2) >= 0.1
    assert sum(e - b for b, e in story.line.played if b >= 3.0) > 0.79, "all of the tones were sent"
    assert story.notes("digits-sent") == [{"count": 4}]


def test_they_wait_for_the_end_of_what_the_agent_says() -> None:
    story = Story(replies={"hello": LONG})
    story.caller.says("hello", at=2.0, lasts=0.6)
    story.at(4.0, keys("••"))
    story.run(until=14)
    assert story.agent.heard == [GREETING, LONG, "••"]
    assert not story.agent.of("agent")[1].interrupted


def test_a_menu_that_speaks_is_not_waited_for_and_is_heard_afterwards() -> None:
    story = Story(replies={"for sales press one for support press two": "Fine."})
    story.caller.says("for sales press one for support press two", at=3.0, lasts=6.0)
    story.at(5.0, keys("•"))
    story.caller.says("you have chosen support", at=12.0, lasts=1.5)
    story.run(until=18)
    assert story.when(act.SendDigits) == [5.0]
    assert story.agent.heard[-1] == "You said you have chosen support."


def test_neither_a_voice_nor_a_key_of_theirs_interrupts_them() -> None:
    story = Story()
    story.at(3.0, keys("•" * 20))
    story.caller.says("no stop that", at=4.0, lasts=1.5)
    story.keys("#", at=5.0)
    story.run(until=9)
    assert story.agent.heard[1] == "•" * 20
    assert not story.agent.of("agent")[1].interrupted


def test_under_the_goodbye_nothing_is_pressed_any_more() -> None:
    story = Story(replies={"bye": LONG})
    story.goodbyes.add("bye")
    story.caller.says("bye", at=2.0, lasts=0.6)
    story.at(4.5, keys("•"))
    story.run(until=12)
    assert story.actions(act.SendDigits) == []
    assert len(story.notes("digits-refused")) == 1


def test_a_model_is_not_told_of_them() -> None:
    story = Story()
    story.at(3.0, keys("••"))
    story.run(until=6)
    assert [said.text for said in story.call.history] == [GREETING]
