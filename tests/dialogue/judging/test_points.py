"""What an answer is worth: the whole table, every border, and nothing that the game does not have."""

from __future__ import annotations

from itertools import product

import pytest

from app.dialogue.judging.points import MOST, POINTS, Verdict, earns_hint, of_coverage, points

C, P, W, N = Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT, Verdict.NOT_KNOWN
WORTH = {
    (C,): 9,
    (P, C): 7,
    (P, P): 5, (P, W): 5, (P, N): 5, (P,): 5,
    (W, C): 4,
    (W, P): 1, (W, W): 1, (W, N): 1, (W,): 1,
    (N,): 1, (): 1,
}  # fmt: skip


@pytest.mark.parametrize(("attempts", "worth"), WORTH.items())
def test_every_way_that_a_question_can_go_has_its_points(attempts: tuple[Verdict, ...], worth: int) -> None:
    assert points(attempts) == worth


def test_there_is_no_other_way() -> None:
    assert set(POINTS) == set(WORTH)
    ways = [way for length in range(4) for way in product(Verdict, repeat=length)]
    for way in set(ways) - set(WORTH):
        with pytest.raises(ValueError, match="no question ends"):
            points(way)


def test_ten_questions_are_worth_ninety_at_most() -> None:
    assert 10 * MOST == 90


def test_a_hint_follows_a_first_answer_that_is_partial_or_incorrect_and_no_other() -> None:
    ways = [way for length in range(3) for way in product(Verdict, repeat=length)]
    assert [way for way in ways if earns_hint(way)] == [(P,), (W,)]


@pytest.mark.parametrize(
    ("total", "verdicts"),
    [(1, [W, C]), (2, [W, C, C]), (3, [W, P, C, C]), (4, [W, P, C, C, C]), (5, [W, P, P, C, C, C]),
     (6, [W, P, P, C, C, C, C])],
)  # fmt: skip
def test_half_of_the_key_points_is_correct_and_one_is_partial(total: int, verdicts: list[Verdict]) -> None:
    assert [of_coverage(covered, total) for covered in range(total + 1)] == verdicts


@pytest.mark.parametrize(("covered", "total"), [(0, 0), (-1, 3), (4, 3), (1, 0)])
def test_counts_that_cannot_be_are_refused(covered: int, total: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        of_coverage(covered, total)
