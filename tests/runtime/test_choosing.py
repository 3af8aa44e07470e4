"""The start goes on with what there is, and says what there isn't."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from app.main import choose_providers
from app.personas.problems import PersonaError
from app.runtime.cast import cast_personas
from app.runtime.choosing import check_voices, those_known
from app.settings import load_settings
from app.speech.protocols import ProviderContext
from app.speech.registry import UnknownProvider, language_models, speech_to_texts
from tests.runtime.acting import Actor
from tests.stories.stage import persona

NOTHING = ProviderContext({})
REFUSAL = "personas/tester.yaml: voice.one.voice: there is no voice 'klingon'"


def test_a_name_that_nobody_has_is_told_with_its_setting_and_the_others_are_used() -> None:
    with capture_logs() as logs:
        made = those_known(("oracle", "mock", "seer"), speech_to_texts, NOTHING)
    assert [part.name for part in made] == ["mock"]
    assert [line["log_level"] for line in logs] == ["warning"] * 2
    for line, name in zip(logs, ("oracle", "seer"), strict=True):
        assert "STT_PROVIDER" in line["says"]
        assert name in line["says"]


def test_nothing_but_such_names_stops_the_start() -> None:
    with pytest.raises(UnknownProvider, match=r"LLM_PROVIDER.*oracle"):
        those_known(("oracle", "seer"), language_models, NOTHING)


def voices(*actors: Actor) -> list[Any]:
    return list(actors)


def test_a_voice_that_a_persona_cannot_have_is_told_once_and_passed_over() -> None:
    refusing = Actor("one", refusal=REFUSAL)
    with capture_logs() as logs:
        check_voices(voices(refusing, Actor("two")), [persona(), persona(id="other")])
    (line,) = logs
    assert (line["event"], line["provider"], line["says"]) == ("voice_refused", "one", REFUSAL)


def test_a_persona_that_no_voice_can_speak_stops_the_start() -> None:
    with pytest.raises(PersonaError, match="klingon"):
        check_voices(voices(Actor("one", refusal=REFUSAL), Actor("two", refusal="no")), [persona()])


def test_voices_that_all_can_are_not_worth_a_word() -> None:
    with capture_logs() as logs:
        check_voices(voices(Actor("one"), Actor("two")), [persona()])
    assert logs == []


def test_a_house_is_put_together_around_a_misspelt_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STT_PROVIDER", "LLM_PROVIDER", "TTS_PROVIDER"):
        monkeypatch.setenv(name, "oracle,mock")
    settings = load_settings(None)
    _, bank = cast_personas(settings.personas_dir, settings.default_persona)
    with capture_logs() as logs:
        made = choose_providers(settings, {"tester": persona()}, bank)
    assert [(stage, name) for stage, name, _ in made.states()] == [
        ("transcribe", "mock"),
        ("reply", "mock"),
        ("speak", "mock"),
    ]
    assert [line["says"].partition(":")[0] for line in logs] == ["TTS_PROVIDER", "STT_PROVIDER", "LLM_PROVIDER"]
