"""Judgements in the shape of chat that vendors share: the form told, and what comes back filled in."""

from __future__ import annotations

import json
from types import SimpleNamespace as Given
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from app.dialogue.flow import ModelRequest
from app.speech.chat_judgement import content, filled, strict_format, with_schema
from app.speech.protocols import ProviderError


class Score(BaseModel):
    """How it went."""

    points: Annotated[int, Field(ge=0, le=5)] = 0
    kind: Literal["good", "bad"]


class Card(BaseModel):
    scores: list[Score]
    note: str | None = None


def test_a_strict_schema_requires_everything_and_says_nothing_that_strict_servers_do_not_know() -> None:
    told = strict_format(Card)
    assert told is not None
    assert (told["type"], told["json_schema"]["name"], told["json_schema"]["strict"]) == ("json_schema", "Card", True)
    assert told["json_schema"]["schema"] == {
        "$defs": {
            "Score": {
                "description": "How it went.",
                "type": "object",
                "properties": {"points": {"type": "integer"}, "kind": {"type": "string", "enum": ["good", "bad"]}},
                "required": ["points", "kind"],
                "additionalProperties": False,
            }
        },
        "type": "object",
        "properties": {
            "scores": {"type": "array", "items": {"$ref": "#/$defs/Score"}},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        },
        "required": ["scores", "note"],
        "additionalProperties": False,
    }


class ByName(BaseModel):
    points: dict[str, int]


class Tree(BaseModel):
    branches: list[Tree]


@pytest.mark.parametrize("form", [ByName, Tree])
def test_a_form_that_strictness_has_no_words_for_is_not_told_strictly(form: type[BaseModel]) -> None:
    assert strict_format(form) is None


def test_other_servers_are_told_the_schema_in_words() -> None:
    told = with_schema(ModelRequest("Judge.", ()), Score).instructions
    assert told.startswith("Judge.\n\n")
    assert json.loads(told.splitlines()[-1])["properties"]["points"] == {
        "type": "integer", "default": 0, "minimum": 0, "maximum": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "good"}',
        '```json\n{"kind": "good"}\n```',
        'Here you are: {"kind": "good"}. Anything else?',
        '<think>{"kind": "bad"}</think>{"kind": "good"}',
        'I think {"kind": "bad"} </think>\n{"kind": "good"}',
    ],
)
def test_a_judgement_is_found_among_thought_words_and_fences(text: str) -> None:
    assert filled(text, Score, "Acme") == Score(kind="good")


@pytest.mark.parametrize(
    "text", ["", "good", "{", "[]", "7", '{"kind": "fair"}', '{"kind": "good", "points": 9}', "{" * 5000]
)
def test_what_does_not_fit_the_form_is_rubbish_and_is_not_quoted(text: str) -> None:
    with pytest.raises(ProviderError, match="does not fit its form") as told:
        filled(text, Score, "Acme")
    assert told.value.kind == "rubbish"
    assert "fair" not in str(told.value)


@pytest.mark.parametrize(
    "answer",
    [None, Given(choices=[]), Given(choices=[Given(message=None)]), Given(choices=[Given(message=Given(content=7))])],
)
def test_an_answer_without_text_is_no_judgement(answer: Any) -> None:
    with pytest.raises(ProviderError, match="without a judgement"):
        content(answer, "Acme")
