"""The playout buffer behaves as Twilio's: real time, marks behind what they follow, everything echoed on a clear."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.phone.playout import QUEUE_LIMIT_S, MarkPlayed, Playout, SpeechStarted, SpeechStopped

SILENCE = b"\xff"
TONE = b"\x00"  # full scale


def loud(ms: int) -> bytes:
    return TONE * (ms * 8)


def quiet(ms: int) -> bytes:
    return SILENCE * (ms * 8)


def test_a_mark_comes_back_when_what_was_queued_before_it_has_played() -> None:
    ear = Playout()
    ear.queue(loud(300), 1.0)
    ear.mark("a", 1.0)
    ear.queue(loud(200), 1.1)
    ear.mark("b", 1.1)
    assert ear.next_mark_s() == pytest.approx(1.3)
    assert [e for e in ear.advance(1.299) if isinstance(e, MarkPlayed)] == []
    assert ear.advance(1.3) == [MarkPlayed("a", pytest.approx(1.3))]
    assert ear.advance(1.5) == [MarkPlayed("b", pytest.approx(1.5))]
    assert ear.idle(1.5)


def test_a_mark_with_nothing_before_it_comes_back_at_once() -> None:
    ear = Playout()
    ear.mark("a", 2.0)
    assert ear.advance(2.0) == [MarkPlayed("a", 2.0)]


def test_a_clear_empties_the_queue_and_echoes_every_pending_mark() -> None:
    ear = Playout()
    ear.queue(loud(300), 1.0)
    ear.mark("a", 1.0)
    ear.queue(loud(1000), 1.0)
    ear.mark("b", 1.0)
    ear.mark("c", 1.0)
    ear.advance(1.5)
    assert ear.clear(1.5) == ["b", "c"]
    assert ear.idle(1.5)
    assert ear.queued_s(1.5) == 0
    assert ear.clear(1.6) == []
    heard = ear.ear(3.0)
    assert np.flatnonzero(heard)[0] == 8000
    assert np.flatnonzero(heard)[-1] == 11_999, "nothing after the clear reached the ear"


def test_sound_after_a_clear_plays_at_once() -> None:
    ear = Playout()
    ear.queue(loud(5000), 0.0)
    ear.clear(0.2)
    ear.queue(loud(100), 0.3)
    assert ear.queued_s(0.3) == pytest.approx(0.1)
    heard = ear.ear(1.0) != 0
    assert heard[:1600].all()
    assert not heard[1600:2400].any()
    assert heard[2400:3200].all()
    assert not heard[3200:].any()
    assert ear.gaps.count == 0, "what a clear leaves is no gap"


def test_speech_is_told_as_it_is_heard() -> None:
    ear = Playout()
    ear.queue(quiet(100) + loud(200) + quiet(300) + loud(100) + quiet(100), 1.0)
    assert ear.quiet_s(1.05) is None, "nothing has been heard yet"
    assert ear.advance(1.05) == []
    assert ear.advance(1.1) == [SpeechStarted(pytest.approx(1.1))]
    assert ear.quiet_s(1.2) == 0
    assert ear.quiet_s(1.7) == pytest.approx(0.0)
    assert ear.advance(2.1) == []
    assert ear.quiet_s(2.1) == pytest.approx(0.4)
    assert ear.advance(2.21) == [SpeechStopped(pytest.approx(1.7))], "300 ms inside are a breath, not an end"
    assert ear.quiet_s(2.7) == pytest.approx(1.0)


def test_speech_cut_by_a_clear_stops_there() -> None:
    ear = Playout()
    ear.queue(loud(1000) + quiet(900) + loud(1000), 0.0)
    ear.advance(0.1)
    ear.clear(0.25)
    assert ear.quiet_s(0.35) == pytest.approx(0.1)
    assert ear.advance(5.0) == [SpeechStopped(0.25)]


def test_an_underrun_inside_an_utterance_is_a_gap() -> None:
    ear = Playout()
    ear.queue(loud(100), 0.0)
    ear.queue(loud(100), 0.15)
    assert (ear.gaps.count, ear.gaps.total_ms) == (1, pytest.approx(50))


@pytest.mark.parametrize("late", [0.1, 0.1005, 0.6])
def test_sound_in_time_or_long_after_is_no_gap(late: float) -> None:
    ear = Playout()
    ear.queue(loud(100), 0.0)
    ear.queue(loud(100), late)
    assert ear.gaps.count == 0


def test_a_pause_behind_a_mark_is_counted_apart() -> None:
    ear = Playout()
    ear.queue(loud(100), 0.0)
    ear.mark("sentence", 0.0)
    ear.queue(loud(100), 0.3)
    assert ear.gaps.count == 0
    assert (ear.gaps.marked_count, ear.gaps.marked_ms) == (1, pytest.approx(200))


def test_more_than_ten_minutes_do_not_fit() -> None:
    ear = Playout()
    ten_minutes = SILENCE * int(QUEUE_LIMIT_S * 8000)
    assert ear.queue(ten_minutes[:-800], 0.0) == 0
    assert ear.queue(quiet(300), 0.0) == 1600
    assert ear.queue(quiet(300), 0.0) == 2400
    assert ear.queue(quiet(300), 1.0) == 0, "a second later there is room again"
    assert ear.deepest_s == pytest.approx(600.0, abs=0.01)


_steps = st.lists(
    st.tuples(st.sampled_from(["queue", "mark", "clear", "wait"]), st.integers(min_value=1, max_value=500)), max_size=40
)


@given(_steps)
def test_every_mark_comes_back_once_in_order_and_no_sound_plays_twice(steps: list[tuple[str, int]]) -> None:
    ear, now, placed, back, queued = Playout(), 0.0, 0, [], 0
    for what, ms in steps:
        now += ms / 1000
        back += [int(e.name) for e in ear.advance(now) if isinstance(e, MarkPlayed)]
        if what == "queue":
            ear.queue(loud(ms), now)
            queued += ms * 8
        elif what == "mark":
            ear.mark(str(placed), now)
            placed += 1
        elif what == "clear":
            back += [int(name) for name in ear.clear(now)]
    back += [int(e.name) for e in ear.advance(now + 60) if isinstance(e, MarkPlayed)]
    assert back == list(range(placed))
    heard = int(np.count_nonzero(ear.ear(now + 60)))
    assert heard <= queued
    if all(what != "clear" for what, _ in steps):
        assert heard == queued
