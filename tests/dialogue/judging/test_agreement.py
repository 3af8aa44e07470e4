"""The judge agrees with people's grades, and what is said to it changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Judgement, Question, Said
from app.dialogue.judging.points import Verdict
from app.personas.questions import load_questions
from tests.dialogue.judging.corpus import BANK, Graded, answers, questions

HOSTILE: list[str] = yaml.safe_load((Path(__file__).parent / "hostile.yaml").read_text(encoding="utf-8"))
GOOD = ("correct", "partial")


def judge(question: Question, *texts: str) -> Judgement:
    return offline.judge(question, tuple(Said(text) for text in texts))


def filled(remark: str, question: Question) -> str:
    first, second = question.key_points[:2]
    return remark.format(first=first.wordings[0], second=second.wordings[0], id=first.id)


@pytest.mark.parametrize(("name", "least"), [("blind", 0.8), ("fresh", 0.85), ("tuned", 0.85)])
def test_it_agrees_with_the_key(name: str, least: float) -> None:
    graded = tuple(answers(name))
    assert len(graded) >= 70
    agreed = sum(judge(one.question, one.text).verdict is one.key for one in graded)
    assert agreed / len(graded) >= least


@pytest.mark.parametrize("sort", ["evasive", "misheard"])
def test_misheard_and_evasive_answers_are_judged_as_well_as_plain_ones(sort: str) -> None:
    graded = [one for name in ("blind", "tuned", "fresh") for one in answers(name) if one.sort == sort]
    assert len(graded) >= 5
    assert sum(judge(one.question, one.text).verdict is one.key for one in graded) / len(graded) >= 0.85


def test_every_model_answer_of_the_bank_is_correct() -> None:
    bank = [question for _, question in load_questions(BANK).everything()]
    assert not [one.id for one in bank if judge(one, one.model_answer).verdict is not Verdict.CORRECT]


def test_the_question_and_its_hint_said_back_are_worth_nothing() -> None:
    for question in (*questions(own=True).values(), *questions(own=False).values()):
        for text in (question.text, question.hint, f"{question.text} {question.hint}"):
            assert judge(question, text).verdict not in GOOD, (question.id, text)


@pytest.mark.parametrize("remark", HOSTILE)
def test_what_is_said_to_the_judge_is_worth_nothing(remark: str) -> None:
    for question in (*questions(own=True).values(), *questions(own=False).values()):
        found = judge(question, filled(remark, question))
        assert not found.covered, (question.id, found)
        assert not found.unverified
        assert found.verdict not in GOOD


def test_there_are_at_least_forty_hostile_answers() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize("remark", HOSTILE)
def test_a_remark_to_the_judge_beside_an_answer_neither_gains_nor_costs(remark: str) -> None:
    graded = [one for one in answers("tuned") if one.sort == "plain" and one.text.endswith(".")][::3]
    for one in graded:
        due = judge(one.question, one.text)
        for text in ((one.text, filled(remark, one.question)), (filled(remark, one.question) + ".", one.text)):
            assert set(judge(one.question, " ".join(text)).covered) == set(due.covered), text


def test_the_same_answer_judged_twice_is_judged_the_same() -> None:
    for one in (*answers("blind"), *answers("fresh")):
        assert judge(one.question, one.text) == judge(one.question, one.text)


def test_every_quote_was_said_to_the_letter() -> None:
    for one in (*answers("blind"), *answers("tuned")):
        half = one.text.find(" ", len(one.text) // 2)
        parts = (Said(one.text[:half], "a"), Said(one.text[half:], "b"))
        for point in offline.judge(one.question, parts).points:
            quote = point.quote
            assert (quote is None) == (point.coverage == "missed")
            if quote:
                assert parts[quote.part].text[quote.begin : quote.end] == quote.text != ""
                assert parts[quote.part].id == quote.segment


def test_all_grades_are_there() -> None:
    graded: list[Graded] = [one for name in ("blind", "tuned", "fresh") for one in answers(name)]
    assert {one.key for one in graded} == set(Verdict)
    assert len(graded) >= 150
