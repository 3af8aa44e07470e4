"""Callers who speak softly: the line's echo is learnt from the agent's own sound, and never from them."""

from __future__ import annotations

from app.call import actions as act
from app.call.echo import Echo
from tests.stories.stage import Story, persona

GREETING = "Hello and welcome, this is the test, and it says so at some length to be heard."
LONG = (
    "We are open from eight in the morning, until six in the evening, on every day of the week, "
    "and on holidays from ten in the morning, until three in the afternoon, if the weather is good."
)
SOFT = 700


def story() -> Story:
    told = Story(persona(greeting=GREETING), replies={"when do you open": LONG}, stt_s=0.2)
    told.caller.says("when do you open", at=6.5, lasts=1.0)
    return told


def silenced_after_s(told: Story, at: float) -> float | None:
    return next((when - at for when in told.when(act.ClearPlayback) if when >= at), None)


def test_a_soft_callers_first_sounds_do_not_make_them_deaf_to_their_words() -> None:
    told = story()
    for at in (10.0, 10.4, 10.8):
        told.caller.coughs("", at=at, lasts=0.06, level=SOFT)
    told.caller.says("no i mean on sundays", at=11.3, lasts=1.4, level=SOFT)
    told.run(until=18)
    after_s = silenced_after_s(told, 11.3)
    assert after_s is not None
    assert after_s <= 0.3
    assert told.agent.of("caller")[-1].text == "no i mean on sundays"


def test_a_voice_that_was_not_taken_for_one_until_its_end_does_not_raise_the_level_for_the_next() -> None:
    told = story()
    for at in (10.0, 12.5):
        told.caller.says("", at=at, lasts=0.14, level=SOFT)
    told.run(until=13.5)
    level = told.call.echo_rms
    assert level is not None
    assert level < SOFT / 2


def test_an_echo_that_comes_with_every_sentence_is_learnt_although_it_begins_late() -> None:
    echo = Echo()
    for frame in range(300):
        echo.hear(0, frame / 50, sounding=True)
    for frame in range(300, 400):
        echo.hear(SOFT if frame % 3 else 0, frame / 50, sounding=True)
    assert echo.level > SOFT / 2


def test_a_few_loud_frames_are_no_echo() -> None:
    echo = Echo()
    for frame in range(400):
        echo.hear(SOFT if frame % 100 < 8 else 0, frame / 50, sounding=frame >= 100)
    assert echo.level < SOFT / 2


def test_the_agents_own_words_are_cut_off_a_turn_although_the_recogniser_missed_some_of_them() -> None:
    echo = Echo()
    echo.says("Answer in your own words, and I wait until you have finished. Just say yes, or ask me to wait.", 1.0)
    heard = "answer in your own words, I wait until you have finished just say yes, ask me to wait. What can you do?"
    assert echo.without_lead(heard, "") == "What can you do?"
    said = "answer in writing would be better for me, I think, just say when"
    assert echo.without_lead(said, "").endswith("writing would be better for me, I think, just say when")
