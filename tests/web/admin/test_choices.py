from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.web.admin.choices import read_choices
from app.web.admin.sign_in import FRONT, safe_place


def test_nothing_asked_for_is_everything() -> None:
    choices = read_choices({"zone": "Europe/Berlin", "unknown": "x"})
    assert not choices.active
    assert choices.link() == "/admin/calls"


def test_days_are_the_readers_days_and_the_last_is_included() -> None:
    filters = read_choices({"from": "2026-03-01", "to": "2026-03-01", "zone": "America/New_York"}).filters
    assert filters.since == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert filters.until == datetime(2026, 3, 2, 5, tzinfo=UTC)
    assert read_choices({"from": "2026-03-01"}).filters.since == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Nowhere/Town", "../../etc/passwd", "/etc/passwd", "\x00", "a" * 500, "Europe"])
def test_a_zone_that_is_none_is_utc(zone: str) -> None:
    choices = read_choices({"from": "2026-03-01", "zone": zone})
    assert choices.filters.since == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "9999-12-31", "<script>"])
def test_a_day_that_is_none_is_told_and_kept_as_typed(day: str) -> None:
    choices = read_choices({"to": day})
    assert choices.problems == {"to": "Write the date as 2026-03-01."}
    assert choices.typed["to"] == day
    assert choices.filters.until is None


def test_days_the_wrong_way_round_are_told() -> None:
    assert "to" in read_choices({"from": "2026-03-02", "to": "2026-03-01"}).problems


def test_an_ending_is_asked_for_by_its_reason_and_a_running_call_by_its_status() -> None:
    assert read_choices({"outcome": "completed"}).filters.end_reason == "completed"
    assert read_choices({"outcome": "in-progress"}).filters.outcome == "in-progress"


def test_links_keep_the_choices() -> None:
    link = read_choices({"q": "flat white & tea", "persona": "a", "zone": "UTC", "older": "x"}).link(older="next")
    assert link == "/admin/calls?q=flat+white+%26+tea&persona=a&zone=UTC&older=next"


@pytest.mark.parametrize(
    "elsewhere",
    [
        *[
            "",
            "//evil.example",
            "https://evil.example",
            "/admin\\evil",
            "/admin/\\evil",
            "/admin",
            "/admin/\n",
            "/other",
        ],
        *["/admin/sign-out", "/admin/sign-in?next=/admin/sign-in", "javascript:alert(1)", "/admin/é", " /admin/calls"],
    ],
)
def test_signing_in_leads_nowhere_else(elsewhere: str) -> None:
    assert safe_place(elsewhere) == FRONT


@pytest.mark.parametrize("ours", ["/admin/personas", "/admin/calls?q=a+b&from=2026-03-01"])
def test_signing_in_leads_where_one_wanted_to_go(ours: str) -> None:
    assert safe_place(ours) == ours
