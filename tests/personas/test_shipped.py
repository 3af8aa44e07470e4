"""The personas and questions that come with Parley."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from app.dialogue.wording import stems, words
from app.personas.loader import load_personas
from app.personas.questions import Level, load_questions
from app.personas.schema import Persona
from app.personas.variables import spoken_to

FOLDER = Path(__file__).parents[2] / "personas"
PERSONAS = {name: spoken_to(persona, {}) for name, persona in load_personas(FOLDER).items()}
BANK = load_questions(FOLDER / "questions")

each_topic = pytest.mark.parametrize("topic", BANK.topics)
each = pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS.keys())


def test_there_are_an_assistant_interviewers_a_receptionist_and_a_screener() -> None:
    flows = {id_: persona.flow for id_, persona in PERSONAS.items()}
    assert flows == {
        "assistant": "assistant",
        "interviewer": "interview",
        "javascript-interviewer": "interview",
        "python-interviewer": "interview",
        "receptionist": "assistant",
        "screener": "stages",
    }


@each
def test_goodbyes_and_requests_to_repeat_are_expected(persona: Persona) -> None:
    assert {"goodbye", "bye"} <= set(persona.expects)
    assert any("repeat" in phrase for phrase in persona.expects)


@each
def test_what_is_known_can_be_asked_for_in_many_ways(persona: Persona) -> None:
    few = {entry.id: len(entry.ask) for entry in persona.knowledge if len(entry.ask) < 7}
    assert not few


@each
def test_lines_are_spoken_without_figures_signs_or_markup(persona: Persona) -> None:
    rung = (persona.lines.voicemail, persona.lines.screening, persona.lines.never_again)
    lines = [persona.greeting, persona.lines.unknown, *rung, *(entry.answer for entry in persona.knowledge)]
    assert not [line for line in lines if re.search(r"[0-9£$€%/*_#<>{}\[\]]", line)]


def test_the_interviewer_is_patient_and_leaves_the_asking_to_its_flow() -> None:
    interviewer = PERSONAS["interviewer"]
    assert interviewer.patience.silence_ms >= 1200
    assert not interviewer.barge_in.greeting_interruptible
    assert "?" not in interviewer.greeting, "what must be heard first comes before any question"


def test_the_receptionist_knows_every_day_of_the_week() -> None:
    ids = {entry.id for entry in PERSONAS["receptionist"].knowledge}
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    assert {f"hours-{day}" for day in days} <= ids


@each_topic
def test_each_topic_has_enough_questions_of_every_level_for_two_interviews(topic: str) -> None:
    levels = Counter(question.level for question in BANK.items(topic))
    assert levels[Level.BASIC] >= 8
    assert levels[Level.MODERATE] >= 6
    assert levels[Level.ADVANCED] >= 6


def test_there_are_three_topics() -> None:
    assert set(BANK.topics) == {"general", "javascript", "python"}


@each_topic
def test_questions_are_spoken_without_figures_signs_or_markup(topic: str) -> None:
    spoken = [line for question in BANK.items(topic) for line in (question.text, question.hint, question.model_answer)]
    assert not [line for line in spoken if re.search(r"[0-9\"]", line)]


@each_topic
def test_every_model_answer_covers_every_key_point_by_its_own_wordings(topic: str) -> None:
    missed = [
        f"{question.id}: {point.id}"
        for question in BANK.items(topic)
        for point in question.key_points
        if not any(_said(wording, question.model_answer) for wording in point.wordings)
    ]
    assert not missed


@each_topic
def test_a_model_answer_takes_no_longer_than_a_minute_to_say(topic: str) -> None:
    """At 150 words a minute, an ordinary pace on the telephone."""
    assert not [q.id for q in BANK.items(topic) if not 20 <= len(q.model_answer.split()) <= 110]


@each_topic
def test_no_hint_gives_a_key_point_away(topic: str) -> None:
    """No wording of two words or more stands in the hint as it is; single words are too common to forbid."""
    given_away = [
        f"{question.id}: {wording}"
        for question in BANK.items(topic)
        for point in question.key_points
        for wording in point.wordings
        if " " in wording and f" {' '.join(words(wording))} " in f" {' '.join(words(question.hint))} "
    ]
    assert not given_away


@each_topic
def test_harder_questions_give_more_time_to_think(topic: str) -> None:
    times = {level: [q.think_s for q in BANK.items(topic) if q.level is level] for level in Level}
    assert max(times[Level.BASIC]) <= min(times[Level.ADVANCED])
    assert min(times[Level.BASIC]) >= 6


def _said(wording: str, answer: str) -> bool:
    return set(stems(words(wording))) <= set(stems(words(answer)))
