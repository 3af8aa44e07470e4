"""A model that dies in the middle of its reply."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call import events as ev
from app.call.phases import Phase
from tests.stories.stage import GREETING, Story, persona

INSTEAD = "We open at eight, every day."


def broken(*parts: str, end: bool = False, at: float = 4.0, until: float = 14.0, filler_after_ms: int = 0) -> Story:
    """A reply of these parts, 100 ms apart, that breaks behind them."""
    patience = {"filler_after_ms": filler_after_ms, "reprompt_after_s": 30}
    story = Story(persona(patience=patience, lines={"trouble": "Say that again, please."}))
    story.silent_dialogue = True
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    for index, part in enumerate(parts):
        story.at(at + index * 0.1, ev.ReplyDelta(1, part))
    story.at(at + len(parts) * 0.1, ev.ReplyBroken(1, INSTEAD, end))
    return story.run(until=until)


def test_whole_sentences_stand_and_a_torn_one_is_not_spoken() -> None:
    story = broken("We are open today. ", "On Sundays we")
    assert story.agent.heard == [GREETING, "We are open today."]
    assert story.notes("reply-broken") == [{"turn": 1}]
    assert story.call.phase is Phase.WAIT_FOR_USER


@pytest.mark.parametrize("parts", [(), ("",), ("  \n",), ("On Sun",), ("On Sundays ", "we are")])
def test_where_nothing_whole_came_the_flows_own_words_are_said(parts: tuple[str, ...]) -> None:
    story = broken(*parts)
    assert story.agent.heard == [GREETING, INSTEAD]
    assert len(story.actions(act.CommitTurn)) == 1


@pytest.mark.parametrize("parts", [(), ("Goodbye then. ", "And ma")])
def test_a_last_reply_that_breaks_still_ends_the_call_once_it_is_heard(parts: tuple[str, ...]) -> None:
    story = broken(*parts, end=True)
    assert story.agent.heard[1] == ("Goodbye then." if parts else INSTEAD)
    assert story.end_reason == "completed"
    assert story.when(act.HangUp)[0] >= story.line.free_at


def test_a_filler_is_no_word_of_the_reply_that_broke() -> None:
    story = broken("On Sun", at=7.0, filler_after_ms=1500)
    assert story.agent.heard == [GREETING, f"One moment. {INSTEAD}"]
    committed = story.when(act.CommitTurn)
    assert len(committed) == 1
    assert committed[0] >= 7.0


def test_a_break_told_of_a_turn_that_is_over_changes_nothing() -> None:
    story = broken("We are open today. ", until=9.0)
    story.at(10.0, ev.ReplyBroken(1, INSTEAD))
    story.at(10.1, ev.ReplyBroken(9, INSTEAD, end=True))
    story.run(until=12)
    assert story.agent.heard == [GREETING, "We are open today."]
    assert len(story.notes("reply-broken")) == 1


def test_a_break_while_a_backchannel_is_judged_is_survived() -> None:
    story = Story(persona(patience={"reprompt_after_s": 30}), stt_s=0.8)
    story.silent_dialogue = True
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    story.at(4.5, ev.ReplyDelta(1, "One sentence of some length, and then a pause of the model. And ano"))
    story.caller.says("mm-hmm", at=6.0, lasts=0.45)
    story.at(6.4, ev.ReplyBroken(1, INSTEAD))
    story.run(until=20)
    assert story.agent.heard == [GREETING, "One sentence of some length, and then a pause of the model."]
    assert story.call.phase is Phase.WAIT_FOR_USER


def test_a_reply_that_just_stops_coming_is_not_waited_for_for_ever() -> None:
    story = Story(persona(patience={"reprompt_after_s": 60}))
    story.silent_dialogue = True
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    story.at(4.5, ev.ReplyDelta(1, "One whole sentence. "))
    story.at(20.0, ev.ReplyDelta(1, "Another one that came late. And a torn"))
    story.run(until=49.0)
    assert story.call.phase is Phase.AI_SPEAKING
    story.run(until=52.0)
    assert story.call.phase is Phase.WAIT_FOR_USER
    assert story.agent.heard == [GREETING, "One whole sentence. Another one that came late."]
    assert len(story.notes("answer-overdue")) == 1
