"""Which words sound finished: what a listener would wait after, and what they would answer."""

from __future__ import annotations

import pytest

from app.call.completeness import completeness


@pytest.mark.parametrize(
    "text",
    [
        "Yes.",
        "no",
        "Yes, please.",
        "yes it is",
        "Okay, thank you.",
        "I don't know.",
        "I think... no, that's all"[11:],
        "That's all, thanks.",
        "um, yes",
        "yes i am ready",
        "Goodbye",
        "no idea",
        "not really",
    ],
)
def test_a_plain_answer_needs_nothing_more(text: str) -> None:
    assert completeness(text).kind == "plain"


@pytest.mark.parametrize(
    "text",
    [
        "I worked on the billing system and",
        "I learned it because",
        "we moved from um",
        "I would start by looking at the",
        "The hardest part was to convince my",
        "First I talk to the users, then I.",
        "it was very",
        "so we decided to",
        "My strength is that I listen well,",
        "Well...",
        "um",
        "I have been working with",
        "that is something which",
    ],
)
def test_an_utterance_that_ends_in_its_middle_waits(text: str) -> None:
    assert completeness(text).kind == "open"


@pytest.mark.parametrize(
    "text", ["my number is five five five", "zero one four two", "555 014", "it is b r o w n", "4 2 7", "0151 22"]
)
def test_one_group_of_a_dictated_number_or_name_is_followed_by_another(text: str) -> None:
    assert completeness(text).kind == "dictating"


@pytest.mark.parametrize(
    "text",
    [
        "at ten thirty",
        "it was in 2019",
        "I am thirty two",
        "a table for two",
        "five five five zero one four two nine nine zero",
    ],
)
def test_a_time_a_year_a_count_and_a_whole_number_are_not_waited_for(text: str) -> None:
    assert completeness(text).kind not in ("dictating", "open")


@pytest.mark.parametrize(
    "text", ["Let me think.", "hmm, good question", "give me a second", "okay let me think about it", "one moment"]
)
def test_who_asks_for_time_gets_it(text: str) -> None:
    assert completeness(text).kind == "thinking"


@pytest.mark.parametrize(
    "text", ["When are you open on Saturday?", "can i book a table for two", "okay and what does it cost"]
)
def test_a_question_is_whole(text: str) -> None:
    assert completeness(text).kind == "whole"


@pytest.mark.parametrize(
    "text",
    [
        "When two people disagree I ask each of them to explain the view of the other.",
        "what joy there is in living",
        "how we did it was a matter of luck",
        "when the test failed we looked at the log",
    ],
)
def test_what_begins_as_a_question_and_is_told_is_none(text: str) -> None:
    assert completeness(text).kind != "whole"


@pytest.mark.parametrize(
    "text",
    [
        "how long does it take",
        "what kind of cake do you bake",
        "which day would you prefer",
        "yeah but what does it cost",
        "what's the price of a cake",
        "how much is the table",
        "who are you calling",
        "where can I park my car",
        "what does it cost to rent",
        "how many people can you seat",
    ],
)
def test_a_question_turns_its_verb_round(text: str) -> None:
    assert completeness(text).kind == "whole"


@pytest.mark.parametrize("text", ["what about", "can I", "how", "is it"])
def test_the_beginning_of_a_question_is_not(text: str) -> None:
    assert completeness(text).kind != "whole"


@pytest.mark.parametrize(
    "text", ["I worked there for three years.", "We had a very slow query", "it depends", "I think so", "I like that"]
)
def test_most_answers_may_go_on_or_not(text: str) -> None:
    assert completeness(text).kind == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "the child almost hurt",
        "and then we built",
        "at that high",
        "it was a good",
        "that was about twenty",
        "in my last job",
        "unless all of the tests pass",
        "we moved",
        "what joy",
        "no I have never done that",
        "the old",
    ],
)
def test_a_clause_that_seems_to_lack_something_is_given_its_time(text: str) -> None:
    assert completeness(text).kind == "leaning"


@pytest.mark.parametrize(
    "text",
    [
        "that is how it was built",
        "I write down what they need",
        "people talk to each other",
        "it was slow",
        "I think it works",
        "we added an index to the table",
        "I would like to know more",
        "he is taller than I am",
        "they did it as well as they could",
        "the people I work with",
        "it depends",
    ],
)
def test_a_clause_that_has_all_it_needs_may_be_all(text: str) -> None:
    assert completeness(text).kind == "unknown"


@pytest.mark.parametrize(
    "text", ["that's about it, so yeah", "we did it with tests and so on", "it took a year, I guess"]
)
def test_people_close_with_some_words_and_may_still_go_on(text: str) -> None:
    assert completeness(text).why == "closing-words"


def test_of_another_language_only_the_punctuation_is_known() -> None:
    assert completeness("Ich habe dort drei Jahre gearbeitet, und", "de").kind == "unknown"
    assert completeness("Wann haben Sie offen?", "de").kind == "whole"
    assert completeness("Ich habe dort gearbeitet,", "de").kind == "open"
    assert completeness("", "de").kind == "unknown"


def test_an_endless_answer_is_judged_by_its_end() -> None:
    assert completeness("word " * 100_000 + "and").kind == "open"


@pytest.mark.parametrize(
    "text",
    ["what are you working on", "that is what we were looking for", "so I moved on", "I like small teams and so on"],
)
def test_a_word_that_needs_another_may_have_had_it_before(text: str) -> None:
    assert completeness(text).kind not in ("open", "dictating")
