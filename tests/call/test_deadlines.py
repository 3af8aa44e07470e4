"""Named moments."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from app.call.deadlines import Deadlines


def test_the_earliest_comes_first_and_a_name_has_one_moment() -> None:
    deadlines = Deadlines()
    deadlines.set("b", 2.0)
    deadlines.set("a", 3.0)
    deadlines.set("a", 1.0)
    assert deadlines.next == 1.0
    assert deadlines.pop_due(2.5) == ["a", "b"]
    assert deadlines.next is None


def test_one_that_is_cleared_does_not_come() -> None:
    deadlines = Deadlines()
    deadlines.set("a", 1.0)
    deadlines.set("b", 2.0)
    deadlines.clear("a")
    deadlines.clear("never set")
    assert deadlines.next == 2.0
    assert "a" not in deadlines
    deadlines.clear_all()
    assert deadlines.next is None


@given(st.floats(0, 14_400))
@example(0.8400000000000001)
def test_one_who_wakes_at_the_moment_told_finds_it_due(at: float) -> None:
    deadlines = Deadlines()
    deadlines.set("a", at)
    told = deadlines.next
    assert told is not None
    assert told >= at
    assert deadlines.pop_due(told) == ["a"]
