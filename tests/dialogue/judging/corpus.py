"""Graded answers: what was asked, what was said, and what a fair person makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.dialogue.judging.judgement import Question as Asked
from app.dialogue.judging.points import Verdict
from app.personas.questions import load_questions

HERE = Path(__file__).parent
OWN = ("questions", "own_questions", "second_questions", "third_questions", "fourth_questions", "fifth_questions")
"""Files with questions that are in no bank."""
OWN_SETS = ("blind", "second_own", "third_own", "fourth_own", "fifth_own")
BANK = Path(__file__).parents[3] / "personas" / "questions"


@dataclass(frozen=True, slots=True)
class KeyPoint:
    id: str
    point: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    key_points: tuple[KeyPoint, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Graded:
    """`sort`: plain, misheard, evasive, hostile …"""

    question: Asked
    text: str
    key: Verdict
    sort: str


@cache
def questions(own: bool) -> dict[str, Asked]:
    """By id: the bench's own, or the bank's."""
    if own:
        return {item["id"]: _question(item) for name in OWN for item in _read(name)}
    return {question.id: question for _, question in load_questions(BANK).everything()}


def answers(name: str) -> Iterator[Graded]:
    """The graded answers of `name`.yaml. Of `OWN_SETS` and own_….yaml they are to the bench's own
    questions."""
    known = questions(name in OWN_SETS or name.startswith("own"))
    for id_, keys in _read(name).items():
        for key, texts in keys.items():
            verdict, _, sort = key.partition("/")
            for text in texts:
                yield Graded(known[id_], text, Verdict(verdict), sort or "plain")


def held_back(graded: Graded) -> bool:
    """Whether this answer is in the half of its lot that was looked at only when the judge was done."""
    return bool(hashlib.sha256(graded.text.encode()).digest()[0] & 1)


def _question(item: dict[str, Any]) -> Question:
    points = tuple(
        KeyPoint(id_, ", ".join(point), tuple(map(str, wordings))) for id_, (*point, wordings) in item["points"].items()
    )
    return Question(item["id"], item["text"], points, item["hint"])


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
