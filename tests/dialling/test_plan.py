"""Stories of a call that is tried again and again, on a clock of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialling.outcome import COUNTED, Disposition
from app.dialling.plan import DEFAULT_DELAYS_S, Again, Over, Plan, after
from app.dialling.window import Window
from app.dialling.zones import instant, zone

D = Disposition
BERLIN = zone("Europe/Berlin")
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
OFFICE = (Window(frozenset(range(5)), 9 * 60, 17 * 60),)


def in_s(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_person_ends_it() -> None:
    assert after([D.PERSON], Plan(), NOON, BERLIN) == Over("completed", "answered")


def test_each_busy_line_waits_its_own_delay_and_the_last_one_stands_for_the_rest() -> None:
    plan = Plan(9, {"busy": (60, 120)})
    waits = [after([D.BUSY] * tries, plan, NOON, BERLIN) for tries in (1, 2, 3)]
    assert waits == [Again(in_s(60), "busy"), Again(in_s(120), "busy"), Again(in_s(120), "busy")]


def test_delays_are_counted_by_their_own_kind() -> None:
    plan = Plan(9, {"busy": (60, 120), "no_answer": (600, 900)})
    assert after([D.BUSY, D.NO_ANSWER], plan, NOON, BERLIN) == Again(in_s(600), "no-answer")
    assert after([D.BUSY, D.NO_ANSWER, D.BUSY], plan, NOON, BERLIN) == Again(in_s(120), "busy")


def test_what_is_not_given_has_a_sensible_delay() -> None:
    assert after([D.NO_ANSWER], Plan(), NOON, BERLIN) == Again(in_s(DEFAULT_DELAYS_S["no_answer"][0]), "no-answer")
    assert after([D.MACHINE], Plan(), NOON, BERLIN) == Again(in_s(DEFAULT_DELAYS_S["voicemail"][0]), "voicemail")


def test_after_the_last_attempt_it_is_over_and_says_of_what() -> None:
    assert after([D.BUSY, D.BUSY, D.BUSY], Plan(3), NOON, BERLIN) == Over("failed", "busy-every-time")
    assert after([D.MACHINE, D.BUSY, D.NO_ANSWER], Plan(3), NOON, BERLIN) == Over("failed", "attempts-used-up")


def test_a_message_that_was_left_is_the_end_and_a_machine_that_got_none_is_not() -> None:
    assert after([D.MESSAGE_LEFT], Plan(), NOON, BERLIN) == Over("completed", "message-left")
    assert isinstance(after([D.MACHINE], Plan(), NOON, BERLIN), Again)


@pytest.mark.parametrize(
    ("last", "reason"), [(D.REFUSED, "refused-by-carrier"), (D.FAX, "fax"), (D.UNKNOWN, "outcome-unknown")]
)
def test_what_cannot_get_better_is_not_tried_again(last: Disposition, reason: str) -> None:
    assert after([last], Plan(9), NOON, BERLIN) == Over("failed", reason)


def test_an_attempt_that_was_never_dialled_or_was_throttled_uses_nothing_up() -> None:
    plan = Plan(1)
    assert after([D.ABANDONED], plan, NOON, BERLIN) == Again(NOON, "never-dialled")
    assert after([D.THROTTLED], plan, NOON, BERLIN) == Again(in_s(5), "carrier-busy")
    assert after([D.THROTTLED] * 40, plan, NOON, BERLIN) == Again(in_s(60), "carrier-busy")
    assert after([D.THROTTLED, D.ABANDONED, D.BUSY], plan, NOON, BERLIN) == Over("failed", "attempts-used-up")


def test_a_retry_that_falls_into_the_night_waits_for_the_morning() -> None:
    late = instant(datetime(2026, 3, 6, 16, 55), "Europe/Berlin")
    nine = instant(datetime(2026, 3, 9, 9, 0), "Europe/Berlin")
    assert after([D.BUSY], Plan(delays_s={"busy": (600,)}), late, BERLIN, OFFICE) == Again(nine, "busy")


def test_a_retry_for_which_no_time_comes_is_over() -> None:
    night = (Window(frozenset(range(7)), 22 * 60, 4 * 60),)
    assert after([D.BUSY], Plan(), NOON, BERLIN, OFFICE, night) == Over("failed", "never-allowed")


@given(st.lists(st.sampled_from(sorted(D)), min_size=1, max_size=30), st.integers(1, 20))
def test_nobody_is_rung_more_often_than_the_plan_says(history: list[Disposition], most: int) -> None:
    plan = Plan(most)
    rung = []
    for end in range(1, len(history) + 1):
        rung.append(history[end - 1])
        answer = after(rung, plan, NOON, BERLIN)
        if isinstance(answer, Over):
            break
        assert answer.at >= NOON
        assert sum(one in COUNTED for one in rung) < most
    assert sum(one in COUNTED for one in rung) <= most
