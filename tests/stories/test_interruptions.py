"""Someone speaks while the agent does."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call.phases import Phase
from tests.stories.stage import Story, persona

LONG = "We are open from eight in the morning, until six in the evening, on every day of the week."


def story(**changes: object) -> Story:
    told = Story(persona(**changes), replies={"when do you open": LONG, "wait": "Yes?"})
    told.caller.says("when do you open", at=2.0, lasts=1.0)
    return told


def test_an_interruption_silences_the_agent_at_once() -> None:
    told = story()
    told.caller.says("no i mean on sundays", at=5.0, lasts=1.6)
    told.run(until=12)
    cleared = told.when(act.ClearPlayback)[0]
    assert 5.0 < cleared <= 5.3
    assert told.agent.of("caller")[1].text == "no i mean on sundays"


def test_only_what_was_heard_is_in_the_transcript_and_the_history() -> None:
    told = story()
    told.caller.says("no i mean on sundays", at=5.0, lasts=1.6)
    told.run(until=12)
    reply = told.agent.of("agent")[1]
    assert reply.interrupted
    assert reply.text == LONG
    assert LONG.startswith(reply.heard_text)
    assert 0 < len(reply.heard_text) < len(LONG) // 2
    assert told.call.history[2].text == reply.heard_text
    assert told.call.history[2].interrupted


def test_no_word_is_credited_that_was_cut_in_two() -> None:
    told = story()
    told.caller.says("no i mean on sundays", at=5.0, lasts=1.6)
    told.run(until=12)
    heard = told.agent.of("agent")[1].heard_text
    assert LONG[len(heard)] == " "


def test_the_interrupters_first_word_is_part_of_their_turn() -> None:
    told = story()
    told.caller.says("wait", at=5.0, lasts=0.5)
    told.run(until=12)
    asked = [a.text for a in told.actions(act.Ask) if isinstance(a, act.Ask)]
    assert asked[1] == "wait"
    transcribed = told.actions(act.Transcribe)[1]
    assert isinstance(transcribed, act.Transcribe)
    assert transcribed.start <= 5.0 * 8000


@pytest.mark.parametrize("words", ["mm-hmm", "yeah", "right okay", "uh-huh", "I see"])
def test_a_backchannel_costs_the_agent_no_word(words: str) -> None:
    told = story()
    told.caller.says(words, at=5.0, lasts=0.5)
    told.run(until=16)
    reply = told.agent.of("agent")[1]
    assert reply.heard_text == LONG
    assert not reply.interrupted
    assert len(told.actions(act.Ask)) == 1
    assert [note["why"] for note in told.notes("barge-in-rejected")] == ["backchannel"]


def test_a_cough_pauses_the_agent_at_most_and_it_takes_the_clause_up_again() -> None:
    told = story()
    told.caller.coughs("", at=6.5, lasts=0.35)
    told.run(until=16)
    spoken = [a.text for a in told.actions(act.Synthesize) if isinstance(a, act.Synthesize)]
    assert spoken[-1] != LONG
    assert LONG.endswith(spoken[-1])
    assert told.agent.of("agent")[1].heard_text == LONG


def test_a_click_does_not_even_pause_it() -> None:
    told = story()
    told.caller.coughs("", at=5.0, lasts=0.1)
    told.run(until=16)
    assert told.actions(act.ClearPlayback) == []


def test_marks_of_cleared_sound_prove_nothing() -> None:
    told = story()
    told.caller.says("no i mean on sundays", at=5.0, lasts=1.6)
    told.run(until=5.6)
    heard = told.agent.of("agent")[1].heard_text
    told.run(until=12)
    assert len(told.agent.of("agent")[1].heard_text) <= len(heard) + 30
    assert told.agent.of("agent")[1].heard_text != LONG


def test_lasting_voice_takes_the_floor_before_any_word_is_known() -> None:
    told = story()
    told.stt_s = 0.9
    told.caller.says("so what i wanted to ask you is something else", at=5.0, lasts=3.0)
    told.run(until=14)
    assert [note["by"] for note in told.notes("barge-in-accepted")] == ["voice"]


def test_a_persona_that_does_not_yield_says_it_all() -> None:
    told = story(barge_in={"enabled": False})
    told.caller.says("no i mean on sundays", at=5.0, lasts=1.6)
    told.run(until=14)
    assert told.agent.of("agent")[1].heard_text == LONG
    assert told.actions(act.ClearPlayback) == []


def test_one_who_interrupts_again_before_they_are_understood_is_heard_whole() -> None:
    told = story()
    told.stt_s = 0.9
    told.caller.says("no", at=5.0, lasts=0.5)
    told.caller.says("on sundays", at=6.0, lasts=0.7)
    told.run(until=16)
    asked = [a.text for a in told.actions(act.Ask) if isinstance(a, act.Ask)]
    assert asked[1] == "no on sundays"


def test_the_greeting_can_be_made_interruptible() -> None:
    told = Story(
        persona(
            barge_in={"greeting_interruptible": True},
            greeting="Hello and welcome, this is a very long greeting, with many clauses, and no end in sight.",
        )
    )
    told.caller.says("when do you open", at=1.0, lasts=1.5)
    told.run(until=8)
    assert told.agent.of("agent")[0].interrupted
    assert [a.text for a in told.actions(act.Ask) if isinstance(a, act.Ask)] == ["when do you open"]


def test_the_agent_never_has_more_on_the_line_than_a_barge_in_may_throw_away() -> None:
    told = story()
    told.run(until=14)
    ahead = 0.0
    for at, action in told.done:
        if isinstance(action, act.SendAudio):
            begun = [end for begin, end in told.line.played if begin <= at + 1e-6 or begin < at + 1.3]
            ahead = max(ahead, max(begun) - at)
    assert ahead <= 2.0
    sizes = [a.end_ms - a.start_ms for a in told.actions(act.SendAudio) if isinstance(a, act.SendAudio)]
    assert min(sizes) >= 100


def test_after_everything_the_call_listens_again() -> None:
    told = story()
    told.caller.says("yeah", at=5.0, lasts=0.4)
    told.caller.says("no i mean on sundays", at=8.0, lasts=1.6)
    told.run(until=18)
    assert told.call.phase is Phase.WAIT_FOR_USER


def test_words_that_the_recogniser_is_not_sure_of_interrupt_nobody() -> None:
    told = story()
    told.confidence = 0.2
    told.caller.says("what about sundays", at=5.0, lasts=0.5)
    told.run(until=16)
    assert told.agent.of("agent")[1].heard_text == LONG


def test_two_false_alarms_in_one_reply_are_enough_and_a_third_does_not_stop_it() -> None:
    told = story()
    for at in (4.2, 6.2, 8.0):
        told.caller.coughs("", at=at, lasts=0.4)
    told.run(until=18)
    assert len(told.actions(act.ClearPlayback)) == 2
    assert [note["why"] for note in told.notes("barge-in-ignored")] == ["no-words"]
    assert told.agent.of("agent")[1].heard_text == LONG


def test_a_stop_word_is_heard_even_after_false_alarms() -> None:
    told = story(barge_in={"pauses_at_most": 0})
    told.caller.says("wait", at=5.0, lasts=0.5)
    told.run(until=12)
    assert [a.text for a in told.actions(act.Ask) if isinstance(a, act.Ask)][1] == "wait"
    assert [note["by"] for note in told.notes("barge-in-accepted")] == ["stop-word"]


def test_a_protected_sentence_is_said_to_its_end() -> None:
    told = story(barge_in={"protected": ["every day of the week"]})
    told.caller.says("no i mean on sundays", at=5.0, lasts=1.6)
    told.run(until=16)
    assert told.actions(act.ClearPlayback) == []
    assert told.agent.of("agent")[1].heard_text == LONG
