"""Which questions an interview asks: enough of every level, none twice, and the same for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialogue.choosing import TooFewQuestionsError, check_counts, choose
from app.personas.questions import Level, load_questions

FOLDER = Path(__file__).parents[2] / "personas" / "questions"
BANK = load_questions(FOLDER)


@dataclass(frozen=True)
class Named:
    id: str
    level: Level


def ids(questions: tuple[Named, ...]) -> list[str]:
    return [question.id for question in questions]


def some(**counts: int) -> list[Named]:
    return [Named(f"{name}-{number}", Level(name)) for name, count in counts.items() for number in range(count)]


PLENTY = some(basic=9, moderate=8, advanced=7)

names = st.text(st.characters(codec="utf-8"), max_size=20)
banks = st.lists(
    st.builds(Named, st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.sampled_from(Level)),
    unique_by=lambda question: question.id,
    min_size=1,
    max_size=40,
)
wishes = st.fixed_dictionaries({level: st.integers(0, 4) for level in Level}).filter(
    lambda counts: sum(counts.values())
)


def fits(bank: list[Named], counts: dict[Level, int]) -> bool:
    there = Counter(question.level for question in bank)
    return all(there[level] >= count for level, count in counts.items())


@pytest.mark.parametrize("topic", BANK.topics)
def test_an_interview_has_four_basic_three_moderate_and_three_advanced_questions_in_that_order(topic: str) -> None:
    chosen = choose(BANK.items(topic), "a conversation", "interview")
    assert [question.level.value for question in chosen] == ["basic"] * 4 + ["moderate"] * 3 + ["advanced"] * 3
    assert len({question.id for question in chosen}) == 10


@pytest.mark.parametrize("topic", BANK.topics)
def test_who_comes_back_gets_ten_others(topic: str) -> None:
    first = choose(BANK.items(topic), "monday", "interview")
    second = choose(BANK.items(topic), "friday", "interview", {question.id for question in first})
    assert not {question.id for question in first} & {question.id for question in second}


def test_the_choice_is_settled_for_good() -> None:
    """These ids are pinned: if this fails, conversations that were broken off would be asked something else."""
    chosen = choose(PLENTY, "5f0c", "interview")
    assert " ".join(ids(chosen)) == (
        "basic-0 basic-7 basic-4 basic-8 moderate-2 moderate-7 moderate-5 advanced-4 advanced-5 advanced-1"
    )


def test_another_process_with_another_seed_for_hashes_chooses_the_same() -> None:
    program = (
        "from tests.dialogue.test_choosing import PLENTY, choose, ids;"
        "print(*ids(choose(PLENTY, '5f0c', 'interview', {'basic-1'})))"
    )
    env = os.environ | {"PYTHONHASHSEED": "12345"}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=env, cwd=FOLDER.parents[1], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ids(choose(PLENTY, "5f0c", "interview", {"basic-1"}))


def test_conversations_and_stages_differ() -> None:
    by_conversation = {tuple(ids(choose(PLENTY, str(number), "interview"))) for number in range(50)}
    by_stage = {tuple(ids(choose(PLENTY, "one", str(number)))) for number in range(50)}
    assert len(by_conversation) > 45
    assert len(by_stage) > 45


def test_every_question_gets_its_turn() -> None:
    asked = Counter(name for number in range(600) for name in ids(choose(PLENTY, str(number), "interview")))
    assert set(asked) == {question.id for question in PLENTY}
    assert min(asked.values()) > 200  # 4 of 9, 3 of 8 and 3 of 7 of 600 are 225 and more


def test_one_question_more_changes_at_most_one() -> None:
    for number in range(100):
        before = set(ids(choose(PLENTY, str(number), "interview")))
        after = set(ids(choose([*PLENTY, Named("new", Level.BASIC)], str(number), "interview")))
        assert len(after - before) <= 1


def test_had_questions_come_only_when_the_level_has_nothing_else() -> None:
    bank = some(basic=5, moderate=3, advanced=4)
    chosen = ids(choose(bank, "x", "interview", {"basic-0", "basic-1", "basic-2", "moderate-2"}))
    assert {"basic-3", "basic-4"} <= set(chosen)
    assert len({"basic-0", "basic-1", "basic-2"} & set(chosen)) == 2
    assert "moderate-2" in chosen


def test_too_few_questions_are_told_by_level() -> None:
    with pytest.raises(TooFewQuestionsError) as refused:
        choose(some(basic=4, moderate=2), "x", "interview", topic="python")
    assert str(refused.value) == (
        "topic 'python' has too few questions: 2 moderate where 3 are asked, 0 advanced where 3 are asked; "
        "add some, or ask fewer"
    )
    assert refused.value.missing == {Level.MODERATE: 1, Level.ADVANCED: 3}


def test_a_doubled_id_and_senseless_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="'basic-0'; give one another"):
        choose([*PLENTY, PLENTY[0]], "x", "interview")
    with pytest.raises(ValueError, match="cannot ask -1 questions"):
        check_counts(PLENTY, {Level.BASIC: -1})
    with pytest.raises(ValueError, match="cannot ask 0 questions"):
        check_counts(PLENTY, {})


@given(banks, names, names, st.data(), wishes)
def test_any_bank_gives_what_was_wished_or_says_what_it_lacks(
    bank: list[Named], conversation: str, stage: str, data: st.DataObject, counts: dict[Level, int]
) -> None:
    had = data.draw(st.sets(st.sampled_from(ids(tuple(bank)))))
    if not fits(bank, counts):
        with pytest.raises(TooFewQuestionsError):
            choose(bank, conversation, stage, had, counts)
        return
    chosen = choose(bank, conversation, stage, had, counts)
    assert Counter(question.level for question in chosen) == Counter(counts)
    assert len(set(ids(chosen))) == len(chosen)
    assert [list(Level).index(q.level) for q in chosen] == sorted(list(Level).index(q.level) for q in chosen)
    for level in Level:
        left = {q.id for q in bank if q.level is level} - had
        of_level = {q.id for q in chosen if q.level is level}
        assert not of_level & had or left <= of_level


@given(st.permutations(PLENTY), names, names, st.sets(st.sampled_from(ids(tuple(PLENTY)))))
def test_the_order_in_which_questions_come_does_not_matter(
    shuffled: list[Named], conversation: str, stage: str, had: set[str]
) -> None:
    assert choose(shuffled, conversation, stage, had) == choose(PLENTY, conversation, stage, sorted(had))
