"""A call from its first sound to its last."""

from __future__ import annotations

from app.call import actions as act
from app.call.phases import Phase
from tests.stories.stage import GREETING, MS_PER_CHAR, Story, persona

GREETED = 0.05 + len(GREETING) * MS_PER_CHAR / 1000


def test_the_persona_greets_listens_answers_and_says_goodbye() -> None:
    story = Story(replies={"when do you open": "We open at eight.", "bye": "Goodbye, see you."})
    story.goodbyes.add("bye")
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    story.caller.says("bye", at=6.0, lasts=0.6)
    story.run(until=20)
    assert story.agent.heard == [GREETING, "We open at eight.", "Goodbye, see you."]
    assert [s.text for s in story.agent.of("caller")] == ["when do you open", "bye"]
    assert story.end_reason == "completed"
    assert not any(s.interrupted for s in story.agent.segments.values())


def test_the_goodbye_is_heard_before_the_call_hangs_up() -> None:
    story = Story(replies={"bye": "Goodbye."})
    story.goodbyes.add("bye")
    story.caller.says("bye", at=2.0, lasts=0.6)
    story.run(until=20)
    hung_up = story.when(act.HangUp)[0]
    assert hung_up >= story.line.free_at
    assert hung_up <= story.line.free_at + 0.1


def test_a_goodbye_whose_mark_never_returns_ends_all_the_same() -> None:
    story = Story(replies={"bye": "Goodbye."})
    story.goodbyes.add("bye")
    story.line.returns_marks = False
    story.caller.says("bye", at=5.0, lasts=0.6)
    story.run(until=60)
    assert story.ended
    assert story.now < 20


def test_nothing_said_under_the_greeting_is_answered() -> None:
    story = Story(persona(greeting="Hello, this is a rather long greeting, and it is said to its end."))
    story.caller.says("hey you", at=0.4, lasts=0.8)
    story.run(until=6)
    assert story.agent.of("caller") == []
    assert story.agent.heard[0].endswith("to its end.")


def test_what_is_begun_under_the_greeting_and_goes_on_is_heard_from_its_last_half_second() -> None:
    story = Story()
    story.caller.says("", at=GREETED - 0.4, lasts=0.1)
    story.caller.says("when do you open", at=GREETED - 0.3, lasts=1.5)
    story.run(until=6)
    first = story.agent.of("caller")[0]
    assert first.text == "when do you open"
    assert first.started_ms >= (GREETED - 0.62) * 1000


def test_a_turn_has_one_transcription_and_one_question() -> None:
    story = Story()
    story.caller.says("first half", at=2.0, lasts=1.0)
    story.caller.says("second half", at=3.4, lasts=1.0)
    story.run(until=10)
    assert len(story.actions(act.Transcribe)) == 1
    assert [a.text for a in story.actions(act.Ask)] == ["first half second half"]


def test_one_who_goes_on_before_the_answer_sounds_is_answered_once_and_whole() -> None:
    story = Story(llm_s=1.5)
    story.caller.says("i would like a table", at=2.0, lasts=1.0)
    story.caller.says("for two", at=4.0, lasts=0.8)
    story.run(until=12)
    assert [s.text for s in story.agent.of("caller")] == ["i would like a table for two"]
    assert story.agent.heard[1:] == ["You said i would like a table for two."]
    assert len(story.actions(act.CommitTurn)) == 1


def test_a_click_while_the_answer_is_made_changes_nothing() -> None:
    story = Story(llm_s=1.0)
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    story.caller.coughs("", at=4.0, lasts=0.1)
    story.run(until=10)
    assert [s.text for s in story.agent.of("caller")] == ["when do you open"]
    assert story.agent.heard[1] == "You said when do you open."


def test_a_short_noise_is_no_turn() -> None:
    story = Story()
    story.caller.coughs("", at=2.0, lasts=0.4)
    story.run(until=6)
    assert story.actions(act.Ask) == []
    assert story.call.phase is Phase.WAIT_FOR_USER
    assert len(story.notes("noise")) == 1


def test_long_speech_without_a_word_understood_is_put_to_the_dialogue_as_such() -> None:
    story = Story(replies={"": "Sorry, I didn't catch that."})
    story.caller.says("", at=2.0, lasts=1.5)
    story.run(until=8)
    assert story.agent.heard[1] == "Sorry, I didn't catch that."


def test_times_of_a_turn_are_measured_in_their_order() -> None:
    story = Story(stt_s=0.2, llm_s=0.25, tts_s=0.15)
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    story.run(until=8)
    measured = story.actions(act.MeasureTurn)[-1]
    assert isinstance(measured, act.MeasureTurn)
    times = [
        measured.speech_ended_ms,
        measured.decided_ms,
        measured.transcript_ms,
        measured.first_text_ms,
        measured.first_clause_ms,
        measured.first_audio_ms,
        measured.first_heard_ms,
    ]
    assert None not in times
    assert times == sorted(times)  # type: ignore[type-var]
    assert 2950 <= times[0] <= 3050  # type: ignore[operator]
    assert times[5] - times[1] <= 620  # type: ignore[operator]


def test_one_who_begins_again_before_the_first_word_of_the_answer_is_not_talked_over() -> None:
    story = Story(llm_s=0.9)
    story.caller.says("i would like a table", at=2.0, lasts=1.0)
    story.caller.says("for two", at=4.5, lasts=0.8)
    story.run(until=12)
    assert story.actions(act.ClearPlayback) == [], "the agent has not begun to speak in between"
    assert story.agent.heard[1:] == ["You said i would like a table for two."]


def test_a_noise_before_the_first_word_of_the_answer_only_delays_it() -> None:
    story = Story(llm_s=0.9)
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    story.caller.coughs("", at=4.5, lasts=0.12)
    story.run(until=12)
    assert story.agent.heard[1:] == ["You said when do you open."]


def test_a_cough_behind_a_question_does_not_cost_the_question() -> None:
    story = Story(llm_s=1.5)
    story.caller.says("when do you open", at=2.0, lasts=1.0)
    story.caller.coughs("", at=4.3, lasts=0.45)
    story.unsure_after = 4.3
    story.run(until=14)
    assert story.agent.heard[1:] == ["You said when do you open."]
    assert story.notes("noise") == []
