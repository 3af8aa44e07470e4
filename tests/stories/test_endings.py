"""Silence, the longest call, the operator, the line: every way in which a call ends, and what is said at it."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call import events as ev
from tests.stories.stage import GREETING, Story, persona

PATIENCE = {"reprompt_after_s": 4, "maximum_reprompts": 2}
LINES = {
    "reprompts": ["Are you there?", "Hello?"],
    "silence_goodbye": "I hang up now.",
    "time_up": "Our time is up.",
    "closing_down": "We close now.",
    "trouble": "Say that again, please.",
}


def test_a_silent_caller_is_asked_twice_and_then_told_goodbye() -> None:
    story = Story(persona(patience=PATIENCE, lines=LINES)).run(until=40)
    assert story.agent.heard == [GREETING, "Are you there?", "Hello?", "I hang up now."]
    assert story.end_reason == "caller-silent"


def test_one_word_makes_the_persona_patient_again() -> None:
    story = Story(persona(patience=PATIENCE, lines=LINES))
    story.caller.says("hello", at=13.0, lasts=0.8)
    story.run(until=22)
    assert story.agent.said[:3] == [GREETING, "Are you there?", "Hello?"]
    assert story.agent.said[4] == "Are you there?"


def test_the_longest_call_ends_politely_after_the_sentence_in_the_air() -> None:
    story = Story(
        persona(limits={"maximum_call_s": 10}, lines=LINES), replies={"go on": "A sentence of some length. " * 4}
    )
    story.caller.says("go on", at=6.5, lasts=1.0)
    story.run(until=60)
    assert story.agent.heard[-2:] == [("A sentence of some length. " * 4).strip(), "Our time is up."]
    assert story.end_reason == "time-limit"


def test_an_endless_monologue_of_the_agent_is_cut_by_the_time_limit() -> None:
    story = Story(persona(limits={"maximum_call_s": 10}, lines=LINES), replies={"go on": "On and on it goes. " * 100})
    story.caller.says("go on", at=4.0, lasts=1.0)
    story.run(until=60)
    assert story.agent.heard[-1] == "Our time is up."
    assert story.now < 30


def test_the_operator_ends_a_call_at_once() -> None:
    story = Story()
    story.at(0.8, ev.HangUpAsked("operator", politely=False))
    story.run(until=5)
    assert story.end_reason == "operator"
    assert story.now < 1.0
    assert story.agent.of("agent")[0].interrupted


def test_a_house_that_closes_says_goodbye() -> None:
    story = Story(persona(lines=LINES))
    story.at(4.0, ev.HangUpAsked("shutdown", politely=True))
    story.run(until=20)
    assert story.agent.heard[-1] == "We close now."
    assert story.end_reason == "shutdown"


def test_a_caller_who_hangs_up_leaves_the_truth_behind() -> None:
    story = Story(replies={"go on": "A sentence of some length. Another one, which is never said."})
    story.caller.says("go on", at=2.0, lasts=1.0)
    story.hangs_up(at=5.2)
    story.run(until=20)
    reply = story.agent.of("agent")[1]
    assert reply.interrupted
    assert reply.heard_text.startswith("A sentence")
    assert "never said" not in reply.heard_text
    assert story.actions(act.HangUp) == []


def test_what_was_half_said_when_the_line_broke_is_kept() -> None:
    story = Story()
    story.caller.says("i would like to", at=3.0, lasts=5.0)
    story.hangs_up(at=7.5)
    story.run(until=20)
    assert [s.text for s in story.agent.of("caller")] == ["i would like to"]
    assert story.actions(act.Ask) == []


def test_a_dead_transcriber_makes_the_persona_ask_again() -> None:
    story = Story(persona(lines=LINES))
    story.fails.add("transcribe")
    story.caller.says("hello", at=2.0, lasts=1.0)
    story.run(until=6)
    assert story.agent.heard == [GREETING, "Say that again, please."]


def test_after_three_failures_in_a_row_the_call_ends_with_an_apology() -> None:
    story = Story(persona(lines=LINES))
    story.fails.add("transcribe")
    for at in (2.0, 6.0, 10.0):
        story.caller.says("hello", at=at, lasts=1.0)
    story.run(until=30)
    assert story.agent.heard[-1] == "We close now."
    assert story.end_reason == "fault"


def test_a_dead_dialogue_is_owned_up_to_and_the_call_goes_on() -> None:
    story = Story(persona(lines=LINES))
    story.fails.add("reply")
    story.caller.says("hello", at=2.0, lasts=1.0)
    story.run(until=6)
    story.fails.clear()
    story.caller.says("hello again", at=7.0, lasts=1.0)
    story.run(until=12)
    assert story.agent.heard == [GREETING, "Say that again, please.", "You said hello again."]


def test_a_voice_that_fails_altogether_does_not_hang_the_call() -> None:
    story = Story(persona(patience=PATIENCE, lines=LINES))
    story.fails.add("speak")
    story.run(until=40)
    assert story.end_reason == "caller-silent"
    assert story.agent.said == []


def test_an_answer_that_never_comes_is_not_waited_for_for_ever() -> None:
    story = Story(persona(lines=LINES), llm_s=1000)
    story.caller.says("hello", at=2.0, lasts=1.0)
    story.run(until=40)
    assert story.agent.heard[1] == "Say that again, please."


def test_results_of_a_turn_that_is_over_are_dropped() -> None:
    story = Story()
    story.caller.says("hello", at=2.0, lasts=1.0)
    story.at(8.0, ev.TranscriptReady(1, "hello"))
    story.at(8.1, ev.ReplyDelta(1, "Again!"))
    story.at(8.2, ev.ReplyEnded(1, end=True))
    story.at(8.3, ev.SpeechReady(99, 500, final=True))
    story.at(8.4, ev.MarkReturned("g0-1"))
    story.at(8.5, ev.MarkReturned("nonsense"))
    story.run(until=10)
    assert story.agent.heard == [GREETING, "You said hello."]
    assert not story.ended


def test_frames_that_stop_in_mid_utterance_do_not_stop_the_clock() -> None:
    story = Story(persona(patience=PATIENCE, limits={"maximum_call_s": 20}, lines=LINES))
    story.caller.says("hello", at=3.0, lasts=2.0)
    story.frames_stop_at = 4.0
    story.run(until=60)
    assert story.end_reason == "time-limit"


@pytest.mark.parametrize("at", [0.2, 2.5, 3.2, 3.8, 4.5, 5.0, 7.0])
def test_whenever_the_caller_hangs_up_the_call_is_over_and_nothing_more_is_wanted(at: float) -> None:
    story = Story()
    story.caller.says("hello", at=2.0, lasts=1.0)
    story.caller.says("and more", at=4.4, lasts=1.0)
    story.hangs_up(at=at)
    story.run(until=20)
    assert story.ended
    assert story.call.next_deadline() is None


def test_a_transcriber_that_dies_while_an_interrupter_goes_on_costs_a_sentence() -> None:
    story = Story(
        persona(lines=LINES), replies={"go on": "A sentence, of some length, with clauses, and more. " * 4}, stt_s=0.7
    )
    story.caller.says("go on", at=2.0, lasts=1.0)
    story.run(until=6.0)
    story.fails.add("transcribe")
    story.caller.says("no", at=6.5, lasts=0.45)
    story.caller.says("listen to me please", at=7.9, lasts=1.5)
    story.run(until=9.0)
    story.fails.clear()
    story.run(until=20)
    assert not story.ended
    assert "listen to me please" in " ".join(s.text for s in story.agent.of("caller"))


def test_a_long_goodbye_is_heard_to_its_end() -> None:
    goodbye = "Thank you for all that you have told me. " * 14
    story = Story(replies={"bye": goodbye})
    story.goodbyes.add("bye")
    story.caller.says("bye", at=2.0, lasts=0.6)
    story.run(until=60)
    assert story.agent.heard[1] == goodbye.strip()
    assert story.end_reason == "completed"


def test_a_reply_that_could_not_be_spoken_is_owned_up_to() -> None:
    story = Story(persona(lines=LINES))
    story.caller.says("hello", at=2.0, lasts=1.0)
    story.run(until=3.5)
    story.fails.add("speak")
    story.run(until=3.82)
    story.fails.clear()
    story.run(until=8)
    assert story.agent.heard == [GREETING, "Say that again, please."]


def test_a_reply_that_ends_the_call_while_an_interruption_is_judged_is_said_whole() -> None:
    story = Story(stt_s=1.0)
    story.caller.says("go on", at=2.0, lasts=1.0)
    story.run(until=3.7)
    turn = 1
    story.at(4.75, ev.ReplyDelta(turn, "One clause, and another clause, and a third one. "))
    story.caller.says("mm-hmm", at=6.3, lasts=0.4)
    story.at(6.65, ev.ReplyEnded(turn, end=True))
    story.silent_dialogue = True
    story.run(until=20)
    assert story.end_reason == "completed"
    played = sum(end - begin for begin, end in story.line.played)
    assert played >= (len(GREETING) + len("One clause, and another clause, and a third one.")) * 0.05 - 0.1


@pytest.mark.parametrize(("pauses_s", "voice_fails_after_s"), [(1.0, 1.5), (2.2, 4.0), (3.0, 4.0)])
def test_an_agent_whose_voices_are_all_dead_ends_the_call_although_the_caller_talks_on(
    pauses_s: float, voice_fails_after_s: float
) -> None:
    told = Story(persona(limits={"maximum_call_s": 1800}), tts_s=voice_fails_after_s)
    told.run(until=2.5)
    told.fails.add("speak")
    at = 3.0
    while at < 300:
        told.caller.says("hello are you there", at=at, lasts=1.0)
        at += 1.0 + pauses_s
    told.run(until=300)
    assert told.ended
    assert told.now < 120
    assert told.end_reason == "fault"
    assert told.notes("agent-mute")


def test_a_voice_that_comes_back_ends_nothing() -> None:
    told = Story(persona(patience={"reprompt_after_s": 5, "maximum_reprompts": 10}), tts_s=2.0)
    told.run(until=2.5)
    told.fails.add("speak")
    for at in range(3, 24, 3):
        told.caller.says("hello are you there", at=at, lasts=1.0)
    told.run(until=24)
    told.fails.clear()
    told.caller.says("hello again", at=27, lasts=1.0)
    told.run(until=90)
    assert not told.ended
    assert not told.notes("agent-mute")
