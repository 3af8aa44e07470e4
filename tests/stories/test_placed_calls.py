"""Calls that we place: who answers is found out before anything is said to them, and nobody is cut off."""

from __future__ import annotations

import pytest

from app.call import actions as act
from app.call import events as ev
from tests.stories.placed import MESSAGE, placed
from tests.stories.stage import GREETING

MAILBOX = "you have reached the mailbox of ada lovelace please leave a message after the tone"
LONG = "Hello, this is an automated interviewer, and this call is recorded, so that a person may listen to it later on."


# people


def test_a_person_who_says_hello_is_greeted_within_a_second_or_so() -> None:
    story = placed()
    story.caller.says("hello", at=1.0, lasts=0.5)
    story.caller.says("yes this is ada", at=6.0)
    story.run(until=12)
    assert 1.9 < story.began(GREETING) < 2.5
    assert [line.text for line in story.agent.of("caller")] == ["hello", "yes this is ada"]
    assert story.asked == ["yes this is ada"], "a hello is no question"
    assert story.recognised == ["human"]


def test_one_who_says_nothing_is_greeted_after_five_seconds() -> None:
    story = placed().run(until=8)
    assert story.began(GREETING) == pytest.approx(5.0, abs=0.2)
    assert story.recognised == [], "who was silent may have been anybody"


def test_a_verdict_that_a_person_is_there_ends_the_wait_at_once() -> None:
    story = placed()
    story.verdict("human", at=2.0)
    story.run(until=6)
    assert story.began(GREETING) == pytest.approx(2.1, abs=0.2)
    assert story.recognised == []


@pytest.mark.parametrize(("verdict", "comes_to"), [("human", GREETING), ("machine_end_beep", MESSAGE)])
def test_a_verdict_that_comes_during_a_click_counts_when_that_was_no_word(verdict: str, comes_to: str) -> None:
    story = placed()
    story.caller.coughs("", at=2.0, lasts=0.1)
    story.verdict(verdict, at=2.2)
    story.run(until=12)
    assert story.began(comes_to) < 3.3
    assert comes_to in story.agent.heard


@pytest.mark.parametrize("verdict", ["machine_start", "machine_end_beep", "machine_end_silence", "fax"])
@pytest.mark.parametrize("at", [1.2, 2.0, 3.0, 6.2, 9.0])
@pytest.mark.parametrize("voicemail", ["hang_up", "leave_message"])
def test_whoever_speaks_as_a_person_does_is_never_cut_off_by_a_verdict(
    verdict: str, at: float, voicemail: ev.Voicemail
) -> None:
    story = placed(voicemail)
    story.caller.says("hello", at=1.0, lasts=0.5)
    story.caller.says("yes of course", at=6.0)
    story.verdict(verdict, at=at)
    story.run(until=14)
    assert story.agent.heard == [GREETING, "You said yes of course."]
    assert story.recognised == ["human"]
    assert story.end_reason is None


def test_what_a_person_says_at_length_does_not_make_them_a_machine() -> None:
    story = placed("hang_up")
    story.caller.says("good morning smith and sons carol speaking how may i help you", at=1.0, lasts=4.0)
    story.run(until=9)
    assert story.began(GREETING) < 6.3


def test_words_that_do_not_tell_are_followed_by_the_greeting_soon_if_nothing_tells_more() -> None:
    story = placed("hang_up")
    story.caller.says("this is the house of the family lovelace in london", at=1.0, lasts=3.5)
    story.run(until=9)
    assert 6.0 < story.began(GREETING) < 7.0


def test_a_hello_whose_words_never_come_is_told_by_its_length() -> None:
    story = placed("hang_up")
    story.fails.add("transcribe")
    story.caller.says("hello", at=1.0, lasts=0.5)
    story.run(until=5)
    assert story.began(GREETING) < 2.6
    story = placed("hang_up", stt_s=20.0)
    story.caller.says("hello", at=1.0, lasts=0.5)
    story.run(until=9)
    assert story.began(GREETING) == pytest.approx(6.1, abs=0.3)


