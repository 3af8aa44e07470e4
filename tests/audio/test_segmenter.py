"""Utterances, told in readings: `.` is silence, `o` voice too faint to begin, `O` voice; 20 ms each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audio.reading import Reading
from app.audio.segmenter import (
    Heard,
    Segmenter,
    SpeechDropped,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
)

_LEVELS = {".": (20, False), "o": (300, True), "O": (2000, True), "x": (2000, False)}


def segmenter(silence_ms: int = 600, minimum_ms: int = 300, maximum_ms: int = 60_000) -> Segmenter:
    return Segmenter(silence_ms, minimum_ms, maximum_ms)


def told(story: str, ears: Segmenter, start_frame: int = 0, noise_rms: int = 0) -> list[Heard]:
    events = []
    for number, sign in enumerate(story.replace(" ", ""), start_frame):
        rms, voiced = _LEVELS[sign]
        event = ears.push(Reading(number * 160, rms, voiced, noise_rms))
        if event is not None:
            events.append(event)
    return events


def test_an_utterance_from_its_onset_to_its_endpoint() -> None:
    started, ended = told("." * 50 + "O" * 25 + "." * 40, segmenter())
    assert started == SpeechStarted(start=(50 - 20) * 160, position=53 * 160)
    assert ended == SpeechEnded(start=30 * 160, end=75 * 160 + 960, last_voice=75 * 160, voiced_ms=500)


def test_speech_is_noticed_within_60_ms() -> None:
    (started,) = told("." * 50 + "OOO", segmenter())
    assert isinstance(started, SpeechStarted)


def test_the_pre_roll_does_not_reach_before_the_stream() -> None:
    (started,) = told("..OOO", segmenter())
    assert started == SpeechStarted(0, 5 * 160)


@pytest.mark.parametrize("story", ["o" * 50, "x" * 50, "O.." * 20, "OO..OO.." * 10])
def test_what_is_faint_or_no_voice_or_patchy_begins_nothing(story: str) -> None:
    assert told(story, segmenter()) == []


def test_one_loud_frame_among_faint_ones_is_enough() -> None:
    assert [type(event) for event in told("o" * 9 + "O" + "o" * 9, segmenter())] == [SpeechStarted]


def test_faint_voice_carries_speech_on() -> None:
    _, ended = told("O" * 10 + "o" * 100 + "." * 31, segmenter())
    assert isinstance(ended, SpeechEnded)
    assert ended.last_voice == 110 * 160


def test_a_loud_room_asks_for_louder_speech() -> None:
    assert told("O" * 20, segmenter(), noise_rms=2000) != []
    assert told("o" * 10 + "O" * 20, Segmenter(600, 300, 60_000), noise_rms=700) != []
    faint = Segmenter(600, 300, 60_000)
    assert all(faint.push(Reading(n * 160, 900, True, 1000)) is None for n in range(50))


def test_a_short_pause_does_not_end_it() -> None:
    events = told("O" * 20 + "." * 25 + "O" * 20 + "." * 31, segmenter())
    assert [type(event) for event in events] == [SpeechStarted, SpeechEnded]


def test_knocks_in_the_pause_do_not_keep_it_open() -> None:
    events = told("O" * 20 + ("." * 10 + "OO") * 10, segmenter())
    assert isinstance(events[1], SpeechEnded)
    assert events[1].last_voice == 20 * 160


def test_a_cough_is_dropped() -> None:
    events = told("." * 10 + "O" * 8 + "." * 40, segmenter(minimum_ms=300))
    assert [type(event) for event in events] == [SpeechStarted, SpeechDropped]


def test_what_was_dropped_may_be_the_next_ones_beginning() -> None:
    events = told("." * 20 + "O" * 4 + "." * 12 + "O" * 30 + "." * 40, segmenter(silence_ms=200))
    assert [type(event) for event in events] == [SpeechStarted, SpeechDropped, SpeechStarted, SpeechEnded]
    _, dropped, started, _ = events
    assert isinstance(dropped, SpeechDropped)
    assert isinstance(started, SpeechStarted)
    assert started.start < dropped.end


def test_patience_can_be_changed_while_they_speak() -> None:
    ears = segmenter(silence_ms=600)
    told("O" * 20 + "." * 20, ears)
    assert ears.speaking
    ears.silence_ms = 300
    (ended,) = told(".", ears, start_frame=40)
    assert isinstance(ended, SpeechEnded)


def test_it_tells_how_the_present_utterance_stands() -> None:
    ears = segmenter()
    told("..", ears)
    assert (ears.speaking, ears.voiced_ms, ears.silent_ms) == (False, 0, 0)
    told("O" * 20 + "." * 5, ears, start_frame=2)
    assert (ears.speaking, ears.voiced_ms, ears.silent_ms) == (True, 400, 100)


def test_the_longest_utterance_ends_where_it_must() -> None:
    events = told("O" * 400, segmenter(maximum_ms=5000))
    assert isinstance(events[1], SpeechEnded)
    assert events[1].end - events[1].start == 5000 * 8
    assert isinstance(events[2], SpeechStarted)
    assert events[2].start >= events[1].end


def test_it_can_be_ended_from_without() -> None:
    ears = segmenter()
    assert ears.end_now() is None
    told("O" * 30, ears)
    ended = ears.end_now()
    assert isinstance(ended, SpeechEnded)
    assert ended.end == 30 * 160
    assert not ears.speaking


def test_after_a_reset_the_past_is_past() -> None:
    ears = segmenter()
    told("O" * 30, ears)
    ears.reset()
    assert not ears.speaking
    (started,) = told("O" * 5, ears, start_frame=30)
    assert isinstance(started, SpeechStarted)
    assert started.start == 30 * 160


def test_a_pause_is_told_of_as_the_end_that_it_may_be() -> None:
    ears = segmenter()
    ears.pause_ms = 200
    _, paused, ended = told("O" * 30 + "." * 40, ears)
    assert isinstance(paused, SpeechPaused)
    assert isinstance(ended, SpeechEnded)
    assert (paused.start, paused.end, paused.last_voice) == (ended.start, ended.end, ended.last_voice)


def test_voice_after_a_pause_ends_it_and_a_knock_does_not() -> None:
    ears = segmenter()
    ears.pause_ms = 200
    _, paused, resumed, again = told("O" * 30 + "." * 14 + "OO" + "." * 4 + "O" * 10 + "." * 12, ears)
    assert isinstance(paused, SpeechPaused)
    assert isinstance(resumed, SpeechResumed)
    assert resumed.paused_ms == 20 * 20
    assert isinstance(again, SpeechPaused)
    assert again.end > paused.end


def test_of_a_pause_after_a_sound_too_short_to_be_speech_nothing_is_told() -> None:
    ears = segmenter(minimum_ms=300)
    ears.pause_ms = 200
    assert [type(event) for event in told("O" * 8 + "." * 15, ears)] == [SpeechStarted]


def test_lost_audio_is_silence() -> None:
    ears = segmenter()
    told("O" * 30, ears)
    (ended,) = told(".", ears, start_frame=90)
    assert isinstance(ended, SpeechEnded)
    assert ended.end == 30 * 160 + 960


def test_a_frame_from_the_past_is_passed_over() -> None:
    ears = segmenter()
    told("." * 10, ears)
    assert told("O" * 8, ears, start_frame=2) == []


_readings = st.lists(
    st.tuples(st.integers(-200, 4000), st.integers(0, 32768), st.booleans(), st.integers(0, 32768)), max_size=300
)
_moves = st.sampled_from(["end", "reset", "impatient", "patient", "", "", "", "", "", "", "", ""])


@given(_readings, st.lists(_moves, max_size=300), st.integers(0, 900), st.integers(100, 4000))
def test_whatever_comes_utterances_are_whole_ordered_and_bounded(
    steps: list[tuple[int, int, bool, int]], moves: list[str], minimum_ms: int, maximum_ms: int
) -> None:
    ears, position, floor = Segmenter(400, minimum_ms, maximum_ms), 0, 0
    ears.pause_ms = 200
    begun: SpeechStarted | None = None
    paused = False
    for number, (skew, rms, voiced, noise_rms) in enumerate(steps):
        at = max(0, position + (skew if skew > 3000 or skew < 0 else 0))
        events: list[Heard | None] = [ears.push(Reading(at, rms, voiced, noise_rms))]
        position = max(position, at + 160)
        move = moves[number] if number < len(moves) else ""
        if move == "end":
            events.append(ears.end_now())
        ears.silence_ms = {"impatient": 100, "patient": 1000}.get(move, ears.silence_ms)
        for event in events:
            if isinstance(event, SpeechStarted):
                assert begun is None
                assert floor <= event.start < event.position <= position
                begun, paused = event, False
            elif isinstance(event, SpeechResumed):
                assert begun is not None
                assert paused
                paused = False
            elif isinstance(event, SpeechPaused):
                assert begun is not None
                assert not paused
                assert (event.start, event.end) == (begun.start, min(event.end, position))
                paused = True
            elif event is not None:
                assert begun is not None
                assert event.start == begun.start
                assert event.start < event.last_voice <= event.end <= position
                assert event.end - event.start <= maximum_ms * 8
                begun, floor = None, event.end if isinstance(event, SpeechEnded) else floor
        if move == "reset":
            ears.reset()
            begun = None
        assert ears.speaking is (begun is not None)
