"""Calls of ours that a service or somebody else answers, who want to know first who rings, and why."""

from __future__ import annotations

import pytest

from tests.stories.placed import MESSAGE, SCREENING, placed
from tests.stories.stage import GREETING

SERVICE = "hi if you record your name and reason for calling i'll see if this person is available"


@pytest.mark.parametrize("verdict", ["machine_start", "machine_end_silence", "machine_end_beep", "human"])
def test_a_service_that_asks_who_rings_is_told_and_the_person_is_waited_for(verdict: str) -> None:
    story = placed("hang_up")
    story.caller.says(SERVICE, at=0.5, lasts=5.0)
    story.verdict(verdict, at=5.7)
    story.caller.says("thanks please stay on the line", at=9.5, lasts=1.5)
    story.caller.says("hello ada here", at=22.0, lasts=0.8)
    story.run(until=30)
    assert story.agent.heard == [SCREENING, GREETING]
    assert story.began(SCREENING) < 6.5
    assert 23.0 < story.began(GREETING) < 24.5


def test_a_service_that_goes_on_to_a_mailbox_is_left_a_message() -> None:
    story = placed()
    story.caller.says(SERVICE, at=0.5, lasts=5.0)
    story.caller.says("this person is not available please leave a message after the tone", at=20.0, lasts=4.0)
    story.run(until=40)
    assert story.agent.heard == [SCREENING, MESSAGE]
    assert story.end_reason == "message-left"


def test_somebody_who_asks_who_is_calling_is_told_and_then_greeted() -> None:
    story = placed()
    story.caller.says("who is calling please", at=1.0, lasts=1.2)
    story.caller.says("oh yes hello", at=6.0, lasts=1.0)
    story.run(until=12)
    assert story.agent.heard == [SCREENING, GREETING]
    assert story.recognised == []
    story = placed()
    story.caller.says("who is calling please", at=1.0, lasts=1.2)
    story.run(until=16)
    assert story.agent.heard == [SCREENING, GREETING], "one who then waits for us is greeted, too"
    assert 11.0 < story.began(GREETING) < 14.0


def test_who_fetches_somebody_is_given_the_time() -> None:
    story = placed()
    story.caller.says("who is calling please", at=1.0, lasts=1.2)
    story.caller.says("one moment i'll put you through", at=6.0, lasts=1.5)
    story.caller.says("lovelace", at=25.0, lasts=0.6)
    story.run(until=32)
    assert story.agent.heard == [SCREENING, GREETING]
    assert story.began(GREETING) > 25.5


@pytest.mark.parametrize("verdict", ["human", "machine_start", "machine_end_silence"])
def test_who_has_us_hold_the_line_is_waited_for_whatever_the_carrier_holds(verdict: str) -> None:
    story = placed("hang_up")
    story.caller.says("one moment please", at=1.0, lasts=1.2)
    story.verdict(verdict, at=5.0)
    story.caller.says("ada lovelace", at=15.0, lasts=0.8)
    story.run(until=20)
    assert story.agent.heard == [GREETING]
    assert story.began(GREETING) > 15.5


def test_it_tells_who_rings_twice_and_then_talks() -> None:
    story = placed()
    for at in (1.0, 7.0, 13.0):
        story.caller.says("who is this", at=at, lasts=0.8)
    story.run(until=22)
    assert story.agent.heard == [SCREENING, SCREENING, GREETING]


def test_one_who_was_greeted_and_asks_who_rings_is_told_once_more() -> None:
    story = placed()
    story.caller.says("hello", at=1.0, lasts=0.4)
    story.caller.says("sorry who is this", at=5.0, lasts=1.0)
    story.caller.says("all right", at=11.0, lasts=0.6)
    story.run(until=16)
    assert story.agent.heard == [GREETING, SCREENING, "You said all right."]
    assert story.asked == ["all right"]


def test_a_service_that_was_greeted_for_its_first_word_is_told_who_rings() -> None:
    story = placed("hang_up")
    story.caller.says("hi", at=0.5, lasts=0.4)
    story.caller.says("go ahead and say your name and why you're calling", at=2.4, lasts=3.0)
    story.caller.says("hello", at=14.0, lasts=0.5)
    story.run(until=22)
    assert story.agent.heard[1:] == [SCREENING, GREETING]
    assert story.end_reason is None
