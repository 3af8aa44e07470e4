"""The tables in docs/interviews.md are those that hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.dialogue.interviewing.life import OF_INTERVIEW, OF_QUESTION
from app.personas.conduct import Conduct

TEXT = (Path(__file__).parents[3] / "docs" / "interviews.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("title", "table"), [("question", OF_QUESTION), ("interview", OF_INTERVIEW)])
def test_the_lives_are_drawn_as_they_are(title: str, table: Mapping[tuple[str, str], str]) -> None:
    part = TEXT.split(f"### The life of {'a' if title == 'question' else 'an'} {title}\n")[1].split("\n###")[0]
    rows = [f"| {at} | {cause} | {to} |" for (at, cause), to in table.items()]
    assert [line for line in part.splitlines() if line.startswith("| ")][1:] == rows


def test_the_keys_are_those_of_the_conduct() -> None:
    told: dict[str, str] = {}
    for names, keys in re.findall(r"^\| ([a-z, ]+) \| (`.+?`) \|", TEXT, re.MULTILINE):
        told.update(zip(re.findall(r"`(.)`", keys), names.replace("more time", "more-time").split(", "), strict=True))
    assert told == Conduct().keys
