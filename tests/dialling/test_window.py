from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dialling.window import DAY_MINUTES, Window, allowed, dump, load, next_allowed, read_clock, read_hours
from app.dialling.zones import instant, zone

BERLIN = zone("Europe/Berlin")
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))


def berlin(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return instant(datetime(year, month, day, hour, minute), "Europe/Berlin")


OFFICE = (Window(WEEKDAYS, 9 * 60, 17 * 60),)


def test_office_hours_are_the_callees_and_end_before_their_last_minute() -> None:
    monday = (2026, 3, 2)
    assert allowed(berlin(*monday, 9), BERLIN, OFFICE)
    assert allowed(berlin(*monday, 16, 59), BERLIN, OFFICE)
    assert not allowed(berlin(*monday, 17), BERLIN, OFFICE)
    assert not allowed(berlin(*monday, 8, 59), BERLIN, OFFICE)
    assert not allowed(berlin(2026, 3, 1, 12), BERLIN, OFFICE), "a Sunday"


def test_friday_evening_waits_for_monday_morning() -> None:
    assert next_allowed(berlin(2026, 3, 6, 18), BERLIN, OFFICE) == berlin(2026, 3, 9, 9)


def test_without_windows_any_time_will_do() -> None:
    now = berlin(2026, 3, 1, 3)
    assert next_allowed(now, BERLIN, (), ()) == now


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    late = (Window(frozenset({4}), 22 * 60, 2 * 60),)
    assert allowed(berlin(2026, 3, 6, 23), BERLIN, late)
    assert allowed(berlin(2026, 3, 7, 1, 59), BERLIN, late), "Saturday at one still is Friday's night"
    assert not allowed(berlin(2026, 3, 7, 2), BERLIN, late)
    assert not allowed(berlin(2026, 3, 6, 1), BERLIN, late), "Thursday's night is not Friday's"
    assert next_allowed(berlin(2026, 3, 7, 2), BERLIN, late) == berlin(2026, 3, 13, 22)


def test_a_window_that_begins_in_the_skipped_hour_opens_when_the_clocks_have_changed() -> None:
    early = (Window(EVERY_DAY, 2 * 60 + 15, 4 * 60),)
    assert next_allowed(berlin(2026, 3, 29, 0), BERLIN, early) == berlin(2026, 3, 29, 3)


def test_a_window_within_the_skipped_hour_waits_for_the_next_day() -> None:
    gone = (Window(EVERY_DAY, 2 * 60 + 15, 2 * 60 + 45),)
    assert next_allowed(berlin(2026, 3, 29, 0), BERLIN, gone) == berlin(2026, 3, 30, 2, 15)


def test_a_window_in_the_repeated_hour_opens_twice() -> None:
    twice = (Window(EVERY_DAY, 2 * 60, 2 * 60 + 30),)
    after_the_first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert not allowed(after_the_first, BERLIN, twice)
    assert next_allowed(after_the_first, BERLIN, twice) == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


def test_a_window_that_the_houses_hours_never_meet_never_opens() -> None:
    night = (Window(EVERY_DAY, 23 * 60, 5 * 60),)
    assert next_allowed(berlin(2026, 3, 2, 12), BERLIN, night, read_hours("08:00-21:00")) is None


def test_alternatives_are_alternatives_and_the_houses_hours_are_met_besides() -> None:
    mornings_or_saturday = (Window(WEEKDAYS, 7 * 60, 9 * 60), Window(frozenset({5}), 0, DAY_MINUTES))
    hours = read_hours("08:00-21:00")
    assert next_allowed(berlin(2026, 3, 2, 5), BERLIN, mornings_or_saturday, hours) == berlin(2026, 3, 2, 8)
    assert next_allowed(berlin(2026, 3, 6, 9), BERLIN, mornings_or_saturday, hours) == berlin(2026, 3, 7, 8)


@pytest.mark.parametrize(
    ("days", "begins", "ends"), [((), 0, 60), ((0,), 600, 600), ((7,), 0, 60), ((0,), -1, 60), ((0,), 0, 1441)]
)
def test_a_window_that_never_opens_cannot_be_made(days: tuple[int, ...], begins: int, ends: int) -> None:
    with pytest.raises(ValueError, match=r"window|Window"):
        Window(frozenset(days), begins, ends)


@pytest.mark.parametrize("text", ["9", "24:01", "09:60", "ab:cd", "-1:00", "09:5", "", "٠٩:٣٠"])
def test_a_time_of_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Times of day"):
        read_clock(text)


@pytest.mark.parametrize("text", ["08:00", "8-21", "x"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Hours|Times"):
        read_hours(text)


a_window = st.builds(
    lambda days, begins, length: Window(frozenset(days), begins, (begins + length) % DAY_MINUTES or DAY_MINUTES),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, DAY_MINUTES - 1),
    st.integers(1, DAY_MINUTES - 1),
)


@given(st.lists(a_window, max_size=4))
def test_windows_survive_being_stored(windows: list[Window]) -> None:
    assert load(dump(windows)) == tuple(windows)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(a_window, min_size=1, max_size=2),
    st.lists(a_window, max_size=1),
    st.sampled_from([datetime(2026, 3, 28), datetime(2026, 10, 24), datetime(2026, 6, 1)]),
    st.integers(0, 3 * DAY_MINUTES),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]),
)
def test_the_next_allowed_time_is_allowed_and_none_is_before_it(
    windows: list[Window], hours: list[Window], day: datetime, minutes: int, name: str
) -> None:
    where, now = zone(name), day.replace(tzinfo=UTC) + timedelta(minutes=minutes)
    found = next_allowed(now, where, windows, hours)
    looked_at = [now + timedelta(minutes=minute) for minute in range(0, 8 * DAY_MINUTES, 7)]
    if found is not None:
        assert found >= now
        assert allowed(found, where, windows, hours)
        looked_at = [when for when in looked_at if when < found]
    assert not any(allowed(when, where, windows, hours) for when in looked_at)
