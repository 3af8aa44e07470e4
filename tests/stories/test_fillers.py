"""A model that takes its time, and a caller who hears that somebody is there."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call import events as ev
from app.call.phases import Phase
from tests.stories.slow_model import ANSWER, QUESTION, asked, first_audio, told
from tests.stories.stage import GREETING


def test_a_slow_answer_is_announced_and_then_given_in_the_same_breath() -> None:
    story = told().run(until=12)
    assert story.agent.heard == [GREETING, f"One moment. {ANSWER}"]
    waited = story.notes("filler")[0]["after_ms"]
    assert isinstance(waited, int)
    assert 1500 <= waited <= 1600
    assert story.call.phase is Phase.WAIT_FOR_USER


def test_a_quick_answer_needs_no_filler() -> None:
    story = told(llm_s=1.4).run(until=12)
    assert story.agent.heard == [GREETING, ANSWER]
    assert story.notes("filler") == []
    assert all(a.text != "One moment." for a in story.actions(act.Synthesize) if isinstance(a, act.Synthesize))


def test_an_answer_that_comes_before_the_filler_sounds_takes_its_place() -> None:
    story = told(llm_s=1.6)
    story.tts_s = 0.4
    story.run(until=12)
    assert story.agent.heard == [GREETING, ANSWER]
    assert story.notes("filler") == []
    assert "One moment." in [a.text for a in story.actions(act.Synthesize) if isinstance(a, act.Synthesize)]


def test_its_first_words_take_the_fillers_place_although_more_is_to_come() -> None:
    story = told()
    story.silent_dialogue, story.tts_s = True, 0.4
    story.at(5.4, ev.ReplyDelta(1, f"{ANSWER} "))
    story.at(7.5, ev.ReplyDelta(1, "And close at six."))
    story.at(7.6, ev.ReplyEnded(1))
    story.run(until=12)
    assert story.agent.heard == [GREETING, f"{ANSWER} And close at six."]


def test_what_is_left_of_a_filler_whose_voice_died_is_still_a_filler() -> None:
    story = told(lines={"fillers": ["Hold the line, please, while I look that up for you."]})
    story.run(until=4.0)
    story.actor.dies, story.actor.tells_words, story.actor.bit_ms, story.actor.every_s = [800], True, 100, 0.05
    story.run(until=14)
    assert len(story.notes("voice-taken-over")) == 1
    assert story.when(act.CommitTurn) == [first_audio(story, ANSWER)]
    assert story.agent.heard[1] == f"Hold the line, please, while I look that up for you. {ANSWER}"


def test_what_was_planned_becomes_fact_with_the_answers_own_first_sound() -> None:
    story = told().run(until=12)
    committed = story.when(act.CommitTurn)
    assert committed == [first_audio(story, ANSWER)]
    assert first_audio(story, "One moment.") < committed[0] - 1


def test_a_filler_is_not_the_answers_first_sound() -> None:
    story = told().run(until=12)
    measured = story.actions(act.MeasureTurn)[-1]
    assert isinstance(measured, act.MeasureTurn)
    line_ms = round(first_audio(story, ANSWER) * 1000)
    assert measured.first_audio_ms == pytest.approx(line_ms, abs=25)
    assert measured.first_heard_ms == pytest.approx(line_ms, abs=250)
    assert measured.first_text_ms is not None
    assert measured.first_clause_ms is not None
    assert measured.first_text_ms <= measured.first_clause_ms <= line_ms


def test_fillers_take_turns_within_a_call_and_come_once_a_turn() -> None:
    story = told(llm_s=6.0)
    story.caller.says(QUESTION, at=14.0, lasts=1.0)
    story.caller.says(QUESTION, at=26.0, lasts=1.0)
    story.run(until=38)
    assert story.agent.heard[1:] == [f"One moment. {ANSWER}", f"Let me think. {ANSWER}", f"One moment. {ANSWER}"]


@pytest.mark.parametrize(("patience", "lines"), [({"filler_after_ms": 0}, {}), ({}, {"fillers": []})])
def test_a_persona_may_do_without(patience: dict[str, object], lines: dict[str, object]) -> None:
    story = told(patience=patience, lines=lines).run(until=12)
    assert story.agent.heard == [GREETING, ANSWER]


def test_one_who_takes_the_floor_during_the_filler_is_answered_once_with_both_their_sentences() -> None:
    story = told(llm_s=3.0)
    story.replies[f"{QUESTION} on a sunday"] = "At nine on Sundays."
    story.caller.says("on a sunday", at=5.45, lasts=0.9)
    story.run(until=16)
    assert asked(story) == [QUESTION, f"{QUESTION} on a sunday"]
    assert [s.text for s in story.agent.of("caller")] == [QUESTION, "on a sunday"]
    assert [a.turn for a in story.actions(act.CommitTurn) if isinstance(a, act.CommitTurn)] == [2]
    assert 1 in [a.turn for a in story.actions(act.DropTurn) if isinstance(a, act.DropTurn)]
    assert ANSWER not in " ".join(story.agent.heard)
    assert story.agent.heard[-1].endswith("At nine on Sundays.")
    assert "One moment.".startswith(story.agent.heard[1])


def test_a_persona_that_does_not_yield_yields_with_a_filler() -> None:
    story = told(barge_in={"enabled": False})
    story.caller.says("on a sunday", at=5.45, lasts=0.9)
    story.run(until=16)
    assert asked(story) == [QUESTION, f"{QUESTION} on a sunday"]


def test_the_dialogue_is_shown_the_talk_without_its_fillers() -> None:
    story = told().run(until=12)
    assert [said.text for said in story.call.history] == [GREETING, QUESTION, ANSWER]
    cut_short = told()
    cut_short.hangs_up(at=5.8)
    cut_short.run(until=12)
    assert [said.text for said in cut_short.call.history] == [GREETING, QUESTION]


def test_lasting_voice_that_nobody_understands_does_not_cost_the_question_during_a_filler() -> None:
    story = told(llm_s=4.0)
    story.caller.says("", at=5.45, lasts=1.6)
    story.run(until=20)
    assert asked(story) == [QUESTION, QUESTION]
    assert story.agent.heard[-1].endswith(ANSWER)


def test_one_who_says_stop_during_the_filler_no_longer_wants_the_answer() -> None:
    story = told(llm_s=3.0)
    story.caller.says("stop", at=5.45, lasts=0.5)
    story.run(until=16)
    assert asked(story) == [QUESTION, "stop"]


def test_a_backchannel_during_the_filler_changes_nothing() -> None:
    story = told(llm_s=4.0)
    story.caller.says("okay", at=5.45, lasts=0.45)
    story.run(until=16)
    assert asked(story) == [QUESTION]
    assert story.agent.heard == [GREETING, f"One moment. {ANSWER}"]
    measured = story.actions(act.MeasureTurn)[-1]
    assert isinstance(measured, act.MeasureTurn)
    assert (measured.turn, measured.first_heard_ms is not None) == (1, True)


def test_a_backchannel_in_the_silence_behind_the_filler_changes_nothing() -> None:
    story = told(llm_s=5.0)
    story.caller.says("okay", at=7.0, lasts=0.45)
    story.run(until=16)
    assert asked(story) == [QUESTION]
    assert story.agent.heard == [GREETING, f"One moment. {ANSWER}"]


def test_a_key_during_the_filler_is_a_turn_of_its_own() -> None:
    story = told(llm_s=3.0)
    story.keys("#", at=5.6)
    story.run(until=16)
    assert asked(story) == [QUESTION, ""]
    assert [a.turn for a in story.actions(act.CommitTurn) if isinstance(a, act.CommitTurn)] == [2]


def test_keys_too_may_be_waited_for_with_a_filler() -> None:
    story = told()
    story.keys("#", at=9.0)
    story.run(until=20)
    assert story.agent.heard[2] == "Let me think. You said #."


def test_one_who_goes_on_just_before_the_filler_is_not_talked_over() -> None:
    story = told(llm_s=4.0)
    story.replies[f"{QUESTION} on a sunday"] = "At nine on Sundays."
    story.caller.says("on a sunday", at=5.0, lasts=0.9)
    story.run(until=16)
    assert asked(story) == [QUESTION, f"{QUESTION} on a sunday"]
    assert story.agent.heard[1:] == ["One moment. At nine on Sundays."]
    assert len(story.notes("filler")) == 1
