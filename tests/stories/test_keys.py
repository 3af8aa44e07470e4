"""The telephone's keys."""

from __future__ import annotations

from app.call import actions as act
from app.call import events as ev
from tests.stories.interviewed import InterviewCall
from tests.stories.stage import GREETING, Story, persona

LONG = "We are open from eight in the morning, until six in the evening, on every day of the week."


def asked(story: Story) -> list[tuple[str, str]]:
    return [(a.text, a.digits) for a in story.actions(act.Ask) if isinstance(a, act.Ask)]


def test_digits_are_gathered_and_a_hash_ends_them() -> None:
    story = Story()
    story.keys("123#", at=3.0)
    story.run(until=8)
    assert asked(story) == [("", "123#")]
    assert story.agent.of("caller")[0].kind == "keys"


def test_digits_without_a_hash_are_taken_after_a_pause() -> None:
    story = Story()
    story.keys("42", at=3.0)
    story.run(until=8)
    assert asked(story) == [("", "42")]


def test_a_star_comes_at_once() -> None:
    story = Story()
    story.keys("*", at=3.0)
    story.run(until=8)
    assert asked(story) == [("", "*")]
    assert story.when(act.Ask)[0] < 3.1


def test_a_key_interrupts_the_agent() -> None:
    story = Story(replies={"hello": LONG, "#": "Here I am."})
    story.caller.says("hello", at=2.0, lasts=0.8)
    story.keys("#", at=5.0)
    story.run(until=12)
    assert story.agent.of("agent")[1].interrupted
    assert story.agent.heard[2] == "Here I am."


def test_keys_under_the_greeting_are_refused() -> None:
    story = Story()
    story.keys("1#", at=0.3)
    story.run(until=6)
    assert asked(story) == []
    assert story.agent.heard == [GREETING]
    assert len(story.notes("key-ignored")) == 2


def test_a_key_while_the_answer_is_made_replaces_the_question() -> None:
    story = Story(llm_s=2.0)
    story.caller.says("hello", at=2.0, lasts=0.8)
    story.keys("#", at=4.2)
    story.run(until=12)
    assert story.agent.heard[1:] == ["You said #."]


def test_keys_that_no_telephone_has_are_ignored() -> None:
    story = Story()
    story.at(3.0, ev.DigitPressed("A"))
    story.at(3.1, ev.DigitPressed(""))
    story.run(until=8)
    assert asked(story) == []


def test_a_key_while_the_caller_speaks_counts_and_their_speech_does_not() -> None:
    story = Story()
    story.caller.says("hello there my friend", at=3.0, lasts=2.0)
    story.keys("#", at=4.0)
    story.run(until=10)
    assert asked(story)[0] == ("", "#")


def test_somebody_who_leans_on_a_key_makes_no_endless_input() -> None:
    story = Story()
    story.keys("5" * 100, at=3.0)
    story.run(until=40)
    assert all(len(digits) <= 32 for _, digits in asked(story))


def test_a_key_before_the_greetings_first_sound_does_not_abolish_it() -> None:
    story = Story(tts_s=0.5)
    story.keys("#", at=0.1)
    story.run(until=6)
    assert story.agent.heard == [GREETING]
    assert asked(story) == []


def test_a_key_that_no_telephone_has_does_not_end_the_personas_patience() -> None:
    story = Story()
    story.at(3.0, ev.DigitPressed("A"))
    story.run(until=30)
    assert "Are you still there?" in story.agent.heard


def test_a_key_under_what_must_be_heard_counts_once_it_has_been() -> None:
    call = InterviewCall()
    call.keys("1", at=0.8)
    call.play(until=60)
    first = call.agent.of("agent")[0]
    assert first.heard_text == first.text, "the disclosure was heard to its end"
    assert not first.interrupted
    assert call.session.consent is not None
    assert (call.session.consent.agreed, call.session.consent.how, call.session.consent.words) == (True, "key", "1")
    assert call.session.consent.at > "2024-05-01T00:00:01", "and it counted then"
    assert call.notes("key-kept") == [{}]
    assert "Do you agree" not in " ".join(call.agent.heard), "nobody asks for what was answered"


def test_a_no_under_the_disclosure_ends_the_talk_after_it() -> None:
    call = InterviewCall()
    call.keys("2", at=0.8)
    call.play(until=60)
    assert call.session.over == "refused"
    assert call.agent.heard[0] == call.agent.of("agent")[0].text


def test_of_several_keys_the_last_counts() -> None:
    call = InterviewCall()
    call.keys("21", at=0.8)
    call.play(until=60)
    assert call.session.consent is not None
    assert call.session.consent.agreed


def test_where_a_menu_is_read_out_in_the_greeting_its_key_counts_after_it() -> None:
    story = Story(persona(keypad={"1": {"say": "We are open."}}))
    story.keys("1", at=0.3)
    story.run(until=6)
    assert story.agent.heard[0] == GREETING
    assert asked(story) == [("", "1")]
