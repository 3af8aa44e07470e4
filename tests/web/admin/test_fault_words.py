"""A provider's fault, as the call's page tells it."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from app.runtime.reporting import Stage
from app.speech.protocols import FaultKind
from app.web.admin.fault_words import fault_words, why_of

STAGES, KINDS = get_args(Stage), get_args(FaultKind)


@pytest.mark.parametrize(("stage", "kind", "then"), [*product(STAGES, KINDS, ("again", "sarvam", "nobody"))])
def test_every_fault_is_told_in_whole_sentences(stage: str, kind: str, then: str) -> None:
    what, why = fault_words({"stage": stage, "provider": "groq", "kind": kind, "took_ms": 1200, "then": then})
    assert what.startswith("Groq could not ")
    first, *_ = why.split(". ")
    assert why_of(kind).startswith(first), "every kind has a sentence of its own"
    assert "1200 ms" in why
    ends = {"again": "once more", "sarvam": "Sarvam took over", "nobody": "Nobody"}
    assert ends[then] in why
    assert why.endswith(".")


def test_each_kind_has_a_sentence_of_its_own() -> None:
    assert len({why_of(kind) for kind in KINDS} - {""}) == len(KINDS)
    assert why_of("timed-out") == ""


def test_names_are_written_as_their_owners_write_them() -> None:
    told = {name: fault_words({"stage": "speak", "provider": name})[0] for name in ("elevenlabs", "offline", None)}
    assert told == {
        "elevenlabs": "ElevenLabs could not speak a sentence",
        "offline": "This machine could not speak a sentence",
        None: "A provider could not speak a sentence",
    }


def test_one_that_was_not_even_asked_is_told_so() -> None:
    _, why = fault_words({"stage": "speak", "provider": "groq", "kind": "quota", "took_ms": 0, "then": "sarvam"})
    assert "not asked now" in why
    assert " ms" not in why
