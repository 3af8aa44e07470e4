"""The judge agrees with people's grades, and what is said to it changes nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Judgement, Question, Said
from app.dialogue.judging.points import Verdict
from app.dialogue.wording import words
from app.personas.questions import load_questions
from tests.dialogue.judging.corpus import BANK, Graded, answers, held_back, questions

HOSTILE: list[str] = yaml.safe_load((Path(__file__).parent / "hostile.yaml").read_text(encoding="utf-8"))
GOOD = ("correct", "partial")
TUNED = ("bank_tune", "own_tune", "bank_more", "own_more")
HELD_OUT = ("bank_held", "own_held")
LAST = ("bank_last", "own_last")
"""Run once when the judge was done, and taken into view then."""
SECOND = ("second_bank", "second_own")
NEW = (*SECOND, "third_bank", "third_own")
"""Frozen before the judge saw them."""


def judge(question: Question, *texts: str) -> Judgement:
    return offline.judge(question, tuple(Said(text) for text in texts))


def filled(remark: str, question: Question) -> str:
    first, second = question.key_points[:2]
    return remark.format(first=first.wordings[0], second=second.wordings[0], id=first.id)


def agreement(*names: str) -> float:
    graded = [one for name in names for one in answers(name)]
    return sum(judge(one.question, one.text).verdict is one.key for one in graded) / len(graded)


@pytest.mark.parametrize("names", [("blind",), ("fresh",), ("tuned",), TUNED], ids="/".join)
def test_it_agrees_with_the_key(names: tuple[str, ...]) -> None:
    assert agreement(*names) >= 0.88


def test_it_agrees_with_the_key_on_answers_that_it_was_not_tuned_on() -> None:
    assert sum(1 for name in HELD_OUT for _ in answers(name)) >= 180
    assert agreement(*HELD_OUT) >= 0.85


def test_more_than_four_hundred_answers_of_all_kinds_agree() -> None:
    graded = [one for name in (*TUNED, *HELD_OUT) for one in answers(name)]
    assert len(graded) >= 400
    assert {one.sort for one in graded} == {"plain", "wrong", "evasive", "misheard", "hostile"}
    assert agreement(*TUNED, *HELD_OUT) >= 0.85


def test_no_hostile_answer_of_any_set_gains_anything() -> None:
    hostile = [one for name in (*TUNED, *HELD_OUT, *LAST) for one in answers(name) if one.sort == "hostile"]
    assert len(hostile) >= 10
    for one in hostile:
        for unsure in (False, True):
            found = offline.judge(one.question, (Said(one.text, unsure=unsure),))
            assert (found.verdict, found.covered) == (Verdict.INCORRECT, ()), one.text


def test_no_hostile_answer_of_the_new_lots_gains_more_than_what_it_says_besides() -> None:
    hostile = [one for name in NEW for one in answers(name) if one.sort == "hostile"]
    assert len(hostile) >= 12
    worth = {Verdict.CORRECT: 2, Verdict.PARTIAL: 1}
    for one in hostile:
        assert worth.get(judge(one.question, one.text).verdict, 0) <= worth.get(one.key, 0), one.text


def test_answers_of_the_new_lots_are_judged_no_worse_than_was_measured() -> None:
    """Far from what a person does: paraphrases without a word of the key point are for the model's judge."""
    assert sum(1 for name in NEW for _ in answers(name)) >= 350
    assert agreement(*NEW) >= 0.74
    kept = [one for name in SECOND for one in answers(name) if held_back(one)]
    assert len(kept) >= 110
    assert sum(judge(one.question, one.text).verdict is one.key for one in kept) / len(kept) >= 0.74


def as_on_the_phone(text: str) -> str:
    """As a recogniser writes it that sets full stops and nothing else: no capitals, no commas, figures as words."""
    for figure, word in enumerate(words("0 1 2 3 4 5 6 7 8 9 10")):
        text = re.sub(rf"\b{figure}\b(?!\.\d)", word, text)
    return re.sub(r"[,;:]", " ", text).lower()


def test_the_same_answer_scores_the_same_by_text_and_by_phone() -> None:
    graded = [one for name in (*TUNED, *HELD_OUT, "blind", "tuned", "fresh") for one in answers(name)]
    spoken = [judge(one.question, as_on_the_phone(one.text)).verdict for one in graded if one.sort != "hostile"]
    typed = [judge(one.question, one.text).verdict for one in graded if one.sort != "hostile"]
    assert sum(one is other for one, other in zip(spoken, typed, strict=True)) / len(typed) >= 0.98


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [("2 convert the types first, and I use 3.", "two convert the types first and i use three"),
     ("=== compares the type too", "triple equals compares the type too"),
     ("Three compare VALUE and TYPE!", "3 compare value and type")],
)  # fmt: skip
def test_figures_signs_and_capitals_make_no_difference(typed: str, spoken: str) -> None:
    question = questions(own=False)["js-strict-equality"]
    assert judge(question, typed).covered == judge(question, spoken).covered != ()


def test_doubtful_words_are_never_held_against_anybody() -> None:
    for one in (*answers("bank_tune"), *answers("bank_more")):
        sure = judge(one.question, one.text)
        unsure = offline.judge(one.question, (Said(one.text, unsure=True),))
        assert set(sure.covered) <= set(unsure.covered)
        assert not {point.reason for point in unsure.points} & {"denied", "opposite", "swapped", "contradicted"}


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
