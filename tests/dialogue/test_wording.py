"""One way of writing for what recognisers write in several."""

from __future__ import annotations

import pytest

from app.dialogue.wording import clauses, stems, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("What's the Wi-Fi password?", "what is the wifi password"),
        ("I don't know.", "i do not know"),
        ("I can’t hear you", "i can not hear you"),
        ("we're 4 people", "we are four people"),
        ("Good-bye!", "bye"),
        ("thanks", "thank you"),
        ("today's special", "today special"),
        ("the café’s closed", "the cafe closed"),
        ("OK, 10 a.m.", "okay ten am"),
        ("¿¡…!?", ""),
    ],
)
def test_words_are_written_one_way(text: str, plain: str) -> None:
    assert " ".join(words(text)) == plain


def test_endings_do_not_matter() -> None:
    assert stems(("reservations", "parking", "closes")) == stems(("reservation", "parked", "closing"))


def test_clauses_end_at_punctuation_and_at_joining_words() -> None:
    parts = [" ".join(clause) for clause in clauses("Hello, do you have tea and cake? So where are you")]
    assert parts == ["hello", "do you have tea", "cake", "where are you"]
