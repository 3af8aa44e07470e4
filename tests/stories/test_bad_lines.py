"""Lines on which nobody can be understood, through the whole audio chain: nothing hangs, nothing loops, music gets no
answer, and a caller who can be understood after all is served."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from app.call import actions as act
from app.personas.schema import Persona
from tests.bench.turns.sounds import level, spoken
from tests.stories import line_sounds as sounds
from tests.stories.heard_line import HeardLine
from tests.stories.line_sounds import Samples
from tests.stories.stage import Story, persona

LONG_S, MINUTE_S = 180.0, 65.0
BAD = "I'm sorry, this line is very bad"
HOPELESS = "I'm sorry, I still can't make you out"
INVENTED = "Thanks for watching."
WORDS = "do you have a table for four on friday evening"
QUIET_LINES: dict[str, Callable[[], Samples]] = {
    "digital zeros": lambda: np.zeros(8000),
    "a quiet hiss": lambda: sounds.hiss(LONG_S, 150),
    "a calling fax": lambda: sounds.beeps(1100, LONG_S, 0.5, 3.0),
}
NO_CALLERS: dict[str, Callable[[], Samples]] = {
    "an answering fax": lambda: sounds.tone(2100, MINUTE_S),
    "a steady 1100 Hz": lambda: sounds.tone(1100, MINUTE_S),
    "an engaged tone": lambda: sounds.beeps(425, MINUTE_S, 0.5, 0.5),
    "music": lambda: sounds.music(MINUTE_S),
    "soft music": lambda: sounds.music(MINUTE_S, 800),
    "hiss as loud as a room": lambda: sounds.hiss(MINUTE_S, 1500),
    "hiss as loud as a voice": lambda: sounds.hiss(MINUTE_S, 4000),
    "a train": lambda: sounds.train(MINUTE_S),
    "a train far off": lambda: sounds.train(MINUTE_S, 600),
}


@cache
def caller() -> Samples:
    """Three sentences, a pause of a second behind each, again and again for three minutes, in a quiet room."""
    said = [spoken(WORDS, 0), spoken("and could you tell me what there is without gluten", 1), spoken("thank you", 2)]
    track = np.concatenate([part for sentence in said for part in (sentence, np.zeros(8000))])
    return np.resize(track, int(LONG_S * 8000)) + sounds.hiss(LONG_S, 10)


def keyed_persona(**changes: object) -> Persona:
    return persona(keys={"1": "opening hours"}, **changes)


def play(track: Samples, who: Persona | None = None, *, invents: str = "", until: float = LONG_S) -> HeardLine:
    story = HeardLine(track, who or keyed_persona(), invents=invents)
    story.replies = {INVENTED: "We open at eight."}
    story.run(until=until)
    assert busiest_minute(story) < 400, "the core goes round and round"
    return story


@cache
def no_caller(what: str, invents: str) -> HeardLine:
    return play(NO_CALLERS[what](), invents=invents)


def busiest_minute(story: Story) -> int:
    times = [at for at, _ in story.done]
    return max(sum(begin <= at < begin + 60 for at in times) for begin in times)


def ended_at(story: Story) -> float:
    (at,) = story.when(act.HangUp)
    return at


def said(story: Story, beginning: str) -> int:
    return sum(text.startswith(beginning) for text in story.agent.said)


def reasons(story: Story) -> list[object]:
    return [detail["why"] for detail in story.notes("bad-line")]


@pytest.mark.parametrize("invents", ["", INVENTED])
@pytest.mark.parametrize("what", NO_CALLERS)
def test_what_is_no_caller_is_told_once_and_left_within_a_minute(what: str, invents: str) -> None:
    story = no_caller(what, invents)
    assert story.end_reason == "bad-line"
    assert ended_at(story) < 60
    assert (said(story, BAD), said(story, HOPELESS)) == (1, 1)
    assert len(story.agent.said) <= 5
    assert set(reasons(story)) == {"steady-sound"}


@pytest.mark.parametrize("what", ["an answering fax", "music", "hiss as loud as a voice", "a train"])
def test_what_is_no_caller_is_never_answered_whatever_a_recogniser_makes_of_it(what: str) -> None:
    assert no_caller(what, INVENTED).actions(act.Ask) == []


@pytest.mark.parametrize("what", QUIET_LINES)
def test_a_line_on_which_nobody_speaks_ends_as_every_silence_does(what: str) -> None:
    story = play(QUIET_LINES[what](), invents=INVENTED)
    assert (story.end_reason, said(story, BAD)) == ("caller-silent", 0)
    assert ended_at(story) < 45
    assert len(story.notes("reprompt")) == 2


@pytest.mark.parametrize("invents", ["", INVENTED])
def test_a_crowd_that_never_pauses_neither_hangs_nor_loops(invents: str) -> None:
    crowd = sum((np.roll(caller(), shift) for shift in (0, 20_000, 41_000)), np.zeros(len(caller())))
    story = play(crowd, invents=invents)
    assert 2 <= len(story.agent.said) <= 8
    assert max(np.diff([0, *story.when(act.SendAudio)])) < 80, "the longest utterance is a minute"
    assert story.end_reason == (None if invents else "bad-line")


def test_a_television_that_never_leaves_a_gap_for_an_answer_is_answered_after_the_longest_turn() -> None:
    story = HeardLine(caller(), keyed_persona(patience={"maximum_utterance_s": 20}), invents=INVENTED)
    story.replies = {INVENTED: "We open at eight."}
    story.stt_s = 1.5
    story.run(until=80)
    assert story.agent.said.count("We open at eight.") >= 2


def test_a_voice_too_quiet_to_be_heard_is_told_so_before_it_is_asked_whether_it_is_there() -> None:
    story = play(level(caller(), 150))
    assert reasons(story)[0] == "faint"
    assert story.agent.said[1].startswith(BAD)
    assert ended_at(story) < 60


def test_an_overdriven_voice_that_nobody_understands_is_told_after_two_turns() -> None:
    story = play(sounds.overdriven(caller()))
    assert reasons(story) == ["too-loud", "too-loud"]
    assert story.notes("bad-line")[0]["turns"] == 2
    assert story.end_reason == "bad-line"


def test_lost_audio_is_named_as_the_cause() -> None:
    story = HeardLine(caller(), keyed_persona(), lost=tuple((at / 4, at / 4 + 0.06) for at in range(int(LONG_S * 4))))
    story.run(until=LONG_S)
    assert set(reasons(story)) == {"lost-audio"}
    assert story.end_reason == "bad-line"
    assert story.ear.quality().lost_share == pytest.approx(0.24, abs=0.02)


@pytest.mark.parametrize("noise_rms", [10, 600, 1500])
def test_a_caller_who_is_understood_hears_nothing_of_the_line_however_it_sounds(noise_rms: float) -> None:
    track = sounds.hiss(70, noise_rms)
    for number in range(6):
        speech = spoken(WORDS, number)
        track[(3 + 10 * number) * 8000 :][: len(speech)] += speech
    story = HeardLine(track, keyed_persona())
    for number in range(6):
        story.caller.says(f"{WORDS} {number}", at=3 + 10 * number, lasts=len(spoken(WORDS, number)) / 8000)
    story.run(until=63)
    assert (len(story.actions(act.Ask)), reasons(story), story.end_reason) == (6, [], None)


def test_a_caller_who_comes_back_from_the_music_is_served() -> None:
    track = np.concatenate([sounds.music(16), sounds.hiss(40, 10)])
    speech = spoken(WORDS, 1)
    track[25 * 8000 : 25 * 8000 + len(speech)] += speech
    story = HeardLine(track, keyed_persona())
    story.caller.says(WORDS, at=25, lasts=len(speech) / 8000)
    story.run(until=40)
    assert reasons(story) == ["steady-sound"]
    assert f"You said {WORDS}." in story.agent.heard
    assert story.end_reason is None


def test_one_who_was_understood_since_is_not_told_again_for_a_while() -> None:
    track = np.concatenate([sounds.music(16), sounds.hiss(14, 10), sounds.music(150)])
    speech = spoken(WORDS, 1)
    track[24 * 8000 : 24 * 8000 + len(speech)] += speech
    story = HeardLine(track, keyed_persona())
    story.caller.says(WORDS, at=24, lasts=len(speech) / 8000)
    story.run(until=LONG_S)
    told = [at for at, note in story.done if isinstance(note, act.Note) and note.kind == "bad-line"]
    assert len(told) == 3
    assert told[1] - told[0] >= 90
    assert story.end_reason == "bad-line"


def test_one_who_was_understood_may_think_for_a_while_in_a_train() -> None:
    track, speech = sounds.train(60, 1500), spoken(WORDS, 1)
    track[: 8 * 8000] *= 0.02
    track[3 * 8000 : 3 * 8000 + len(speech)] += speech
    track[35 * 8000 : 35 * 8000 + len(speech)] += speech * 2
    story = HeardLine(track, keyed_persona(patience={"reprompt_after_s": 15}))
    story.caller.says(WORDS, at=3, lasts=len(speech) / 8000)
    story.caller.says(WORDS, at=35, lasts=len(speech) / 8000)
    story.run(until=45)
    assert (reasons(story), story.agent.heard.count(f"You said {WORDS}."), story.end_reason) == ([], 2, None)


def test_a_voice_that_fails_to_tell_of_the_line_leaves_the_call_as_it_was() -> None:
    story = Story(keyed_persona())
    for number in range(5):
        story.caller.says("" if number < 4 else WORDS, at=3 + 6 * number, lasts=1.5)
    story.run(until=20.5)
    story.fails.add("speak")
    story.run(until=24)
    assert len(reasons(story)) == 1
    story.fails.clear()
    story.run(until=34)
    assert story.agent.heard[-1] == f"You said {WORDS}."


def test_keys_go_on_with_the_call_while_the_line_is_still_being_told_of() -> None:
    story = HeardLine(sounds.music(60), keyed_persona())
    story.replies = {"1#": "We open at eight."}
    story.keys("1#", at=11.0)
    story.run(until=16)
    assert story.agent.of("agent")[1].interrupted
    assert "We open at eight." in story.agent.heard


def wordless(turns: int, who: Persona, *, confidence: float | None = None, words: str = "") -> Story:
    story = Story(who)
    story.confidence = confidence
    for number in range(turns):
        story.caller.says(words, at=3 + 6 * number, lasts=1.5)
    return story.run(until=3 + 6 * turns)


def test_turns_without_a_word_are_asked_about_three_times_and_then_told_of_the_line() -> None:
    assert len(wordless(3, keyed_persona()).actions(act.Ask)) == 3
    story = wordless(4, keyed_persona())
    assert len(story.actions(act.Ask)) == 3
    assert story.agent.said[-1].startswith(BAD)
    assert story.agent.said[-1].endswith(story.persona.lines.bad_line_keys)
    assert story.notes("bad-line")[0]["offer"] == "keys"


def test_a_persona_without_keys_asks_to_be_rung_again() -> None:
    story = wordless(4, persona(lines={"bad_line": "Bad line.", "bad_line_ring_again": "Ring again, please."}))
    assert story.agent.said[-1] == "Bad line. Ring again, please."
    assert story.notes("bad-line")[0]["offer"] == "ring-again"


def test_words_that_stay_unsure_are_a_bad_line_for_an_assistant_and_answers_for_an_interview() -> None:
    assert reasons(wordless(4, keyed_persona(), confidence=0.2, words="hm tables")) == ["no-words"]
    interview = keyed_persona(flow="interview", interview={"topic": "general"})
    story = wordless(8, interview, confidence=0.2, words="hm tables")
    assert (reasons(story), len(story.actions(act.Ask))) == ([], 8)


def test_the_line_is_told_of_although_its_voice_takes_its_time() -> None:
    """No noise may take the floor in between, or it would never be said."""
    story = HeardLine(sounds.music(MINUTE_S), keyed_persona())
    story.tts_s = 2.0
    story.run(until=LONG_S)
    assert (said(story, BAD), story.end_reason) == (1, "bad-line")
