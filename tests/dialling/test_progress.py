from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialling.outcome import Disposition, disposition
from app.dialling.progress import FINAL, OF_CARRIER, RANK, advanced, earlier

STEPS = ("queued", "initiated", "ringing", "in-progress", "completed")


def walk(told: tuple[str, ...] | list[str], begin: str = "dialling") -> str:
    status = begin
    for one in told:
        status = advanced(status, one) or status
    return status


@pytest.mark.parametrize("order", list(itertools.permutations(STEPS)))
def test_in_whatever_order_the_steps_are_told_the_end_is_the_end(order: tuple[str, ...]) -> None:
    assert walk(order) == "completed"


def test_told_twice_is_told_once() -> None:
    assert advanced("ringing", "ringing") is None


def test_a_final_status_is_a_latch() -> None:
    for final in FINAL:
        assert all(advanced(final, told) is None for told in RANK)


@pytest.mark.parametrize("told", ["planned", "dialling", "abandoned", "refused", "answered", "", "COMPLETED"])
def test_what_no_carrier_says_is_not_taken_from_one(told: str) -> None:
    assert advanced("dialling", told) is None


@given(st.lists(st.sampled_from(sorted(OF_CARRIER))))
def test_a_status_never_goes_back(told: list[str]) -> None:
    ranks = [RANK[walk(told[:end])] for end in range(len(told) + 1)]
    assert ranks == sorted(ranks)


@given(st.sampled_from(sorted(RANK)), st.sampled_from(sorted(OF_CARRIER)))
def test_the_update_names_exactly_the_statuses_from_which_it_may_come(known: str, told: str) -> None:
    assert (advanced(known, told) is not None) == (known in earlier(told))


@pytest.mark.parametrize(
    ("status", "answered_by", "expected"),
    [
        ("completed", None, Disposition.PERSON),
        ("completed", "human", Disposition.PERSON),
        ("completed", "unknown", Disposition.PERSON),
        ("completed", "machine_start", Disposition.MACHINE),
        ("completed", "machine_end_beep", Disposition.MACHINE),
        ("completed", "fax", Disposition.FAX),
        ("busy", None, Disposition.BUSY),
        ("no-answer", None, Disposition.NO_ANSWER),
        ("failed", None, Disposition.FAILED),
        ("refused", None, Disposition.REFUSED),
        ("canceled", None, Disposition.FAILED),
        ("abandoned", None, Disposition.ABANDONED),
    ],
)
def test_what_a_final_status_means(status: str, answered_by: str | None, expected: Disposition) -> None:
    assert disposition(status, answered_by=answered_by) is expected


def test_a_machine_that_got_the_message_is_told_from_one_that_did_not() -> None:
    assert disposition("completed", answered_by="machine_end_beep", message_left=True) is Disposition.MESSAGE_LEFT


def test_what_we_cancelled_is_cancelled() -> None:
    assert disposition("canceled", answered_by=None, cancelled_by_us=True) is Disposition.CANCELLED
