"""Lines on which nobody can be understood, through the whole server over sockets: nothing hangs and nothing loops, the
persona says so and offers what is left, and the call's page tells how the line was.

All of them ring at once, and a persona of few words and little patience answers, so that it takes seconds.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
import yaml

from tests.bench.turns_live.bad_lines import BAD, Outcome, play
from tests.bench.turns_live.serving import house
from tests.end_to_end.conftest import PERSONAS

OVER_WITHIN_S = 40.0
SOUNDS_FOR_S = 18.0
MOST_LINES = 7
HURRIED = {
    "id": "hurried",
    "name": "Bo",
    "flow": "assistant",
    "metadata": {"source_template_id": "test-hurried"},
    "greeting": "Hello there.",
    "patience": {"silence_ms": 500, "reprompt_after_s": 4, "maximum_reprompts": 1, "maximum_utterance_s": 5},
    "lines": {
        "reprompts": ["Hello?"],
        "silence_goodbye": "Nobody there. Bye.",
        "not_understood": "Pardon?",
        "not_understood_more": ["Once more?"],
        "not_understood_help": "Slowly, please.",
        "bad_line": "A bad line.",
        "bad_line_keys": "Press zero to end.",
        "closing_bad_line": "Still bad. Ring again. Bye.",
    },
    "keys": {"1": "what can you do", "0": "goodbye"},
    "knowledge": [{"id": "able", "ask": ["what can you do", "what can you do for me"], "answer": "Little enough."}],
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What came of every bad line, by its name."""
    folder = tmp_path_factory.mktemp("bad-input")
    personas = folder / "personas"
    shutil.copytree(PERSONAS / "questions", personas / "questions")
    (personas / "hurried.yaml").write_text(yaml.safe_dump(HURRIED), encoding="utf-8")
    return {outcome.bad.name: outcome for outcome in asyncio.run(everyone(folder, personas))}


async def everyone(folder: Path, personas: Path) -> list[Outcome]:
    async with house(folder, "hurried", personas) as lodging:
        return await asyncio.gather(
            *(play(lodging, bad, place, OVER_WITHIN_S, SOUNDS_FOR_S) for place, bad in enumerate(BAD))
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", [bad.name for bad in BAD])
def test_a_call_on_a_bad_line_is_soon_over_and_says_little(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]
    assert outcome.seconds is not None, f"it never ended: {outcome.agent}"
    assert outcome.seconds < OVER_WITHIN_S
    assert len(outcome.agent) <= MOST_LINES


@pytest.mark.slow
@pytest.mark.parametrize("name", [bad.name for bad in BAD if bad.told])
def test_the_persona_says_that_the_line_is_bad_and_what_can_be_done(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]
    assert "A bad line. Press zero to end." in outcome.agent
    last = {
        "bad-line": "Still bad. Ring again. Bye.",
        "caller-silent": "Nobody there. Bye.",
        "time-up": "Time is up. Bye.",
    }
    assert outcome.agent[-1] == last[outcome.end_reason]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dead silence", "a fax that calls"])
def test_where_nobody_speaks_the_call_ends_as_with_anybody_who_is_silent(
    outcomes: dict[str, Outcome], name: str
) -> None:
    assert outcomes[name].end_reason == "caller-silent"
    assert outcomes[name].caller == []


@pytest.mark.slow
def test_nobody_answers_music_whatever_a_recogniser_makes_of_it(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["music, words invented"].caller == []


@pytest.mark.slow
def test_a_caller_on_a_speakerphone_is_served_all_the_same(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a speakerphone"]
    assert len(outcome.caller) == 2
    assert all(text.endswith("What can you do for me?") for text in outcome.caller)
    assert len(outcome.agent) == 3, "a greeting and two answers; its own echo is none of the caller's"
    assert outcome.end_reason == "caller-hung-up"


@pytest.mark.slow
@pytest.mark.parametrize("name", [bad.name for bad in BAD if bad.page])
def test_the_calls_page_tells_how_the_line_was(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]
    assert any(words in outcome.page for words in outcome.bad.page.split("|")), outcome.page
