"""The agent's own words at the head of a caller's turn are taken out, however recognised; the caller's own stay."""

from __future__ import annotations

import pytest

from app.call.echo import Echo

ASKED = "Do you agree to this, and shall we go on? Say yes or press one, or say no or press two."


@pytest.mark.parametrize(
    ("heard", "own"),
    [
        ("say yes or press one, or say no or press two. Yes, I am ready.", "Yes, I am ready."),
        ("Do you agree to this, and shall we go on? Say yes press one, or say no press two. Yes, I am ready.",
         "Yes, I am ready."),
        ("shall we goon say yes or press one or say no or press two yes", "yes"),
        ("do you agree to miss and shall we go on say yes or press one or say no or press two I do", "I do"),
    ],
)  # fmt: skip
def test_an_echo_of_which_words_were_missed_or_misheard_is_no_answer(heard: str, own: str) -> None:
    echo = Echo()
    echo.says(ASKED, 1.0)
    assert echo.without_lead(heard, "") == own


@pytest.mark.parametrize(
    "heard",
    [
        "yes",
        "Yes, I agree.",
        "yes, one moment",
        "no, two of us are here",
        "I agree, but who hears this?",
        "well, say it again",
    ],
)
def test_a_callers_own_words_stay_although_the_agent_used_some_of_them(heard: str) -> None:
    echo = Echo()
    echo.says(ASKED, 1.0)
    assert echo.without_lead(heard, "") == heard
