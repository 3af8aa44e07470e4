"""Gathering keys."""

from __future__ import annotations

from app.call.keypad import LONGEST, Keypad


def test_keys_gather_until_a_hash() -> None:
    pad = Keypad()
    assert [pad.press(key) for key in "12#"] == [False, False, True]
    assert pad.take() == "12#"
    assert pad.take() == ""


def test_an_input_has_a_greatest_length() -> None:
    pad = Keypad()
    assert [pad.press("5") for _ in range(LONGEST)][-1]


def test_letters_of_military_telephones_are_ignored() -> None:
    pad = Keypad()
    assert not pad.press("A")
    assert pad.take() == ""
