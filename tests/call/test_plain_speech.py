"""What a model writes becomes what may be said aloud, however it comes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.call.plain_speech import PlainSpeech
from app.call.unspoken import UNSPOKEN


def cleaned(text: str, size: int = 1_000_000) -> str:
    """The text as it comes out if it goes in by `size` characters."""
    cleaner = PlainSpeech()
    return "".join(cleaner.feed(text[at : at + size]) for at in range(0, len(text), size)) + cleaner.flush()


MARKDOWN = [
    ("**Hello** there, *really* nice.", "Hello there, really nice."),
    ("__Hello__ there, _really_ ~~not~~ ***nice***.", "Hello there, really not nice."),
    ("Say `hello` twice.", "Say hello twice."),
    ("Look:\n```python\nprint('*')\n```\nDone.", "Look:\nDone."),
    ("~~~\ncode\n~~~\nDone.", "Done."),
    ("# Menu\n\nTea", "Menu.\nTea"),
    ("### What is it?\nTea", "What is it?\nTea"),
    ("- Tea\n- Cake, **warm**\n* Rolls!\n• Buns", "Tea.\nCake, warm.\nRolls!\nBuns."),
    ("- [ ] Tea\n- [x] Cake", "Tea.\nCake."),
    ("1. Tea\n2. Cake\n3) Rolls", "Tea.\nCake.\nRolls."),
    ("> Tea is fine\n\n---\n\nGood.", "Tea is fine\nGood."),
    ("Read [our menu](https://x.org/a_(b)?c=d) now.", "Read our menu now."),
    ("Read [our **menu**][1] now.", "Read our menu now."),
    ("See ![a cat](cat.png).", "See a cat."),
    ("So it is[1], they say[^2].", "So it is, they say."),
    (
        "| Item | Price |\n|:-----|------:|\n| Tea | 3.50 |\n| Hot milk | 2 |\nGood.",
        "Item, Price.\nTea, 3.50.\nHot milk, 2.\nGood.",
    ),
    (r"Not \*this\* one \# and 3\.5", "Not *this* one # and 3.5"),
]
ADDRESSES = [
    ("See https://x.org/a_b_c or http://www.y.org.", "See x.org/a_b_c or www.y.org."),
    ("See **https://x.org**.", "See x.org."),
    ("Write to <me@x.org> or a_b@x.org.", "Write to me@x.org or a_b@x.org."),
    ("See <https://x.org>.", "See x.org."),
]
TAGS = [
    ("<p>Hello <b>there</b>.</p>", "Hello there.\n"),
    ('One<br/>two <a href="https://x.org">three</a>', "One\ntwo three"),
    ("Wait <break time='500ms'/> now.", "Wait now."),
    ("Tea &amp; cake&nbsp;now, AT&T.", "Tea & cake now, AT&T."),
    ("<thinking>They want **tea**.\n\nFine.</thinking>\nTea it is.", "Tea it is."),
    ("<THINK>a < b</THINK>Tea.", "Tea."),
    ("Tea.<!-- not said -->", "Tea."),
    ("Tea.<|im_end|><|endoftext|>", "Tea."),
    ("Tea.<|im_e", "Tea."),
    ("<<<STAY>>> Tea. <<<END_CALL>>>", "Tea. "),
    ("[[STAY]] Tea. [END CALL]", "Tea. "),
    ('<tool_call>{"name": "end_call"}</tool_call>Bye.', "Bye."),
]
EMOJI = [
    ("Hello 😀 there 👍🏽!", "Hello there !"),
    ("Ours 👩‍👩‍👧‍👦 and 🏳️‍🌈 yours", "Ours and yours"),
    ("🇩🇪🇮🇳 Hello ❤️", "Hello "),
    ("🏴󠁧󠁢󠁳󠁣󠁴󠁿 Hello ✅ ™", "Hello ™"),
    ("Press 1️⃣ or 2️⃣.", "Press 1 or 2."),
    ("✅ - Tea\n👉 Cake", "Tea.\nCake"),
]
STAGE = [
    ("*smiles* Hello! *laughs softly* Well.", "Hello! Well."),
    ("(laughs) Hello! (clears throat) Well (long pause) now.", "Hello! Well now."),
    ("[pause] Hello! [sighs deeply] Well. _nods_", "Hello! Well. "),
    ("**chuckles** Hello.", "Hello."),
]
STAYS = [
    ("It is a (small) table.", "It is a (small) table."),
    ("He said [sic] so (as far as I know).", "He said [sic] so (as far as I know)."),
    ("2 * 3 is 6, 2*3 too, and 2 ** 3 is 8.", "2 * 3 is 6, 2*3 too, and 2 ** 3 is 8."),
    (
        "A 5* hotel, about ~5 km away, a < b, 3<4, x <y and z>.",
        "A 5* hotel, about ~5 km away, a < b, 3<4, x <y and z>.",
    ),
    ("snake_case and -5 degrees, #1, C#, either/or, 50 %!", "snake_case and -5 degrees, #1, C#, either/or, 50 %!"),
    ("42. That is the answer.", "42. That is the answer."),
    ("1.5 litres\n2.5 litres", "1.5 litres\n2.5 litres"),
    ("*of course* (smiling faces are everywhere)", "of course (smiling faces are everywhere)"),
    ("नमस्ते। क्‍ष हूँ 你好。", "नमस्ते। क्‍ष हूँ 你好。"),
    ("A tab\there, a line\r\nand\n\n\nanother", "A tab here, a line \nand\nanother"),
    ("No\x00 con\x07trols\u200b or \ud800halves\ufffd.", "No controls or halves."),
]
EVERYTHING = [*MARKDOWN, *ADDRESSES, *TAGS, *EMOJI, *STAGE, *STAYS]


@pytest.mark.parametrize(("text", "said"), EVERYTHING)
def test_what_is_said(text: str, said: str) -> None:
    assert cleaned(text) == said


def test_plain_words_pass_at_once() -> None:
    cleaner = PlainSpeech()
    for delta in ("Hello", " there,", " it costs 3", ".5 euros", ".", " \n", "With", " us!", " Rosie's", " है।"):
        assert cleaner.feed(delta) == delta
    assert cleaner.flush() == ""


def test_a_word_in_bold_waits_for_nothing_but_the_letter_behind_the_marks() -> None:
    cleaner = PlainSpeech()
    assert [cleaner.feed(delta) for delta in ("We have **", "fresh", " rolls", "** today")] == [
        "We have ",
        "fresh",
        " rolls",
        " today",
    ]


def test_brackets_wait_only_while_they_may_hold_a_stage_direction() -> None:
    cleaner = PlainSpeech()
    assert [cleaner.feed(delta) for delta in ("a (", "round", " one", ") or a (", "small", ") one")] == [
        "a ",
        "(round",
        " one",
        ") or a ",
        "",
        "(small) one",
    ]


def test_the_cleaner_begins_anew_after_the_end() -> None:
    cleaner = PlainSpeech()
    cleaner.feed("1. Tea\n```never closed")
    assert cleaner.flush() == ""
    assert cleaner.feed("2. Cake ") == "2. Cake "


@pytest.mark.parametrize(
    "text", ["", "😀", "**", "***", "---", "```\ncode", "<think>hm", "*smiles*", " \n ", "[pause]", "# "]
)
def test_nothing_to_say_is_nothing(text: str) -> None:
    assert not any(c.isalnum() for c in cleaned(text))


MARKS = [
    "**",
    "```",
    "](",
    "http",
    "https://",
    "://",
    "<b>",
    "</",
    "think>",
    "<think>",
    "<|",
    "|>",
    "<<",
    ">>>",
    "<!--",
    "-->",
]
WORDS = [
    "smiles",
    "laughs",
    "pause",
    "long ",
    "amp;",
    "&#3",
    "1. ",
    "2. ",
    "- ",
    "---",
    "ab ",
    "[ ]",
    "[1]",
    "@x.org",
    " b='",
]
ODD = ["\u200d", "\ufe0f", "😀", "🇩🇪", "1️⃣", "ि", "\r", "\ud800", "é", "|-", "|:"]
BITS = st.sampled_from([*"*_`~#-|<>[]()!&\\ \n.1a:/=^h", *MARKS, *WORDS, *ODD])
TEXTS = st.one_of(
    st.lists(BITS, max_size=40).map("".join),
    st.lists(st.sampled_from([text for text, _ in EVERYTHING]), max_size=3).map("\n".join),
    st.text(max_size=80),
)


@given(TEXTS, st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_it_does_not_matter_how_a_text_is_split(text: str, sizes: list[int]) -> None:
    cleaner, said, at, turn = PlainSpeech(), "", 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        said += cleaner.feed(text[at : at + size])
        at, turn = at + size, turn + 1
    said += cleaner.flush()
    assert said == cleaned(text) == cleaned(text, 1)
    assert not UNSPOKEN.search(said)
    assert "  " not in said
    said.encode()


@given(
    st.lists(
        st.sampled_from(["Hello", "3.5", "(small)", "it's", "naïve", "है।", "a-b", "No. 5,", "10:30", "U.S."]),
        min_size=1,
    )
)
def test_plain_text_stays_as_it_is(words: list[str]) -> None:
    text = " ".join(words)
    assert cleaned(text) == text


OPENINGS = [
    "*smiles ",
    "(laughs ",
    "[",
    "[text](",
    "[text][",
    "<b ",
    "<b a='",
    "<|",
    "<<<",
    "[[",
    "&amp",
    "_nods ",
    "| ",
    "<",
    "h",
    "![",
    "`",
    "~",
]


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("filler", ["word ", "a", "-", "1", "="])
def test_an_opening_that_nothing_closes_holds_nothing_up_for_long(opening: str, filler: str) -> None:
    cleaner = PlainSpeech()
    cleaner.feed(f"Well, {opening}{filler * 800}")
    assert len(cleaner.feed(" and so on. ").strip()) > 8


@pytest.mark.parametrize(
    "unit",
    [
        *OPENINGS,
        "*",
        "a*",
        "**b ",
        "(",
        "[a](b) ",
        "\n",
        "- ",
        "1. ",
        "😀",
        "\u200d",
        "a ",
        "<!--",
        "|-",
        "&",
        "http://",
        "```",
    ],
)
@pytest.mark.parametrize("size", [3, 1_000_000])
def test_an_enormous_text_takes_time_in_proportion(unit: str, size: int) -> None:
    """It is seconds at most; if everything held back were read again with all that follows, it would be minutes."""
    text = unit * ((60_000 if size < 10 else 400_000) // len(unit))
    began = time.process_time()
    cleaned(text, size)
    assert time.process_time() - began < 30


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_marks_are_kept_for_whoever_asked_for_them(size: int) -> None:
    text = "<<<STAY>>> Tea <think><<<NO>>></think>and <<two>> <|three|> cake. <<<MOVE_TO_done>>>"
    cleaner = PlainSpeech()
    said = "".join(cleaner.feed(text[at : at + size]) for at in range(0, len(text), size)) + cleaner.flush()
    assert cleaner.marks == ["STAY", "MOVE_TO_done"]
    assert "STAY" not in said
