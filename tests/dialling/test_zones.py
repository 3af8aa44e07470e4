from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialling.zones import NoSuchTimeError, ZoneError, changes, instant, instants, zone

NAMES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC")


def test_a_time_in_berlin_is_an_hour_or_two_before_utc() -> None:
    assert instant(datetime(2026, 1, 5, 9, 0), "Europe/Berlin") == datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    assert instant(datetime(2026, 7, 5, 9, 0), "Europe/Berlin") == datetime(2026, 7, 5, 7, 0, tzinfo=UTC)


def test_an_hour_that_spring_skips_is_refused_in_words() -> None:
    with pytest.raises(NoSuchTimeError, match=r"Europe/Berlin .*skip 02:30 on 2026-03-29"):
        instant(datetime(2026, 3, 29, 2, 30), "Europe/Berlin")


def test_of_an_hour_that_autumn_repeats_the_first_is_meant() -> None:
    assert instant(datetime(2026, 10, 25, 2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    both = instants(datetime(2026, 10, 25, 2, 30), zone("Europe/Berlin"))
    assert both == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "posix/Europe/Berlin", "europe/berlin"]
)
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(ZoneError):
        zone(name)


def test_a_misspelt_zone_is_put_right() -> None:
    with pytest.raises(ZoneError, match="Europe/Berlin is one"):
        zone("Europe/Berlim")


def test_clocks_change_at_the_second_that_the_law_says() -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    found = changes(begin, begin + timedelta(days=365), zone("Europe/Berlin"))
    assert found == [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)), st.sampled_from(NAMES))
def test_what_a_clock_shows_comes_back_as_shown(local: datetime, name: str) -> None:
    for when in instants(local, zone(name)):
        assert when.astimezone(zone(name)).replace(tzinfo=None, fold=0) == local
