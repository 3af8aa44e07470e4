"""How a persona yields the floor: slowly while it asks, at once while it acknowledges, never in what must be said."""

from __future__ import annotations

import pytest

from app.call import actions as act
from tests.stories.stage import Story, persona

ASKING = {"sure_after_ms": 140, "pause_after_ms": 240, "accept_after_ms": 1800, "minimum_words": 2}
QUESTION = "Now what would you have done in the place of the youngest son, if you had met the cat on your way?"
LATEST_S, MEDIAN_S = 0.4, 0.25
"""From the first sound of a real interruption to silence: what a caller is owed in 95 of 100, and in half of them."""


def led(reply: str, **barge_in: object) -> Story:
    """An interviewer who says `reply` from 3.7 s on."""
    manners = {"while_asking": ASKING} | barge_in
    story = Story(
        persona(flow="interview", interview={"topic": "general"}, barge_in=manners), replies={"hello": reply}, stt_s=0.2
    )
    story.caller.says("hello", at=2.0, lasts=0.6)
    return story


def silenced_after_s(story: Story, at: float) -> float:
    return next(when for when in story.when(act.ClearPlayback) if when >= at) - at


def notes_by(story: Story) -> list[object]:
    return [note["by"] for note in story.notes("barge-in-accepted")]


@pytest.mark.parametrize("lasts", [0.4, 0.6, 1.5])
def test_who_asks_falls_silent_for_a_real_interruption_within_what_callers_are_owed(lasts: float) -> None:
    story = led(QUESTION)
    story.caller.says("could you say that again", at=6.0, lasts=lasts)
    story.run(until=14)
    assert 0.2 < silenced_after_s(story, 6.0) <= LATEST_S
    assert [line.text for line in story.agent.of("caller")] == ["hello", "could you say that again"]


def test_who_acknowledges_falls_silent_at_once() -> None:
    acknowledged = "Thank you for that, it is noted, and it will be read with care by those who decide about it all. "
    story = led(acknowledged + QUESTION)
    story.caller.says("wait a moment", at=5.0, lasts=0.6)
    story.run(until=12)
    assert silenced_after_s(story, 5.0) < 0.2
    assert not story.notes("barge-in-pause")[0]["asking"]


def test_a_word_does_not_take_the_floor_from_who_asks_and_two_do() -> None:
    one = led(QUESTION)
    one.caller.says("tables", at=6.0, lasts=0.5)
    one.run(until=16)
    assert one.agent.heard[1] == QUESTION
    two = led(QUESTION)
    two.caller.says("which tables", at=6.0, lasts=0.5)
    two.run(until=16)
    assert two.agent.heard[1] != QUESTION
    assert notes_by(two) == ["words"]


def test_a_stop_word_takes_it_even_from_who_asks() -> None:
    story = led(QUESTION)
    story.caller.says("stop", at=6.0, lasts=0.4)
    story.run(until=14)
    assert notes_by(story) == ["stop-word"]


def test_one_who_goes_on_talking_takes_it_later_from_who_asks_than_from_who_tells() -> None:
    def taken_after_s(reply: str) -> float:
        story = led(reply)
        story.run(until=5.0)
        story.stt_s = 5.0
        story.caller.says("so what i wanted to ask you is something else", at=6.0, lasts=4.0)
        story.run(until=14)
        return next(at for at, a in story.done if isinstance(a, act.Note) and a.kind == "barge-in-accepted") - 6.0

    told = QUESTION.replace("?", ".") + " And then the cat went on alone for many days and came to the king's castle."
    assert taken_after_s(told) < 1.5 < taken_after_s(QUESTION) < 2.5


@pytest.mark.parametrize("said", ["no i mean something else", "stop"])
def test_the_greeting_and_what_the_law_wants_said_are_said_to_their_end(said: str) -> None:
    greeting = "Hello, this is an automatic interview, and everything that is said in it will be recorded."
    protected = "This call is recorded and written down, and a person will read all of it before they decide. "
    story = Story(
        persona(greeting=greeting, barge_in={"protected": ["recorded and written down"]}),
        replies={"hello": protected + "Good."},
    )
    story.caller.says(said, at=1.0, lasts=1.2)
    story.caller.says("hello", at=8.0, lasts=0.6)
    story.caller.says(said, at=10.5, lasts=1.2)
    story.run(until=26)
    assert story.agent.heard[0] == greeting
    assert any(heard.startswith(protected.strip()) for heard in story.agent.heard)
    cleared = story.when(act.ClearPlayback)
    assert not [at for at in cleared if at < 14.0]


def test_no_manner_may_be_slower_than_what_callers_are_owed() -> None:
    with pytest.raises(ValueError, match="pause_after_ms"):
        persona(barge_in={"while_asking": ASKING | {"pause_after_ms": 400}})
    with pytest.raises(ValueError, match="sure_after_ms"):
        persona(barge_in={"sure_after_ms": 350})
