"""Cutting text into pieces that can be spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.call.sentences import LONGEST_PIECE, SentenceCutter, clause_start, cut_text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hello. How are you?", ["Hello.", "How are you?"]),
        ("It costs 3.50 today. Good.", ["It costs 3.50 today.", "Good."]),
        ("Dr. Smith is in. Go ahead!", ["Dr. Smith is in.", "Go ahead!"]),
        ("J. R. Smith wrote it. Yes.", ["J. R. Smith wrote it.", "Yes."]),
        ("Milk, e.g. oat milk, is free. Fine.", ["Milk, e.g. oat milk, is free.", "Fine."]),
        ('She said "Stop." Then she left.', ['She said "Stop."', "Then she left."]),
        ("नमस्ते। आप कैसे हैं?", ["नमस्ते।", "आप कैसे हैं?"]),
        ("One line\nanother line", ["One line", "another line"]),
        ("What?! No...", ["What?!", "No..."]),
        ("", []),
        ("   ", []),
        ("--- ***", []),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert cut_text(text) == pieces


def test_a_sentence_comes_out_as_soon_as_the_next_one_begins() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("Hello the") == []
    assert cutter.feed("re. ") == ["Hello there."]
    assert cutter.feed("And") == []
    assert cutter.flush() == ["And"]


def test_an_endless_sentence_is_cut_at_a_clause() -> None:
    text = "one two three, " * 40
    pieces = cut_text(text)
    assert all(len(piece) <= LONGEST_PIECE for piece in pieces)
    assert all(piece.endswith(",") for piece in pieces)


@given(st.lists(st.text(max_size=60), max_size=12))
def test_nothing_that_can_be_said_is_lost_however_it_arrives(parts: list[str]) -> None:
    cutter = SentenceCutter()
    pieces = [piece for part in parts for piece in cutter.feed(part)] + cutter.flush()
    spoken = [c for c in "".join(parts) if c.isalnum()]
    assert [c for c in "".join(pieces) if c.isalnum()] == spoken
    assert all(len(piece) > 0 for piece in pieces)


@given(st.text(max_size=2000))
def test_no_piece_is_too_long(text: str) -> None:
    assert all(len(piece) <= LONGEST_PIECE + 1 for piece in cut_text(text))


def test_a_sentence_is_taken_up_at_the_clause_that_was_being_said() -> None:
    text = "We open at eight, we close at six, and on Sundays we rest."
    assert text[clause_start(text, text.index("close")) :].startswith("we close")
    assert clause_start(text, 5) == 0
    assert text[clause_start(text, len(text)) :].startswith("and on")