def test_the_flow_does_not_begin_before_somebody_is_there() -> None:
    story = placed("leave_message")
    story.caller.says(MAILBOX, at=0.5, lasts=5.0)
    story.run(until=20)
    assert story.actions(act.OpenTalk) == []
    story = placed()
    story.first = ev.TalkOpened("I am a machine, and this is recorded.", "Do you agree?", "yes-no", 5.0)
    story.caller.says("hello", at=1.0, lasts=0.5)
    story.caller.says("yes", at=8.0, lasts=0.4)
    story.run(until=12)
    assert story.agent.heard[:2] == ["I am a machine, and this is recorded.", "Do you agree?"]
    assert len(story.actions(act.OpenTalk)) == 1
    assert story.asked == ["yes"]


@pytest.mark.parametrize(("lasts", "every"), [(0.1, 0.9), (4.0, 4.6), (300.0, 300.0)])
def test_clicks_and_music_are_not_waited_out_for_ever(lasts: float, every: float) -> None:
    story = placed()
    for number in range(round(120 / every) + 1):
        story.caller.coughs("", at=0.3 + number * every, lasts=lasts)
    story.run(until=130)
    assert story.began(GREETING) < 85


def test_keys_count_for_nothing_before_somebody_is_there() -> None:
    story = placed()
    story.keys("1", at=1.0)
    story.run(until=3)
    assert story.notes("key-ignored")
    assert story.asked == []


# machines


def test_a_machine_that_says_so_gets_the_message_when_its_greeting_is_over() -> None:
    story = placed()
    story.caller.says(MAILBOX, at=0.5, lasts=5.0)
    story.run(until=20)
    assert story.agent.heard == [MESSAGE]
    assert 7.0 < story.began(MESSAGE) < 8.5, "two seconds after its last word"
    assert story.message_left
    assert story.recognised == ["machine"]
    assert story.end_reason == "message-left"
    left, hung_up = story.when(act.MessageLeft)[0], story.when(act.HangUp)[0]
    assert left >= story.line.played[-1][1] - 0.02, "the message had been played"
    assert hung_up >= left


def test_a_machine_is_hung_up_on_where_no_message_is_to_be_left() -> None:
    story = placed("hang_up")
    story.caller.says(MAILBOX, at=0.5, lasts=5.0)
    story.run(until=20)
    assert story.agent.said == []
    assert story.end_reason == "voicemail"
    assert story.recognised == ["machine"]
    assert not story.message_left


@pytest.mark.parametrize("verdict", ["machine_end_beep", "machine_end_silence", "machine_end_other"])
def test_the_carrier_knows_when_the_beep_was(verdict: str) -> None:
    story = placed()
    story.caller.says("", at=0.5, lasts=5.0)
    story.verdict(verdict, at=7.0)
    story.run(until=20)
    assert story.began(MESSAGE) == pytest.approx(7.1, abs=0.2)
    assert story.end_reason == "message-left"
    assert story.recognised == [], "the carrier has told the attempt itself"


def test_the_carriers_machine_is_hung_up_on_at_once_if_nobody_has_spoken() -> None:
    story = placed("hang_up")
    story.verdict("machine_start", at=3.0)
    story.run(until=9)
    assert story.when(act.HangUp) == [pytest.approx(3.0, abs=0.05)]
    assert story.end_reason == "voicemail"


def test_a_machine_that_is_greeted_for_its_first_words_is_found_out_by_the_next() -> None:
    story = placed()
    story.first = ev.TalkOpened(LONG)
    story.caller.says("hello this is ada", at=0.5, lasts=1.0)
    story.caller.says("i am out please leave a message after the tone", at=3.0, lasts=3.0)
    story.run(until=20)
    heard, message = story.agent.of("agent")
    assert heard.interrupted
    assert LONG.startswith(heard.heard_text)
    assert message.heard_text == MESSAGE
    assert story.recognised == ["machine"]
    assert story.end_reason == "message-left"


