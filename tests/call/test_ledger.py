"""Playback truth: marks, generations, the clock between marks, whole words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.call.ledger import LINE_DELAY_MS, Ledger
from app.call.piece import Piece


def piece(ms: int = 1000, text: str = "one two three four") -> Piece:
    return Piece(1, text, ready_ms=ms, final=True)


def test_a_returned_mark_proves_everything_before_it() -> None:
    ledger, said = Ledger(), piece()
    ledger.send(said, 400, 0.0)
    second = ledger.send(said, 800, 0.0)
    assert ledger.returned(second, 0.9) == []
    assert said.heard_ms == 800


def test_the_mark_of_the_last_chunk_gives_the_piece_as_heard() -> None:
    ledger, said = Ledger(), piece()
    ledger.send(said, 400, 0.0)
    last = ledger.send(said, 1000, 0.0)
    assert ledger.returned(last, 1.1) == [said]
    assert said.heard
    assert ledger.empty


def test_a_mark_that_a_clear_sent_back_proves_nothing() -> None:
    ledger, said = Ledger(), piece()
    mark = ledger.send(said, 1000, 0.0)
    ledger.clear(0.3)
    assert ledger.returned(mark, 0.31) is None
    assert said.heard_ms == 300 - LINE_DELAY_MS


def test_marks_of_a_later_generation_have_other_names() -> None:
    ledger, said = Ledger(), piece(2000)
    before = ledger.send(said, 400, 0.0)
    ledger.clear(0.1)
    after = ledger.send(said, 800, 0.2)
    assert before != after
    assert ledger.returned(before, 0.3) is None
    assert ledger.returned(after, 0.7) == []


def test_between_marks_the_clock_credits_no_more_than_the_chunk_that_plays() -> None:
    ledger, said = Ledger(), piece(2000)
    first = ledger.send(said, 400, 0.0)
    ledger.send(said, 800, 0.0)
    ledger.send(said, 1200, 0.0)
    ledger.returned(first, 0.45)
    ledger.clear(5.0)
    assert said.heard_ms == 800


def test_on_a_line_that_returns_no_marks_the_clock_credits_all_that_must_have_played() -> None:
    ledger, said = Ledger(), piece(4000)
    for end_ms in (400, 800, 1200, 1600):
        ledger.send(said, end_ms, 0.0)
    ledger.clear(1.7)
    assert said.heard_ms == 800
    again = piece(4000)
    for end_ms in (400, 800, 1200, 1600):
        ledger.send(again, end_ms, 2.0)
    ledger.clear(2.4)
    assert again.heard_ms == 400 - LINE_DELAY_MS


def test_a_line_that_returns_its_marks_too_soon_is_not_sent_everything_at_once() -> None:
    ledger, said = Ledger(), piece(4000)
    mark = ledger.send(said, 400, 0.0)
    ledger.returned(mark, 0.01)
    assert ledger.dry_at(0.02) == 0.4


def test_what_was_heard_once_stays_heard_when_it_is_said_again() -> None:
    said = piece(1000, "one two three four")
    said.sent_ms, said.heard_ms = 800, 700
    before = said.heard_chars()
    said.again()
    assert said.heard_ms == 0
    assert said.heard_chars() == before > 0


def test_marks_that_never_come_leave_the_clock_to_be_believed() -> None:
    ledger, said = Ledger(), piece()
    ledger.send(said, 1000, 0.0)
    assert ledger.give_up_waiting(5.0) == [said]
    assert said.heard


def test_the_line_runs_dry_when_what_was_sent_has_played() -> None:
    ledger, said = Ledger(), piece(2000)
    assert ledger.dry_at(3.0) == 3.0
    mark = ledger.send(said, 400, 3.0)
    ledger.send(said, 800, 3.0)
    assert ledger.dry_at(3.1) == 3.8
    ledger.returned(mark, 3.5)
    assert ledger.dry_at(3.5) == 3.9


def test_half_a_word_is_not_heard() -> None:
    said = piece(1000, "one two three four")
    said.heard_ms = 330
    assert said.text[: said.heard_chars()] == "one"


def test_a_piece_still_being_made_is_reckoned_by_the_rate_of_speech() -> None:
    said = Piece(1, "a sentence of forty-two characters, or so", ready_ms=200, heard_ms=200)
    assert said.heard_chars() < 8


@given(st.integers(0, 3000), st.text(max_size=80), st.integers(1, 3000))
def test_what_was_heard_is_always_a_prefix_that_ends_at_a_word(heard: int, text: str, ready: int) -> None:
    said = Piece(1, text, ready_ms=ready, final=True, heard_ms=min(heard, ready))
    chars = said.heard_chars()
    assert 0 <= chars <= len(text)
    assert chars in (0, len(text)) or text[chars] == " "


@given(st.lists(st.tuples(st.sampled_from(["send", "mark", "clear"]), st.integers(1, 500)), max_size=40))
def test_whatever_happens_no_more_is_heard_than_was_sent(steps: list[tuple[str, int]]) -> None:
    ledger, said, now = Ledger(), Piece(1, "words " * 50, ready_ms=10**6, final=True), 0.0
    marks: list[str] = []
    for step, amount in steps:
        now += amount / 1000
        if step == "send":
            marks.append(ledger.send(said, said.sent_ms + amount, now))
        elif step == "mark" and marks:
            ledger.returned(marks[amount % len(marks)], now)
        elif step == "clear":
            ledger.clear(now)
        assert 0 <= said.heard_ms <= said.sent_ms
