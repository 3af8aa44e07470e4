"""Lines on which nobody can be understood, through the whole server over sockets: nothing hangs and nothing loops, the
persona says so and offers what is left, and the call's page tells how the line was.

All of them ring at once, and a persona of few words and little patience answers, so that it takes seconds.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
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


LAST_WORDS = {"bad-line": "Still bad. Ring again. Bye.", "caller-silent": "Nobody there. Bye."}
QUIET = ("dead silence", "a fax that calls")


@pytest.mark.slow
async def test_nothing_hangs_or_loops_on_a_bad_line_and_the_persona_and_the_page_say_so(tmp_path: Path) -> None:
    """One test, for the calls take their seconds, and share them."""
    personas = tmp_path / "personas"
    shutil.copytree(PERSONAS / "questions", personas / "questions")
    (personas / "hurried.yaml").write_text(yaml.safe_dump(HURRIED), encoding="utf-8")
    async with house(tmp_path, "hurried", personas) as lodging:
        outcomes = await asyncio.gather(
            *(play(lodging, bad, place, OVER_WITHIN_S, SOUNDS_FOR_S) for place, bad in enumerate(BAD))
        )
    assert {outcome.bad.name: wrong for outcome in outcomes if (wrong := list(wrongs(outcome)))} == {}


def wrongs(outcome: Outcome) -> Iterator[str]:
    """What was not as it should be."""
    bad = outcome.bad
    if outcome.seconds is None or outcome.seconds >= OVER_WITHIN_S:
        yield f"it did not end: {outcome.agent}"
    if len(outcome.agent) > MOST_LINES:
        yield f"it went round and round: {outcome.agent}"
    if bad.told and "A bad line. Press zero to end." not in outcome.agent:
        yield f"the persona did not say that the line is bad, and what can be done: {outcome.agent}"
    if bad.told and outcome.agent[-1:] != [LAST_WORDS.get(outcome.end_reason)]:
        yield f"it ended by {outcome.end_reason} with {outcome.agent[-1:]}"
    if not any(words in outcome.page for words in bad.page.split("|")):
        yield f"the call's page tells of the line: {outcome.page}"
    if bad.name in QUIET and (outcome.end_reason, outcome.caller) != ("caller-silent", []):
        yield f"nobody spoke, and it ended by {outcome.end_reason}: {outcome.caller}"
    if bad.invents and outcome.caller:
        yield f"what no caller said was answered: {outcome.caller}"
    if bad.asks:
        yield from _badly_served(outcome)


def _badly_served(outcome: Outcome) -> Iterator[str]:
    """Whoever can be understood is answered, and nothing else is."""
    heard = [text.endswith("What can you do for me?") for text in outcome.caller]
    if heard != [True, True] or len(outcome.agent) != 3 or outcome.end_reason != "caller-hung-up":
        yield f"asked twice: {outcome.caller}, {outcome.agent}, {outcome.end_reason}"
