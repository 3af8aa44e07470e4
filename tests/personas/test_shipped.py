"""The personas and questions that come with Parley."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from app.personas.loader import load_personas
from app.personas.questions import Level, load_questions
from app.personas.schema import Persona

FOLDER = Path(__file__).parents[2] / "personas"
PERSONAS = load_personas(FOLDER)
BANK = load_questions(FOLDER / "questions")

each = pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS.keys())


def test_there_are_an_assistant_an_interviewer_and_a_receptionist() -> None:
    flows = {id_: persona.flow for id_, persona in PERSONAS.items()}
    assert flows == {"assistant": "assistant", "interviewer": "interview", "receptionist": "assistant"}


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
    lines = [persona.greeting, persona.lines.unknown, *(entry.answer for entry in persona.knowledge)]
    lines += [question.text for question in BANK.items("general")]
    assert not [line for line in lines if re.search(r"[0-9£$€%/*_#<>{}\[\]]", line)]


def test_the_interviewer_is_patient_and_asks_whether_the_caller_is_ready() -> None:
    interviewer = PERSONAS["interviewer"]
    assert interviewer.patience.silence_ms >= 1200
    assert not interviewer.barge_in.greeting_interruptible
    assert interviewer.greeting.endswith("Are you ready to begin?")


def test_the_receptionist_knows_every_day_of_the_week() -> None:
    ids = {entry.id for entry in PERSONAS["receptionist"].knowledge}
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    assert {f"hours-{day}" for day in days} <= ids


def test_the_general_topic_has_questions_of_every_level() -> None:
    levels = Counter(question.level for question in BANK.items("general"))
    assert levels[Level.BASIC] >= 8
    assert levels[Level.MODERATE] >= 6
    assert levels[Level.ADVANCED] >= 6


def test_every_question_gives_more_than_one_point_and_time_to_think() -> None:
    for question in BANK.items("general"):
        assert len(question.key_points) >= 2, question.id
        assert question.think_time_s >= 6, question.id
