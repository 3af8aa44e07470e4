"""What every registered provider must keep to, whichever it is; those that need a key say so and are left out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from app.audio.sound import Sound
from app.dialogue.flow import Plan
from app.personas.schema import OfflineVoice, Persona, Voice
from app.speech.protocols import Provider, ProviderContext, WordEnds
from app.speech.registry import UnknownProvider, language_models, providers, speech_to_texts, text_to_speeches
from tests.speech.callers import PERSONAS, noises, spoken

#: Providers that work with nothing but this machine. A vendor's own tests run against its stand-in server.
HERE = ("mock", "offline")
PERSONA = PERSONAS["assistant"]
CONTEXT = ProviderContext({PERSONA.id: PERSONA}, {"OFFLINE_WORKERS": "1"})

pytestmark = pytest.mark.asyncio(loop_scope="module")


def made(part: str) -> list[Any]:
    return [
        pytest.param(getattr(providers()[name], part), id=name) for name in HERE if getattr(providers()[name], part)
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=made("speech_to_text"))
async def recogniser(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    part = request.param(CONTEXT)
    await part.warm()
    yield part
    await part.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=made("text_to_speech"))
async def voice(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    part = request.param(CONTEXT)
    await part.warm()
    yield part
    await part.aclose()


@pytest.mark.parametrize("name", list(providers()))
async def test_a_provider_is_registered_under_its_own_name_and_offers_something(name: str) -> None:
    provider = providers()[name]
    assert isinstance(provider, Provider)
    assert provider.name == name
    assert any((provider.speech_to_text, provider.language_model, provider.text_to_speech))
    assert all(setting == setting.upper() for setting in provider.settings)


async def test_a_recogniser_gives_words_and_a_confidence_between_0_and_1(recogniser: Any) -> None:
    heard = await recogniser.transcribe(spoken("good morning"), PERSONA)
    assert heard.text
    assert heard.confidence is None or 0 <= heard.confidence <= 1


async def test_a_recogniser_can_be_cancelled_and_used_again(recogniser: Any) -> None:
    begun = asyncio.ensure_future(recogniser.transcribe(spoken("good morning"), PERSONA))
    await asyncio.sleep(0)
    begun.cancel()
    with contextlib.suppress(asyncio.CancelledError):  # unless it had answered already
        await begun
    assert (await recogniser.transcribe(spoken("good morning"), PERSONA)).text


@pytest.mark.parametrize("model", made("language_model"))
async def test_a_model_that_is_asked_nothing_special_gives_the_flow_s_own_words(model: Callable[..., Any]) -> None:
    text = "We open at 8.30 a.m. on Monday. Would you like a table? Just say yes…"
    part = model(CONTEXT)
    assert "".join([piece async for piece in part.reply(Plan(text, None), PERSONA)]) == text
    await part.aclose()


async def test_a_voice_speaks_in_one_rate_and_encoding_and_longer_for_more_words(voice: Any) -> None:
    async def sounds(text: str) -> list[Sound]:
        return [part async for part in voice.speak(text, PERSONA) if isinstance(part, Sound)]

    short, long = await sounds("Yes."), await sounds("Good morning, how can I help you today?")
    assert len({(sound.rate_hz, sound.encoding) for sound in (*short, *long)}) == 1
    assert 200 <= sum(sound.duration_ms for sound in short) < sum(sound.duration_ms for sound in long)


async def test_a_voice_that_tells_where_words_end_tells_it_of_the_text_s_words_in_order(voice: Any) -> None:
    text = "Good morning, how can I help you today?"
    parts = [part async for part in voice.speak(text, PERSONA)]
    length_ms = sum(part.duration_ms for part in parts if isinstance(part, Sound))
    ends = [end for part in parts if isinstance(part, WordEnds) for end in part.ends]
    assert all(a < b and c < d for (a, c), (b, d) in pairwise(ends))
    assert all(
        0 <= ms <= length_ms and text[:place].split() == text.split()[: at + 1] for at, (ms, place) in enumerate(ends)
    )


async def test_a_voice_takes_the_personas_of_the_house(voice: Any) -> None:
    assert [refusal for persona in PERSONAS.values() if (refusal := voice.refuse(persona))] == []


@pytest.mark.parametrize("make", [speech_to_texts, language_models, text_to_speeches])
async def test_an_unknown_name_is_told_with_the_setting_and_the_known_ones(make: Callable[..., Any]) -> None:
    with pytest.raises(UnknownProvider, match=r"^(STT|LLM|TTS)_PROVIDER: .*'wisper'.*mock.*offline") as told:
        make(["wisper"], CONTEXT)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("given", "key"), [({"voice": "en-uss"}, "voice"), ({"variant": "f77"}, "variant")])
async def test_the_offline_voice_refuses_what_espeak_does_not_have(given: dict[str, str], key: str) -> None:
    [part] = text_to_speeches(["offline"], CONTEXT)
    refusal = part.refuse(with_voice(OfflineVoice(**given)))
    assert refusal is not None
    assert "\n" not in refusal
    assert refusal.startswith(f"personas/assistant.yaml: voice.offline.{key}: ")
    assert {"voice": "en-us,", "variant": "f1"}[key] in f"{refusal},"


def with_voice(voice: OfflineVoice) -> Persona:
    return PERSONA.model_copy(update={"voice": Voice(offline=voice)})


async def test_the_mock_knows_a_turn_again_that_was_asked_about_before_it_was_over() -> None:
    [part] = speech_to_texts(["mock"], ProviderContext({}, {"MOCK_TRANSCRIPTS": "one|two"}))
    begun, whole, other = (Sound(data, 8000, "mulaw") for data in (b"\x10" * 800, b"\x10" * 1600, b"\x20" * 800))
    heard = [await part.transcribe(sound, PERSONA) for sound in (begun, whole, other, begun)]
    assert [transcript.text for transcript in heard] == ["one", "one", "two", "one"]


async def test_the_mock_says_its_script_in_turn() -> None:
    [part] = speech_to_texts(["mock"], ProviderContext({}, {"MOCK_TRANSCRIPTS": "one|two"}))
    say: Callable[[], Awaitable[Any]] = lambda: part.transcribe(noises()[0], PERSONA)  # noqa: E731
    assert [(await say()).text for _ in range(3)] == ["one", "two", "one"]
