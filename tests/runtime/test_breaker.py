"""When a provider is left alone, and how it comes back; the clock is a number."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.runtime.breaker import (
    ASKED_REST_S,
    FIRST_REST_S,
    IN_A_ROW,
    KEY_REST_S,
    LONGEST_REST_S,
    QUOTA_REST_S,
    Breaker,
    Permit,
)
from app.speech.protocols import FaultKind


def asked(breaker: Breaker, now: float) -> Permit:
    permit = breaker.ask(now)
    assert permit is not None
    return permit


def fail(breaker: Breaker, now: float = 0.0, kind: FaultKind = "failed", after_s: float | None = None) -> None:
    breaker.failed(asked(breaker, now), kind, after_s, now)


def opened(now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(IN_A_ROW):
        fail(breaker, now)
    assert breaker.state(now) == "open"
    return breaker


def test_failures_in_a_row_open_it_and_a_success_between_them_does_not_let_it() -> None:
    breaker = Breaker()
    for _ in range(5):
        for _ in range(IN_A_ROW - 1):
            fail(breaker)
        breaker.served(asked(breaker, 0))
    assert breaker.state(0) == "closed"
    for _ in range(IN_A_ROW):
        assert breaker.state(0) == "closed"
        fail(breaker)
    assert breaker.state(0) == "open"


def test_who_rests_is_not_asked_and_then_by_one_at_a_time() -> None:
    breaker = opened()
    assert breaker.ask(FIRST_REST_S - 0.001) is None
    assert breaker.rests_for_s(4) == FIRST_REST_S - 4
    assert breaker.state(FIRST_REST_S) == "half-open"
    probe = asked(breaker, FIRST_REST_S)
    assert probe.probe
    assert breaker.ask(FIRST_REST_S) is None, "one probe at a time"
    assert breaker.ask(FIRST_REST_S + 100) is None
    breaker.served(probe)
    assert breaker.state(FIRST_REST_S) == "closed"
    assert not asked(breaker, FIRST_REST_S).probe


def test_rests_grow_up_to_a_bound_and_begin_anew_after_a_success() -> None:
    breaker, now, rests = opened(), 0.0, []
    for _ in range(9):
        rests.append(breaker.rests_for_s(now))
        now += rests[-1]
        fail(breaker, now)
    assert rests[:6] == [10, 20, 40, 80, 160, 300]
    assert set(rests[5:]) == {LONGEST_REST_S}
    now += LONGEST_REST_S
    breaker.served(asked(breaker, now))
    for _ in range(IN_A_ROW):
        fail(breaker, now)
    assert breaker.rests_for_s(now) == FIRST_REST_S


def test_a_probe_whose_caller_left_counts_neither_way_and_makes_room_for_the_next() -> None:
    breaker = opened()
    breaker.let_go(asked(breaker, 20))
    assert breaker.state(20) == "half-open"
    breaker.served(asked(breaker, 20))
    assert breaker.state(20) == "closed"


def test_callers_who_leave_count_neither_way() -> None:
    breaker = Breaker()
    for _ in range(IN_A_ROW - 1):
        fail(breaker)
    for _ in range(20):
        breaker.let_go(asked(breaker, 0))
    assert breaker.state(0) == "closed"
    fail(breaker)
    assert breaker.state(0) == "open", "what was counted before is still counted"


@pytest.mark.parametrize(("kind", "rest_s"), [("key", KEY_REST_S), ("quota", QUOTA_REST_S)])
def test_a_key_or_a_quota_opens_it_at_once_and_for_long(kind: FaultKind, rest_s: float) -> None:
    breaker = Breaker()
    fail(breaker, kind=kind)
    assert (breaker.state(0), breaker.rests_for_s(0), breaker.why) == ("open", rest_s, kind)


@pytest.mark.parametrize(
    ("after_s", "rest_s"),
    [(60.0, 60.0), (0.5, 0.5), (86_400.0, ASKED_REST_S), (0.0, 0), (-5.0, 0), (math.nan, 0), (math.inf, 0), (None, 0)],
)
def test_a_vendor_is_left_alone_for_as_long_as_it_asks_within_reason(after_s: float | None, rest_s: float) -> None:
    breaker = Breaker()
    fail(breaker, kind="busy", after_s=after_s)
    assert breaker.rests_for_s(0) == rest_s
    assert breaker.state(0) == ("open" if rest_s else "closed")
    if rest_s:
        assert breaker.ask(rest_s - 0.01) is None
        assert asked(breaker, rest_s).probe


def test_a_quota_that_says_when_to_come_back_is_left_until_then() -> None:
    breaker = Breaker()
    fail(breaker, kind="quota", after_s=QUOTA_REST_S + 60)
    assert breaker.rests_for_s(0) == QUOTA_REST_S + 60


@pytest.mark.parametrize("kind", ["unfit", "refused"])
def test_what_lies_with_the_turn_or_the_persona_does_not_count(kind: FaultKind) -> None:
    breaker = Breaker()
    for _ in range(20):
        fail(breaker, kind=kind)
    assert breaker.state(0) == "closed"


def test_many_calls_that_fail_at_once_make_one_rest() -> None:
    breaker = Breaker()
    under_way = [asked(breaker, 0) for _ in range(50)]
    for permit in under_way:
        breaker.failed(permit, "late", None, 3)
    assert breaker.rests_for_s(3) == FIRST_REST_S


def test_what_began_before_has_no_say_in_a_rest() -> None:
    breaker = Breaker()
    early = [asked(breaker, 0) for _ in range(4)]
    for _ in range(IN_A_ROW):
        fail(breaker)
    breaker.served(early[0])
    breaker.let_go(early[1])
    assert breaker.state(1) == "open"
    probe = asked(breaker, FIRST_REST_S)
    breaker.served(early[2])
    breaker.let_go(early[3])
    assert breaker.ask(FIRST_REST_S) is None, "the probe is still under way"
    breaker.failed(probe, "failed", None, FIRST_REST_S)
    assert breaker.rests_for_s(FIRST_REST_S) == 2 * FIRST_REST_S


def test_the_longest_rest_that_any_of_them_was_asked_for_holds() -> None:
    breaker = Breaker()
    one, two = asked(breaker, 0), asked(breaker, 0)
    breaker.failed(one, "busy", 60, 0)
    breaker.failed(two, "busy", 90, 1)
    assert breaker.rests_for_s(0) == 91
    breaker.served(asked(breaker, 91))
    assert breaker.state(91) == "closed"


KINDS: tuple[FaultKind, ...] = ("key", "quota", "busy", "refused", "unfit", "unreachable", "late", "failed", "broken")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "serve", "fail", "leave", "wait"]),
        st.integers(0, 5),
        st.sampled_from(KINDS),
        st.one_of(st.none(), st.floats(0, 500)),
    ),
    max_size=80,
)


@given(STEPS)
def test_whatever_happens_nobody_asks_during_a_rest_and_one_probes_at_a_time(steps: list[Any]) -> None:
    """Any number of requests under way, ending in any order: a rest that was asked for is kept, and one that is over
    can always be tried."""
    breaker, now, under_way, left_alone_until = Breaker(), 0.0, list[Permit](), 0.0
    for what, which, kind, seconds in steps:
        if what == "wait":
            now += seconds or 1.0
        elif what == "ask":
            may = breaker.would_allow(now)
            permit = breaker.ask(now)
            assert may == (permit is not None)
            if permit is not None:
                assert now >= left_alone_until
                under_way.append(permit)
        elif under_way:
            permit = under_way.pop(which % len(under_way))
            if what == "serve":
                breaker.served(permit)
            elif what == "leave":
                breaker.let_go(permit)
            else:
                breaker.failed(permit, kind, seconds, now)
                if seconds and kind not in ("unfit", "refused"):
                    left_alone_until = max(left_alone_until, now + seconds)
        assert sum(permit.probe and permit.opened == breaker._opened for permit in under_way) <= 1
    for permit in under_way:
        breaker.let_go(permit)
    assert breaker.ask(now + max(KEY_REST_S, ASKED_REST_S)) is not None, "it never stays shut"
