"""The real SDK's speech against a local Sarvam: what it sends, who speaks, and what is passed on when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from app.audio.sound import Sound
from app.personas.schema import Persona
from app.speech.protocols import ProviderError
from app.speech.sarvam_voice import SarvamTextToSpeech
from tests.vendors.elevenlabs_speech import wav
from tests.vendors.elevenlabs_stand_in import Answer, StandIn
from tests.vendors.sarvam_stand_in import (
    KEY,
    SECRET_TEXT,
    SPEECH,
    context,
    heard,
    persona,
)


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[SarvamTextToSpeech]:
    async with aclosing(SarvamTextToSpeech(context(vendor.url))) as made:
        yield made


async def test_speech_is_asked_for_as_the_vendor_documents_it(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    await heard(voice, persona("hi-IN", speaker="ritu", pace=1.2, temperature=0.4))
    [asked] = vendor.posts
    assert (asked.path, asked.query) == ("/text-to-speech/stream", {})
    assert asked.headers["api-subscription-key"] == KEY
    assert asked.json == {
        "text": SECRET_TEXT,
        "language_code": "hi-IN",
        "speaker": "ritu",
        "model": "bulbul:v3",
        "pace": 1.2,
        "temperature": 0.4,
        "speech_sample_rate": 8000,
        "output_audio_codec": "mulaw",
    }


@pytest.mark.parametrize(
    ("who", "settings", "sent"),
    [
        (persona("en"), {}, ("bulbul:v3", "shubh", "en-IN")),
        (persona("or"), {"SARVAM_SPEAKER": "neha"}, ("bulbul:v3", "neha", "od-IN")),
        (persona("te", language_code="ta-IN"), {}, ("bulbul:v3", "shubh", "ta-IN")),
        (persona("hi", speaker="anand"), {"SARVAM_SPEAKER": "neha"}, ("bulbul:v3", "anand", "hi-IN")),
        (persona(), {"SARVAM_TTS_MODEL": "bulbul:v4-flash"}, ("bulbul:v4-flash", "shubh_enhi_ads", "hi-IN")),
        (persona(model="bulbul:v9"), {}, ("bulbul:v9", None, "hi-IN")),
    ],
)
async def test_the_persona_s_voice_goes_before_the_operator_s_and_the_vendor_s(
    vendor: StandIn, who: Persona, settings: dict[str, str], sent: tuple[Any, ...]
) -> None:
    async with aclosing(SarvamTextToSpeech(context(vendor.url, **settings))) as voice:
        await heard(voice, who)
        assert voice.model(who) == sent[0]
    body = vendor.posts[0].json
    assert (body["model"], body.get("speaker"), body["language_code"]) == sent
    assert set(body) <= {"text", "model", "speaker", "language_code", "speech_sample_rate", "output_audio_codec"}


async def test_v4_is_not_told_a_temperature(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    await heard(voice, persona(model="bulbul:v4-flash", temperature=0.4, pace=0.9))
    assert ("temperature" in vendor.posts[0].json, vendor.posts[0].json["pace"]) == (False, 0.9)


async def test_a_voice_s_key_changes_with_all_that_changes_its_sound(voice: SarvamTextToSpeech) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"speaker": "ritu"},
        {"model": "bulbul:v3-beta"},
        {"pace": 0.9},
        {"temperature": 0.1},
    ]
    keys = {voice.voice_key(persona("hi", **change)) for change in changes} | {voice.voice_key(persona("ta"))}
    assert len(keys) == 6
    assert voice.voice_key(persona("hi")) == voice.voice_key(persona("hi-IN", speaker="shubh"))


async def test_speech_is_passed_on_untouched_as_it_comes(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    cuts = [0, 1, 3, 100, 161, 400, 401, 3000, 7990, 8000]
    vendor.answer = Answer(tuple(SPEECH[a:b] for a, b in pairwise(cuts)), pause_s=0.005)
    sounds = [part for part in await heard(voice) if isinstance(part, Sound)]
    assert b"".join(sound.data for sound in sounds) == SPEECH
    assert {(sound.rate_hz, sound.encoding) for sound in sounds} == {(8000, "mulaw")}
    assert all(sound.duration_ms >= 20 for sound in sounds[:-1])
    assert len(sounds) > 3


async def test_the_first_piece_does_not_wait_for_the_second(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    vendor.answer = Answer((SPEECH[:160],), ending="open")
    async with asyncio.timeout(2), aclosing(voice.speak(SECRET_TEXT, persona())) as sounds:
        assert (await anext(sounds)).data == SPEECH[:160]


@pytest.mark.parametrize("size", [8000, 0, 0xFFFFFFFF])
async def test_a_wav_s_header_is_never_heard(vendor: StandIn, voice: SarvamTextToSpeech, size: int) -> None:
    whole = wav(SPEECH, size)
    vendor.answer = Answer(tuple(whole[place : place + 50] for place in range(0, len(whole), 50)))
    assert b"".join(part.data for part in await heard(voice) if isinstance(part, Sound)) == SPEECH


async def test_a_text_beyond_what_the_vendor_takes_is_cut_between_words_and_spoken_whole(
    vendor: StandIn, voice: SarvamTextToSpeech
) -> None:
    text = "नमस्ते दुनिया " * 400
    sounds = await heard(voice, text=text)
    sent = [request.json["text"] for request in vendor.posts]
    assert "".join(sent) == text
    assert [len(part) <= 2500 and part.endswith(" ") for part in sent] == [True] * 3
    assert b"".join(part.data for part in sounds if isinstance(part, Sound)) == SPEECH * 3
    vendor.requests.clear()
    await heard(voice, text="x" * 2600)
    assert [len(request.json["text"]) for request in vendor.posts] == [2500, 100]


@pytest.mark.parametrize("text", ["", " \n", "…", "— !"])
async def test_what_cannot_be_said_costs_nothing(vendor: StandIn, voice: SarvamTextToSpeech, text: str) -> None:
    assert await heard(voice, text=text) == []
    assert vendor.requests == []


REFUSED = [
    (persona(model="bulbul:v2"), {}, "personas/assistant.yaml: voice.sarvam.model: bulbul:v2 is gone", "bulbul:v3"),
    (persona(), {"SARVAM_TTS_MODEL": "bulbul:v2"}, "SARVAM_TTS_MODEL: bulbul:v2 is gone", "bulbul:v3"),
    (persona(speaker="Ritu"), {}, "personas/assistant.yaml: voice.sarvam.speaker: ", "lower case; write ritu"),
    (persona(), {"SARVAM_SPEAKER": "Ritu"}, "SARVAM_SPEAKER: ", "lower case; write ritu"),
    (persona(speaker="anushka"), {}, "personas/assistant.yaml: voice.sarvam.speaker: anushka", "ritu"),
    (persona(speaker="simran_en_customer"), {}, "personas/assistant.yaml: voice.sarvam.speaker: simran_en", "ritu"),
    (persona(model="bulbul:v4-flash"), {"SARVAM_SPEAKER": "ritu"}, "SARVAM_SPEAKER: ritu", "like shubh_enhi_ads"),
    (persona(language_code="ur-IN"), {}, "personas/assistant.yaml: voice.sarvam.language_code: ", "hi-IN"),
]


@pytest.mark.parametrize(("who", "settings", "begins", "says"), REFUSED)
async def test_what_can_never_be_spoken_is_refused(
    vendor: StandIn, who: Persona, settings: dict[str, str], begins: str, says: str
) -> None:
    async with aclosing(SarvamTextToSpeech(context(vendor.url, **settings))) as voice:
        refusal = voice.refuse(who) or ""
        assert refusal.startswith(begins)
        assert says in refusal
        with pytest.raises(ProviderError) as told:
            await heard(voice, who)
        assert (told.value.kind, str(told.value)) == ("refused", refusal)
        [finding] = await voice.check([who])
        assert (finding.ok, f"{finding.about}: {finding.says}") == (False, refusal)
    assert vendor.requests == []


@pytest.mark.parametrize("speaker", ["ritu", "somebody"])
async def test_a_speaker_that_may_be_new_is_the_vendor_s_to_judge(voice: SarvamTextToSpeech, speaker: str) -> None:
    assert voice.refuse(persona(speaker=speaker)) is None


async def test_a_language_it_does_not_speak_is_another_provider_s(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    assert voice.refuse(persona("fr")) is None
    with pytest.raises(ProviderError) as told:
        await heard(voice, persona("fr"))
    assert (told.value.kind, vendor.requests) == ("unfit", [])
