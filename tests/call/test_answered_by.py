"""Who has answered a call that we placed: the table, and what the first words say."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.call.answered_by import FOLLOWS, Sign, Who, next_who, of_verdict
from app.call.first_words import LONGEST_MS, SHORT_MS, plain, sign_of

VERDICTS = (Sign.HUMAN, Sign.MACHINE, Sign.MACHINE_DONE)


def after(*signs: Sign) -> Who:
    who = Who.WAITING
    for sign in signs:
        who = next_who(who, sign)
    return who


@pytest.mark.parametrize(
    ("signs", "who"),
    [
        ((), Who.WAITING),
        ((Sign.SHORT,), Who.PERSON),
        ((Sign.SHORT, Sign.MACHINE), Who.PERSON),
        ((Sign.SHORT, Sign.MACHINE_DONE, Sign.TURN), Who.TALKING),
        ((Sign.SHORT, Sign.MAILBOX), Who.MACHINE),
        ((Sign.SHORT, Sign.TURN, Sign.MAILBOX), Who.TALKING),
        ((Sign.SILENCE, Sign.MACHINE), Who.MACHINE),
        ((Sign.SILENCE, Sign.HUMAN, Sign.MACHINE), Who.PERSON),
        ((Sign.SILENCE, Sign.TURN, Sign.MACHINE), Who.TALKING),
        ((Sign.LONG,), Who.WAITING),
        ((Sign.LONG, Sign.MACHINE), Who.MACHINE),
        ((Sign.LONG, Sign.SILENCE), Who.GREETED),
        ((Sign.ENDLESS,), Who.MACHINE),
        ((Sign.HOLD, Sign.HUMAN), Who.SCREENED),
        ((Sign.HOLD, Sign.SHORT), Who.PERSON),
        ((Sign.SCREENING, Sign.MACHINE, Sign.MACHINE_DONE, Sign.HUMAN), Who.SCREENED),
        ((Sign.SCREENING, Sign.SHORT), Who.PERSON),
        ((Sign.SCREENING, Sign.ENDLESS), Who.SCREENED),
        ((Sign.ASKED, Sign.MAILBOX), Who.MACHINE),
        ((Sign.ASKED, Sign.ENOUGH), Who.PERSON),
        ((Sign.SILENCE, Sign.SCREENING), Who.SCREENED),
    ],
)
def test_what_follows_from_what_is_heard_and_told(signs: tuple[Sign, ...], who: Who) -> None:
    assert after(*signs) is who


@given(st.lists(st.sampled_from(Sign), max_size=12))
def test_whoever_has_answered_us_is_a_person_for_good_and_a_machine_is_one_for_good(signs: list[Sign]) -> None:
    seen = [after(*signs[:count]) for count in range(len(signs) + 1)]
    for final in (Who.TALKING, Who.MACHINE):
        if final in seen:
            assert set(seen[seen.index(final) :]) == {final}


@given(st.lists(st.sampled_from(Sign), max_size=8), st.sampled_from(VERDICTS))
def test_no_verdict_changes_what_a_person_has_shown(signs: list[Sign], verdict: Sign) -> None:
    who = after(*signs)
    if who in (Who.PERSON, Who.TALKING, Who.SCREENED):
        assert next_who(who, verdict) is who


def test_the_table_names_every_state_and_nothing_else() -> None:
    assert set(FOLLOWS) == set(Who)
    for who, sign in product(Who, Sign):
        assert isinstance(next_who(who, sign), Who)


@pytest.mark.parametrize(
    ("told", "sign"),
    [
        ("human", Sign.HUMAN),
        ("machine_start", Sign.MACHINE),
        ("machine_end_beep", Sign.MACHINE_DONE),
        ("machine_end_silence", Sign.MACHINE_DONE),
        ("machine_end_other", Sign.MACHINE_DONE),
        ("fax", Sign.MACHINE),
        ("unknown", None),
        ("", None),
        ("martian", None),
    ],
)
def test_a_carriers_verdict(told: str, sign: Sign | None) -> None:
    assert of_verdict(told) is sign


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("Hello?", Sign.SHORT),
        ("Ada Lovelace speaking.", Sign.SHORT),
        ("Yes?", Sign.SHORT),
        ("Hello, who is there?", Sign.SHORT),
        ("Please leave a message after the tone.", Sign.MAILBOX),
        ("Hi, you've reached Ada. I can't come to the phone.", Sign.MAILBOX),
        ("Your call has been forwarded to an automatic voice message system.", Sign.MAILBOX),
        ("The person you are trying to reach is not available.", Sign.MAILBOX),
        ("The number you have dialed is not in service.", Sign.MAILBOX),
        ("At the tone, please record your message. When you have finished recording, you may hang up.", Sign.MAILBOX),
        ("Please leave your name, number and the reason for your call after the beep.", Sign.MAILBOX),
        ("Sie haben die Mailbox von Ada erreicht. Bitte hinterlassen Sie eine Nachricht.", Sign.MAILBOX),
        ("Bitte sprechen Sie nach dem Signalton.", Sign.MAILBOX),
        ("Bonjour, laissez un message après le bip sonore.", Sign.MAILBOX),
        ("Deje su mensaje después de la señal.", Sign.MAILBOX),
        ("Hi, if you record your name and reason for calling, I'll see if this person is available.", Sign.SCREENING),
        (
            "Hi, the person you're calling is using a screening service from Google, and will get a copy of this "
            "conversation. Go ahead and say your name and why you're calling.",
            Sign.SCREENING,
        ),
        ("Before I try to connect you, can I ask what you're calling about?", Sign.SCREENING),
        ("Welcome to the voicemail of Ada.", Sign.MAILBOX),
        ("Willkommen auf dem Anrufbeantworter von Ada.", Sign.MAILBOX),
        ("Vous êtes sur le répondeur de Paul.", Sign.MAILBOX),
        ("I think I am out. Please leave a message.", Sign.MAILBOX),
        ("Is this an answering machine?", Sign.SHORT),
        ("Oh, sorry, I thought this was voicemail.", Sign.SHORT),
        ("Hi, yes, I got your voicemail yesterday.", Sign.SHORT),
        ("Ist das ein Anrufbeantworter?", Sign.SHORT),
        ("C'est un répondeur ?", Sign.SHORT),
        ("Who's calling, please?", Sign.ASKED),
        ("May I ask who's calling? I'll see if she is in.", Sign.ASKED),
        ("Mit wem spreche ich?", Sign.ASKED),
        ("C'est de la part de qui ?", Sign.ASKED),
        ("¿De parte de quién?", Sign.ASKED),
        ("One moment please.", Sign.HOLD),
        ("Thanks. Please stay on the line.", Sign.HOLD),
        ("Ne quittez pas.", Sign.HOLD),
        ("", Sign.WORDLESS),
    ],
)
def test_what_words_say(said: str, sign: Sign) -> None:
    assert sign_of(said, SHORT_MS) is sign


@pytest.mark.parametrize(
    ("said", "voiced_ms", "sign"),
    [
        ("good morning the lovelace residence", SHORT_MS, Sign.SHORT),
        ("good morning the lovelace residence", SHORT_MS + 20, Sign.LONG),
        ("good morning the lovelace residence", LONGEST_MS + 20, Sign.ENDLESS),
        ("good morning smith and sons how may i help you", LONGEST_MS + 20, Sign.SHORT),
        ("please leave a message", 900, Sign.MAILBOX),
        ("", SHORT_MS + 20, Sign.LONG),
        ("", LONGEST_MS + 20, Sign.LONG),
    ],
)
def test_where_words_do_not_tell_their_length_does(said: str, voiced_ms: int, sign: Sign) -> None:
    assert sign_of(said, voiced_ms) is sign


@pytest.mark.parametrize("text", ["It's  Ada-Łovelace!", "DON’T", "¿Quién?", "...", "नमस्ते जी"])
def test_plain_words_are_plain_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)
