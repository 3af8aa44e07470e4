"""A call that is handed over to a person, told as whole calls: the promise is heard first."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call import events as ev
from app.dialogue.interviewing.life import Phase
from app.personas.schema import Persona
from tests.stories.interviewed import ALEX, InterviewCall
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


BACK = "Nobody could be reached."
PERSON = {"number": "+442079460000", "line": LINE, "nobody": BACK}


def interview() -> InterviewCall:
    return InterviewCall(Persona.model_validate(ALEX.model_dump() | {"transfer": PERSON}))


def test_a_candidate_who_wants_a_person_rather_than_to_agree_is_put_through_and_asked_again_when_back() -> None:
    call = interview()
    assert call.candidate("I want to speak to a human") == LINE
    assert call.actions(act.Transfer) == [act.Transfer("words")]
    call.over()
    assert call.session.phase is Phase.PAUSED
    assert not call.records_on
    back = call.again(returned=BACK)
    back.listens()
    greeting, question = back.agent.heard
    assert greeting == f"{BACK} {back.talk._flow._nameless.conduct.disclosure}", "and not hello once more"
    assert "Do you agree" in question
    back.candidate("yes I agree")
    assert back.records_on


def test_in_the_midst_of_the_questions_the_interview_goes_on_at_the_question_in_hand() -> None:
    call = interview()
    call.candidate("yes I agree")
    question = call.record.question.text
    call.listens()
    call.keys("9", at=call.now + 1.0)
    call.play(until=call.now + 30)
    assert call.actions(act.Transfer) == [act.Transfer("key")]
    call.over()
    back = call.again(returned=BACK)
    back.listens()
    assert back.agent.heard[0].startswith(BACK)
    assert back.agent.heard[-1].endswith(question)
