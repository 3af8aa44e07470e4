"""Cutting text into pieces that can be spoken."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.call.sentences import LONGEST_PIECE, SentenceCutter, clause_start, cut_text


def streamed(text: str, size: int = 1) -> list[str]:
    """The pieces of a text that comes bit by bit."""
    cutter = SentenceCutter()
    bits = [text[at : at + size] for at in range(0, len(text), size)]
    return [piece for bit in bits for piece in cutter.feed(bit)] + cutter.flush()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hello. How are you?", ["Hello.", "How are you?"]),
        ('She said "Stop." Then she left.', ['She said "Stop."', "Then she left."]),
        ('She asked "Why?" and left. Odd.', ['She asked "Why?" and left.', "Odd."]),
        ("One line\nanother line", ["One line", "another line"]),
        ("What?! No...", ["What?!", "No..."]),
        ("Well... I think so… maybe.", ["Well...", "I think so… maybe."]),
        ("Hello. -- And you?", ["Hello.", "-- And you?"]),
        ("", []),
        ("   ", []),
        ("--- ***", []),
        # numbers
        ("It costs 3.50 today. Good.", ["It costs 3.50 today.", "Good."]),
        ("It is 1,000 or 10:30. Good.", ["It is 1,000 or 10:30.", "Good."]),
        ("It costs 5. Good.", ["It costs 5.", "Good."]),
        ("It was 1990. Then it rained.", ["It was 1990.", "Then it rained."]),
        ("1. First. 2. Second.", ["1. First.", "2. Second."]),
        ("On 3. Mai geht es los. Gut.", ["On 3. Mai geht es los.", "Gut."]),
        ("Take 2.0.1. It works.", ["Take 2.0.1.", "It works."]),
        ("See No. 5. No. Not that.", ["See No. 5.", "No.", "Not that."]),
        # abbreviations, within a sentence and at its end
        ("Dr. Smith is in. Go ahead!", ["Dr. Smith is in.", "Go ahead!"]),
        ("Milk, e.g. oat milk, is free. Fine.", ["Milk, e.g. oat milk, is free.", "Fine."]),
        ("We open at 8.30 a.m. on Monday. Fine.", ["We open at 8.30 a.m. on Monday.", "Fine."]),
        ("Come at 8 a.m. Monday. Fine.", ["Come at 8 a.m. Monday.", "Fine."]),
        ("We open at 8 a.m. Come in!", ["We open at 8 a.m.", "Come in!"]),
        ("Tea, milk, etc. are here. Cake etc. We bake.", ["Tea, milk, etc. are here.", "Cake etc.", "We bake."]),
        (
            "The U.S. Army is big. I am from the U.S. We ship.",
            ["The U.S. Army is big.", "I am from the U.S.", "We ship."],
        ),
        (
            "Ask Acme Inc. London now. It is Acme Inc. We ship.",
            ["Ask Acme Inc. London now.", "It is Acme Inc.", "We ship."],
        ),
        # initials
        ("J. R. R. Tolkien wrote it. Yes.", ["J. R. R. Tolkien wrote it.", "Yes."]),
        ("So do I. But no.", ["So do I.", "But no."]),
        # addresses
        ("Write to a.b@c.com now. Good.", ["Write to a.b@c.com now.", "Good."]),
        ("See www.x.org/a.b?c=d. Good.", ["See www.x.org/a.b?c=d.", "Good."]),
        # other scripts
        ("नमस्ते। आप कैसे हैं?", ["नमस्ते।", "आप कैसे हैं?"]),
        ("नमस्ते।आप कैसे हैं॥ठीक", ["नमस्ते।", "आप कैसे हैं॥", "ठीक"]),
        ("你好。我是Rosie！你呢？", ["你好。", "我是Rosie！", "你呢？"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert cut_text(text) == pieces
    assert streamed(f"So. {text}") == ["So.", *pieces], "and letter by letter"


def test_a_sentence_comes_out_as_soon_as_white_space_follows() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("Hello the") == []
    assert cutter.feed("re.") == [], "it may go on: 3. and 5"
    assert cutter.feed(" ") == ["Hello there."]
    assert cutter.feed("And") == []
    assert cutter.flush() == ["And"]


def test_a_number_may_come_in_two_parts() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("It costs 3.") == []
    assert cutter.feed("5 euros. ") == ["It costs 3.5 euros."]


def test_a_danda_ends_a_sentence_at_once() -> None:
    assert SentenceCutter().feed("नमस्ते।") == ["नमस्ते।"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Sure, I can help you with that, and ", "Sure, I can help you with that,"),
        ("Let me see about that: we ", "Let me see about that:"),
        ("We do have those – and more ", "We do have those –"),
        ("It is about 1,000 euros; that ", "It is about 1,000 euros;"),
    ],
)
def test_the_first_clause_need_not_wait_for_its_sentence(text: str, first: str) -> None:
    cutter = SentenceCutter()
    assert cutter.feed(text) == [first]


@pytest.mark.parametrize(
    "text",
    [
        "Yes, we do, and ",  # too short
        "Yes, of course, dear Anna, we ",  # no clause of three words
        "We have red, green, blue ",  # a list
        "It is open from 9 – 17 on ",
        "There are between 10, 20 of ",
        "She told me (yes, she really did, and ",
        "He said “I shall be there, and ",
        'He said "I shall be there, and ',
        "You may take e.g., oat ",
        "It may be ten or 12, ",  # a number may follow
        "It is at ten thirty,and ",
    ],
)
def test_what_is_no_clause_of_its_own_waits(text: str) -> None:
    assert SentenceCutter().feed(text) == []


def test_only_the_first_piece_of_an_utterance_is_a_clause() -> None:
    text = "Well now, let me see, that is fine. After that is done, we can go on to more. "
    assert streamed(text) == ["Well now, let me see,", "that is fine.", "After that is done, we can go on to more."]
    cutter = SentenceCutter()
    assert [*cutter.feed("Hello there"), *cutter.flush()] == ["Hello there"]
    assert cutter.feed("Now this is another one, with ") == ["Now this is another one,"]


def test_a_sentence_that_is_there_already_is_spoken_in_one_breath() -> None:
    text = "We have that, as far as I know, today."
    assert cut_text(text) == [text]
    assert cut_text(f"{text} So come.") == [text, "So come."]


def test_an_endless_sentence_is_cut_at_a_clause() -> None:
    text = "one two three, " * 40
    pieces = cut_text(text)
    assert all(len(piece) <= LONGEST_PIECE for piece in pieces)
    assert all(piece.endswith(",") for piece in pieces)


def test_a_word_without_end_is_not_cut_within_a_letter() -> None:
    text = "कि" * 1000
    pieces = cut_text(text)
    assert "".join(pieces) == text
    assert all(piece.startswith("कि") and len(piece) <= LONGEST_PIECE for piece in pieces)


def test_what_no_voice_can_say_stays_with_what_it_can() -> None:
    assert cut_text("... Well. ?! Good.") == ["... Well.", "?! Good."]
    assert cut_text("Good. !") == ["Good."], "but for the very end"


SPEECH = st.lists(
    st.sampled_from(
        [*"abAB12 .,:;?!…()\"'\n–।॥。ा", "Dr.", "a.m.", "U.S.", "3.5", "No.", "etc.", " The ", "1,000", "... "]
    ),
    max_size=80,
).map("".join)


@given(st.one_of(SPEECH, st.text(max_size=400)), st.integers(1, 9))
def test_nothing_is_lost_and_nothing_doubled_however_it_arrives(text: str, size: int) -> None:
    for pieces in (streamed(text, size), cut_text(text)):
        whole, said = "".join(text.split()), "".join("".join(pieces).split())
        assert whole.startswith(said)
        assert not any(c.isalnum() for c in whole[len(said) :])
        assert all(any(c.isalnum() for c in piece) for piece in pieces)
        assert all(len(piece) <= LONGEST_PIECE for piece in pieces)


@given(st.lists(st.sampled_from("ab, .\n"), max_size=900).map("".join))
def test_no_piece_is_too_long(text: str) -> None:
    assert all(len(piece) <= LONGEST_PIECE for piece in cut_text(text))


@pytest.mark.parametrize(
    "unit", ["a", "ab ", ". ", " ", "a, ", ".", "\n", "Dr. ", "a.b", "。", "1. ", "(", "\U0001f600"]
)
@pytest.mark.parametrize("size", [7, 1_000_000])
def test_an_enormous_text_takes_time_in_proportion(unit: str, size: int) -> None:
    """It is seconds at most; if each cut looked at all that is behind it, it would be minutes."""
    text = unit * ((100_000 if size < 10 else 1_000_000) // len(unit))
    began = time.process_time()
    streamed(text, size)
    assert time.process_time() - began < 30


def test_a_sentence_is_taken_up_at_the_clause_that_was_being_said() -> None:
    text = "We open at eight, we close at six, and on Sundays we rest."
    assert text[clause_start(text, text.index("close")) :].startswith("we close")
    assert clause_start(text, 5) == 0
    assert text[clause_start(text, len(text)) :].startswith("and on")
