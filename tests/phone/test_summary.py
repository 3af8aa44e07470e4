"""Delays are reckoned from what was heard."""

from __future__ import annotations

import pytest

from app.phone.line import Caller
from app.phone.log import Log
from app.phone.summary import delays, lines


def log(*entries: tuple[float, str]) -> Log:
    made = Log()
    for at_s, kind in entries:
        made.add(at_s, kind)  # type: ignore[arg-type]
    return made


def test_a_call_with_replies_and_an_interruption() -> None:
    measured = delays(
        log(
            (0.1, "started"),
            (0.6, "agent_started"),
            (2.0, "agent_stopped"),
            (3.0, "caller_started"),
            (4.0, "caller_stopped"),
            (4.8, "agent_started"),
            (6.0, "caller_started"),
            (6.3, "agent_stopped"),
            (6.5, "caller_stopped"),
            (7.75, "agent_started"),
            (8.0, "agent_stopped"),
        )
    )
    assert measured.greeting_ms == pytest.approx(500)
    assert measured.replies_ms == pytest.approx((800, 1250))
    assert measured.interruptions_ms == pytest.approx((300,))


def test_speaking_on_is_one_question_and_talking_over_is_not_answered() -> None:
    measured = delays(
        log(
            (0.0, "started"),
            (0.2, "agent_started"),
            (0.5, "agent_stopped"),
            (1.0, "caller_started"),
            (1.5, "caller_stopped"),
            (1.8, "caller_started"),
            (2.0, "caller_stopped"),
            (3.0, "agent_started"),
            (3.5, "caller_started"),
            (3.8, "caller_stopped"),
            (5.0, "agent_stopped"),
            (5.6, "agent_started"),
        )
    )
    assert measured.replies_ms == pytest.approx((1000,)), "a sentence that the agent went on through asks nothing new"
    assert measured.interruptions_ms == pytest.approx((1500,))


def test_a_call_on_which_nobody_spoke() -> None:
    measured = delays(log((0.0, "started"), (5.0, "ended")))
    assert (measured.greeting_ms, measured.replies_ms, measured.interruptions_ms) == (None, (), ())


async def test_a_summary_can_be_read_before_any_call() -> None:
    async with Caller("http://127.0.0.1:9", "t") as caller:
        table = dict(lines(caller))
    assert table["greeting heard after"] == "never"
    assert table["wire faults"] == "none"
    assert table["audio gaps"] == "0 (0 ms)"


def test_entries_are_read_in_the_order_of_their_times_and_told_as_they_come() -> None:
    told: list[str] = []
    made = Log(lambda entry: told.append(entry.kind))
    made.add(2.0, "clear")
    made.add(1.0, "mark")
    made.add(2.0, "ended")
    assert told == ["clear", "mark", "ended"]
    assert [entry.kind for entry in made] == ["mark", "clear", "ended"]
    assert made.times("clear") == [2.0]
    assert len(made) == 3
