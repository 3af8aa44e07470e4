from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.dialling.campaign import Breaker
from app.dialling.limits import Later, Limits, Never, Standing, judge, last_midnight, next_midnight
from app.dialling.outcome import Disposition
from app.dialling.window import Window, read_hours
from app.dialling.zones import instant, zone

D = Disposition
BERLIN = zone("Europe/Berlin")
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
FREE = Standing(refused_to_be_rung=False, rung_today=0, under_way=False)


def test_a_due_call_with_nothing_against_it_is_dialled() -> None:
    assert judge(NOON, BERLIN, (), Limits(), FREE) is None


def test_who_does_not_want_to_be_rung_is_never_rung() -> None:
    assert judge(NOON, BERLIN, (), Limits(), Standing(True, 0, False)) == Never("do-not-call")


def test_outside_its_window_it_waits_for_it() -> None:
    evening = (Window(frozenset(range(7)), 18 * 60, 20 * 60),)
    expected = Later(instant(datetime(2026, 3, 2, 18), "Europe/Berlin"), "outside-window")
    assert judge(NOON, BERLIN, evening, Limits(), FREE) == expected
    assert judge(NOON, BERLIN, evening, Limits(hours=read_hours("08:00-17:00")), FREE) == Never("never-allowed")


def test_a_number_that_is_being_rung_for_another_call_is_left_alone() -> None:
    assert judge(NOON, BERLIN, (), Limits(), Standing(False, 0, True)) == Later(
        NOON + timedelta(seconds=120), "number-in-use"
    )


def test_a_number_that_was_rung_often_today_is_rung_tomorrow_in_its_window() -> None:
    office = (Window(frozenset(range(5)), 9 * 60, 17 * 60),)
    found = judge(NOON, BERLIN, office, Limits(per_number_a_day=2), Standing(False, 2, False))
    assert found == Later(instant(datetime(2026, 3, 3, 9), "Europe/Berlin"), "number-limit")


def test_a_day_is_the_callees_and_may_have_23_hours() -> None:
    noon = datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert next_midnight(noon, BERLIN) - last_midnight(noon, BERLIN) == timedelta(hours=23)


def test_a_day_without_midnight_begins_when_it_begins() -> None:
    cairo = zone("Africa/Cairo")
    before = datetime(2026, 4, 23, 12, tzinfo=UTC)
    assert next_midnight(before, cairo).astimezone(cairo).strftime("%d %H:%M") == "24 01:00"


@pytest.mark.parametrize(
    ("per_second", "calls", "seconds"), [(1, 1, 1.0), (5, 5, 1.0), (0.5, 1, 2.0), (2.5, 2, 0.8), (100, 100, 1.0)]
)
def test_the_pace_is_so_many_calls_within_a_span(per_second: float, calls: int, seconds: float) -> None:
    assert Limits(per_second=per_second).pace == (calls, timedelta(seconds=seconds))


def test_a_campaign_stops_when_most_of_its_calls_fail() -> None:
    breaker = Breaker()
    assert breaker.verdict([D.FAILED] * 9) is None, "too few to say"
    assert breaker.verdict([D.FAILED] * 10) == "most-calls-fail"
    assert breaker.verdict([D.FAILED, D.BUSY] * 10) is None
    assert breaker.verdict([D.REFUSED] * 12 + [D.PERSON] * 8) == "most-calls-fail"


def test_nobody_at_home_is_no_failure() -> None:
    assert Breaker().verdict([D.NO_ANSWER, D.MACHINE, D.BUSY] * 10) is None


def test_only_the_last_attempts_count_and_those_never_dialled_do_not() -> None:
    assert Breaker().verdict([D.PERSON] * 20 + [D.FAILED] * 200) is None
    assert Breaker().verdict([D.ABANDONED, D.THROTTLED] * 100 + [D.FAILED] * 20) == "most-calls-fail"
