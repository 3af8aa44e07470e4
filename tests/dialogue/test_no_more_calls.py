"""Who wants no more calls, and who only seems to."""

from __future__ import annotations

import pytest

from app.dialogue.no_more_calls import wants_no_more_calls

WANTS = """
Don't call me again.
don't call me again please
Please do not call me again, thank you.
Don't ever call me again!
never call me again
Do not call this number again.
Don't call here again.
Stop calling me!
Please stop calling me.
stop calling
Will you stop calling me?
Look, I'm not interested. Please take me off your list. Thank you.
look i am not interested please take me off your list thank you
take me off your list
Can you take me off your call list please?
Please remove my number from your database.
Remove me from your list now.
Please remove the number from your contact list. Thanks and goodbye.
Take this number off your list.
Please get me off of your list.
Lose this number!
Put me on your do not call list.
delete my number
I don't want any more calls.
I don't want to be called again.
No more calls please.
I said stop calling me!
This is the third time, stop calling me.
I told you already don't call me anymore
Don't call me anymore or I will call the police.
don't call me
No. Just don't call me.
stop ringing me you scoundrels
Don't phone me again.
Stop harassing me.
Never contact me again.
"""
OTHERS = """
Don't call me Bob.
don't call me that
Please don't call me sir.
Stop calling me Bob.
stop calling me names
Never call me Shirley.
Never call me Iris.
stop calling me Andy
Don't call me now, I'm driving.
Please don't call me before nine.
Don't call me again before Monday.
Don't call me at work.
Stop calling me at night.
don't call me back
Call me again tomorrow.
You can call me again.
Please call me Ada.
I can't talk now, call me later.
The customer said don't call me again, and I apologised to him.
A customer shouted. Stop calling me. So we changed the list.
I would say stop calling me to the service.
If they say don't call me again we remove them from the list.
What happens when I say take me off your list?
You take the first element off your list and call the function again.
remove me from the list function in python
I would delete the number from the list.
Remove this number from the list.
delete that number from the database
I delete this number.
There are no more calls.
We stop calling the method once it has returned.
do not call the constructor again
You should never call again a function that has side effects.
I would never call eval on user input.
Once the client stops calling, the server closes the connection.
don't worry
hello
no
"""


@pytest.mark.parametrize("said", WANTS.strip().splitlines())
def test_these_want_no_more_calls(said: str) -> None:
    assert wants_no_more_calls(said)


@pytest.mark.parametrize("said", OTHERS.strip().splitlines())
def test_these_do_not(said: str) -> None:
    assert not wants_no_more_calls(said)


def test_a_long_answer_is_about_something_else() -> None:
    told = "we had a service that rang people every day and i built the part that reads the list and dials"
    assert not wants_no_more_calls(f"{told} stop calling me {told}")
    assert not wants_no_more_calls("stop calling me " * 50)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Rufen Sie mich bitte nicht mehr an!"),
        ("de", "Rufen Sie hier nie wieder an."),
        ("de-DE", "Streichen Sie mich bitte von Ihrer Liste."),
        ("de", "Löschen Sie meine Nummer."),
        ("fr", "Ne m'appelez plus, s'il vous plaît."),
        ("fr", "Arrêtez de m'appeler !"),
        ("fr", "Retirez-moi de votre liste."),
        ("es", "No me llame más, por favor."),
        ("es", "Deje de llamarme."),
        ("es", "No vuelva a llamarme."),
    ],
)
def test_in_the_language_of_the_talk(language: str, said: str) -> None:
    assert wants_no_more_calls(said, language)
    assert not wants_no_more_calls(said, "en")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Rufen Sie mich morgen wieder an."),
        ("de", "Nennen Sie mich nicht Bob."),
        ("fr", "Ne m'appelez pas Bob."),
        ("es", "No me llames Bob."),
        ("es", "El cliente dijo que no me llame más y entonces le pedimos perdón por todo lo ocurrido."),
    ],
)
def test_in_another_language_as_well_not_everything_is_meant(language: str, said: str) -> None:
    assert not wants_no_more_calls(said, language)