def test_a_machine_that_talks_on_after_the_greeting_is_found_out_as_well() -> None:
    story = placed("hang_up")
    story.caller.says("hello this is ada", at=0.5, lasts=1.0)
    story.caller.says("so please leave a message after the beep", at=5.0, lasts=3.0)
    story.run(until=20)
    assert story.agent.heard == [GREETING]
    assert story.asked == []
    assert story.end_reason == "voicemail"


@pytest.mark.parametrize("at", [1.0, 5.0])
def test_who_asks_whether_we_are_a_machine_is_none(at: float) -> None:
    story = placed()
    story.caller.says("hello", at=0.5, lasts=0.4 if at > 1 else 0.2)
    story.caller.says("is this an answering machine", at=at, lasts=1.5)
    story.caller.says("all right", at=9.0, lasts=0.5)
    story.run(until=14)
    assert story.recognised == ["human"]
    assert GREETING in story.agent.heard
    assert MESSAGE not in story.agent.said
    assert story.end_reason is None


def test_a_pause_in_a_machines_greeting_does_not_make_it_two() -> None:
    story = placed(stt_s=1.0)
    story.caller.says("you have reached", at=0.5, lasts=0.8)
    story.caller.says("ada please leave a message", at=2.0, lasts=1.5)
    story.run(until=20)
    assert [line.text for line in story.agent.of("caller")] == ["you have reached ada please leave a message"]
    assert story.agent.heard == [MESSAGE]


def test_who_talks_for_longer_than_people_do_is_a_machine() -> None:
    story = placed("hang_up")
    story.caller.says("welcome to the lovelace family where numbers are fun and so on and so forth", at=0.5, lasts=7.0)
    story.run(until=20)
    assert story.end_reason == "voicemail"


def test_a_message_that_began_before_the_beep_is_said_again_after_it() -> None:
    story = placed()
    story.caller.says(MAILBOX, at=0.5, lasts=4.0)
    story.verdict("machine_end_beep", at=7.2)
    story.verdict("machine_end_beep", at=7.6)
    story.run(until=20)
    first, second = story.agent.of("agent")
    assert first.interrupted
    assert second.heard_text == MESSAGE
    assert len(story.actions(act.MessageLeft)) == 1
    assert story.end_reason == "message-left"


def test_a_greeting_without_an_end_is_not_waited_out() -> None:
    story = placed()
    for at in range(0, 60, 5):
        story.caller.says(MAILBOX, at=at, lasts=4.9)
    story.run(until=70)
    assert story.began(MESSAGE) < 52


def test_a_message_that_nobody_could_speak_was_not_left() -> None:
    story = placed()
    story.fails.add("speak")
    story.caller.says(MAILBOX, at=0.5, lasts=5.0)
    story.run(until=60)
    assert not story.message_left
    assert story.end_reason == "voicemail"


def test_a_message_during_which_the_machine_hangs_up_was_not_left() -> None:
    story = placed()
    story.verdict("machine_end_beep", at=4.0)
    story.hangs_up(at=4.6)
    story.run(until=20)
    assert not story.message_left


def test_a_fax_is_hung_up_on() -> None:
    story = placed()
    story.verdict("fax", at=2.0)
    story.run(until=9)
    assert story.end_reason == "fax"


def test_unknown_is_no_verdict() -> None:
    story = placed("hang_up")
    story.verdict("unknown", at=2.0)
    story.run(until=9)
    assert story.began(GREETING) == pytest.approx(5.0, abs=0.2)


# no more calls


@pytest.mark.parametrize("at", [2.0, 3.5, 6.0])
def test_who_wants_no_more_calls_is_told_that_there_will_be_none_and_the_call_ends(at: float) -> None:
    story = placed()
    story.caller.says("hello", at=1.0, lasts=0.5)
    story.at(at, ev.NoMoreCallsAsked(1))
    story.run(until=20)
    assert story.agent.of("agent")[-1].heard_text == "I will not ring again. Goodbye."
    assert story.end_reason == "do-not-call"
    assert story.notes("no-more-calls") == [{"turn": 1}]
