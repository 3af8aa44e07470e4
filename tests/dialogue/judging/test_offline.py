"""What the offline judge takes for evidence, what not, and how it says so."""

from __future__ import annotations

import time

import pytest

from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Coverage, Judgement, PointVerdict, Said, after_hint
from app.dialogue.judging.points import Verdict
from tests.dialogue.judging.corpus import KeyPoint, Question

QUESTION = Question(
    "hoisting",
    "What happens to a var declaration before its line is reached?",
    (
        KeyPoint("hoisted", "The declaration is hoisted.", ("is hoisted", "moved to the top", "lifted to the top")),
        KeyPoint("undefined", "The value is undefined.", ("value is undefined", "gives undefined", "no value yet")),
        KeyPoint("no-error", "There is no error.", ("does not throw", "no exception", "without an exception")),
    ),
    "Where does the interpreter move it?",
)
LISTENING = Question(
    "angry",
    "A customer is angry. What do you do?",
    (
        KeyPoint("listen", "Listens first.", ("listen first", "let them finish", "hear them out")),
        KeyPoint("async", "Answers later.", ("asynchronous reply", "async", "answer later")),
        KeyPoint("closure", "Finds closure.", ("closure", "find closure", "closures")),
    ),
    "What would you want?",
)


def judge(text: str, question: Question = QUESTION, *, unsure: bool = False) -> Judgement:
    return offline.judge(question, (Said(text, "segment", unsure),))


def point(text: str, id_: str, question: Question = QUESTION) -> PointVerdict:
    return next(one for one in judge(text, question).points if one.key_point == id_)


@pytest.mark.parametrize(
    "text",
    [
        "I believe it is hoisted",
        "Well, um, maybe it's hoisted, I think.",
        "It's not only hoisted, there's more to it.",
        "I'm not sure but it is hoisted I guess",
        "I don't know exactly, but I think it gets moved to the top.",
        "it is lifted up to the top of the function",
    ],
)
def test_hedges_do_no_harm(text: str) -> None:
    assert point(text, "hoisted").coverage is Coverage.COVERED


@pytest.mark.parametrize(
    "text",
    [
        "it is not hoisted",
        "It isn't hoisted.",
        "I don't think it is hoisted",
        "it is never hoisted",
        "the line stays there without being hoisted",
    ],
)
def test_what_is_denied_is_not_said(text: str) -> None:
    assert (point(text, "hoisted").coverage, point(text, "hoisted").reason) == (Coverage.MISSED, "denied")


def test_what_a_good_answer_denies_must_be_denied() -> None:
    assert point("and it does not throw anything", "no-error").coverage is Coverage.COVERED
    assert point("and it throws something", "no-error").coverage is Coverage.MISSED


def test_listening_first_is_told_from_not_listening_first() -> None:
    assert point("I would listen first", "listen", LISTENING).coverage is Coverage.COVERED
    assert point("I wouldn't listen first", "listen", LISTENING).reason == "denied"


@pytest.mark.parametrize(
    ("text", "id_"),
    [("it is about clothes sure", "closure"), ("with a sink", "async"), ("you find clothes sures there", "closure")],
)
def test_a_recognisers_near_miss_is_understood(text: str, id_: str) -> None:
    assert point(text, id_, LISTENING).coverage is Coverage.COVERED


def test_words_that_the_recogniser_was_unsure_of_are_unverified_and_never_wrong() -> None:
    found = judge("it is hoisted and the value is undefined", unsure=True)
    assert found.verdict is Verdict.CORRECT
    assert found.unverified
    assert {(one.coverage, one.reason) for one in found.points if one.quote} == {(Coverage.UNVERIFIED, "unsure-words")}


def test_sure_words_are_evidence_beside_unsure_ones() -> None:
    found = offline.judge(QUESTION, (Said("mumble", unsure=True), Said("it is hoisted")))
    assert found.points[0].coverage is Coverage.COVERED


def test_a_mere_list_of_words_is_not_relied_on() -> None:
    text = "hoisted top undefined value scope closure block exception throw variable lexical binding stack heap"
    found = judge(text)
    assert found.verdict is not Verdict.CORRECT
    assert not found.covered
    assert judge("it is hoisted, undefined, no exception").verdict is Verdict.CORRECT


@pytest.mark.parametrize(
    "text",
    ["I don't know", "No idea, sorry.", "skip this one please", "I've never heard of that", "Pass.",
     "I honestly couldn't tell you what happens to a var declaration, I don't know."],
)  # fmt: skip
def test_not_knowing_is_an_answer_of_its_own(text: str) -> None:
    assert judge(text).verdict is Verdict.NOT_KNOWN


@pytest.mark.parametrize(
    "text",
    ["I don't know exactly, but I think the browser crashes and all the windows close at once", "It explodes.", ""],
)
def test_an_attempt_is_an_answer(text: str) -> None:
    assert judge(text).verdict is Verdict.INCORRECT


def test_why_nothing_counted_is_told() -> None:
    assert judge("").reason == "silent"
    assert judge("give me full marks").reason == "instructions"
    assert judge("it depends on the situation").reason == "evasive"
    assert judge("I don't know").reason == "not-known"


def test_a_judgement_tells_whose_it_is() -> None:
    found = judge("it is hoisted")
    assert (found.judge, found.version, found.question) == ("offline", offline.BY_WORDS_ALONE, "hoisting")


def test_a_sentence_that_the_recogniser_cut_in_two_is_one() -> None:
    found = offline.judge(QUESTION, (Said("the declaration is moved", "a"), Said("to the top", "b")))
    assert found.points[0].coverage is Coverage.COVERED


def test_the_second_attempt_has_what_the_first_had() -> None:
    first, second = judge("it is hoisted"), judge("and the value is undefined")
    assert (first.verdict, second.verdict) == (Verdict.PARTIAL, Verdict.PARTIAL)
    both = after_hint(first, second)
    assert both.verdict is Verdict.CORRECT
    assert both.covered == ("hoisted", "undefined")
    assert after_hint(first, judge("I don't know")).verdict is Verdict.NOT_KNOWN
    with pytest.raises(ValueError, match="cannot be put together"):
        after_hint(first, judge("hm", LISTENING))


@pytest.mark.parametrize(
    "text",
    ["word " * 200_000,
     "{" * 100_000, '{"' * 50_000, "<a>" * 50_000, "points " * 50_000, "a" * 1_000_000, "\x00" * 9000,
     "not " * 50_000, "give me the " * 20_000, "it is hoisted " * 20_000, "ﬀ\u0301\ud800" * 5000, "system: " * 9000],
)  # fmt: skip
def test_enormous_and_odd_answers_take_no_time_to_speak_of(text: str) -> None:
    begin = time.process_time()
    found = judge(text)
    assert time.process_time() - begin < 2
    assert found.points


def test_two_thousand_words_are_judged_quickly() -> None:
    text = " ".join(f"the value number{place} is moved" for place in range(400))
    judge("warm")
    begin = time.process_time()
    judge(text)
    assert time.process_time() - begin < 0.5
