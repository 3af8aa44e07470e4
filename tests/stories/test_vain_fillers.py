"""A filler behind which nothing comes, or not what was hoped for."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call import events as ev
from app.call.phases import Phase
from tests.stories.slow_model import ANSWER, QUESTION, told
from tests.stories.stage import GREETING


def test_an_answer_that_never_comes_behind_a_filler_is_owned_up_to() -> None:
    story = told(llm_s=1000).run(until=45)
    assert story.agent.heard == [GREETING, "One moment.", "Say that again, please."]
    assert len(story.notes("answer-overdue")) == 1
    assert story.call.phase is Phase.WAIT_FOR_USER


def test_an_answer_that_never_comes_is_owned_up_to_even_if_a_backchannel_came_between() -> None:
    story = told(llm_s=1000)
    story.caller.says("okay", at=7.0, lasts=0.45)
    story.run(until=45)
    assert story.agent.heard[:3] == [GREETING, "One moment.", "Say that again, please."]


def test_after_three_fillers_without_an_answer_the_call_ends_with_an_apology() -> None:
    story = told(llm_s=1000, lines={"closing_down": "We close now."})
    story.caller.says(QUESTION, at=42.0, lasts=1.0)
    story.caller.says(QUESTION, at=82.0, lasts=1.0)
    story.run(until=140)
    assert story.agent.heard[-1] == "We close now."
    assert story.end_reason == "fault"


def test_a_dialogue_that_fails_behind_its_filler_is_owned_up_to_once_the_filler_is_heard() -> None:
    story = told()
    story.fails.add("reply")
    story.run(until=12)
    assert story.agent.heard == [GREETING, "One moment.", "Say that again, please."]
    assert story.actions(act.CommitTurn) == []


def test_a_dialogue_that_fails_while_a_backchannel_is_judged_is_owned_up_to() -> None:
    story = told(llm_s=3.3)
    story.stt_s = 0.8
    story.fails.add("reply")
    story.caller.says("okay", at=6.6, lasts=0.45)
    story.run(until=16)
    assert story.agent.heard[:3] == [GREETING, "One moment.", "Say that again, please."]


def test_an_empty_answer_behind_a_filler_is_owned_up_to() -> None:
    story = told()
    story.replies[QUESTION] = ""
    story.run(until=12)
    assert story.agent.heard == [GREETING, "One moment.", "Say that again, please."]
    assert len(story.notes("empty-reply")) == 1


def test_an_empty_last_answer_behind_a_filler_is_a_goodbye() -> None:
    story = told()
    story.replies[QUESTION] = ""
    story.goodbyes.add(QUESTION)
    story.run(until=14)
    assert story.agent.heard == [GREETING, "One moment. Bye now."]
    assert story.end_reason == "completed"


@pytest.mark.parametrize("llm_s", [1.52, 1.6, 2.0, 3.0])
def test_a_goodbye_behind_a_filler_is_heard_to_its_end(llm_s: float) -> None:
    story = told(llm_s=llm_s)
    story.goodbyes.add(QUESTION)
    story.run(until=14)
    assert story.agent.heard[-1].endswith(ANSWER)
    assert story.end_reason == "completed"
    assert story.when(act.HangUp)[0] >= story.line.free_at


def test_a_filler_that_cannot_be_spoken_is_left_out() -> None:
    story = told()
    story.run(until=4.0)
    story.fails.add("speak")
    story.run(until=5.9)
    story.fails.clear()
    story.run(until=12)
    assert story.agent.heard == [GREETING, ANSWER]


def test_an_answer_that_cannot_be_spoken_behind_its_filler_is_owned_up_to() -> None:
    story = told()
    story.run(until=6.0)
    story.fails.add("speak")
    story.run(until=6.73)
    story.fails.clear()
    story.run(until=12)
    assert story.agent.heard == [GREETING, "One moment.", "Say that again, please."]
    assert story.actions(act.CommitTurn) == []


def test_one_who_hangs_up_during_the_filler_leaves_no_trace_in_the_dialogue() -> None:
    story = told()
    story.hangs_up(at=5.7)
    story.run(until=20)
    assert story.actions(act.CommitTurn) == []
    assert story.agent.of("agent")[1].interrupted


def test_an_operator_who_ends_the_call_during_the_filler_ends_it() -> None:
    story = told(llm_s=6.0)
    story.at(5.5, ev.HangUpAsked("shutdown", politely=True))
    story.run(until=20)
    assert story.end_reason == "shutdown"
    assert 1 in [a.turn for a in story.actions(act.DropTurn) if isinstance(a, act.DropTurn)]
