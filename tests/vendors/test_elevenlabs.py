"""The real SDK against a local ElevenLabs: what it sends, and what it makes of a good answer."""

from __future__ import annotations

import asyncio
import io
import math
import struct
import wave
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from app.audio.sound import Sound
from app.speech.elevenlabs import PROVIDER, ElevenLabsTextToSpeech
from app.speech.elevenlabs_hearing import ElevenLabsSpeechToText
from app.speech.protocols import ProviderContext, ProviderError
from tests.vendors.elevenlabs_speech import PLAIN, SECRET_TEXT, SPEECH, TURN, context, heard, persona, wav
from tests.vendors.elevenlabs_stand_in import KEY, Answer, StandIn, transcript


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[ElevenLabsTextToSpeech]:
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url))) as made:
        yield made


@pytest_asyncio.fixture
async def ear(vendor: StandIn) -> AsyncIterator[ElevenLabsSpeechToText]:
    async with aclosing(ElevenLabsSpeechToText(context(vendor.url))) as made:
        yield made


BOTH_WAYS = pytest.mark.parametrize("timestamps", [True, False])


@pytest.mark.parametrize(
    ("timestamps", "path"),
    [
        (True, "/v1/text-to-speech/Voice1/stream/with-timestamps"),
        (False, "/v1/text-to-speech/Voice1/stream"),
    ],
)
async def test_speech_is_asked_for_as_the_vendor_documents_it(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, timestamps: bool, path: str
) -> None:
    manner: dict[str, Any] = {
        "stability": 0.4,
        "similarity_boost": 0.8,
        "style": 0.1,
        "use_speaker_boost": True,
        "speed": 1.1,
    }
    await heard(voice, persona(timestamps=timestamps, **manner))
    [asked] = vendor.posts
    assert (asked.path, asked.query) == (path, {"output_format": "ulaw_8000"})
    assert asked.headers["xi-api-key"] == KEY
    assert asked.headers["accept-encoding"] == "identity", "packed JSON might be held back, or unfold without end"
    assert asked.headers["user-agent"].startswith("elevenlabs/")
    assert asked.json == {
        "text": SECRET_TEXT,
        "model_id": "eleven_flash_v2_5",
        "language_code": "en",
        "voice_settings": {
            "stability": 0.4,
            "similarity_boost": 0.8,
            "style": 0.1,
            "use_speaker_boost": True,
            "speed": 1.1,
        },
    }


@pytest.mark.parametrize(
    ("model", "language", "sent"),
    [
        ("eleven_flash_v2_5", "hi-IN", "hi"),
        ("eleven_turbo_v2_5", "ta", "ta"),
        ("eleven_multilingual_v2", "hi", None),
        ("eleven_flash_v2", "en-GB", None),
        ("eleven_v3", "en", None),
        ("eleven_flash_v2_5", "fil", None),  # the field takes two letters
    ],
)
async def test_only_models_that_take_a_language_are_told_it(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, model: str, language: str, sent: str | None
) -> None:
    await heard(voice, persona(language, model_id=model))
    body = vendor.posts[0].json
    assert body == {"text": SECRET_TEXT, "model_id": model} | ({"language_code": sent} if sent else {})


async def test_a_persona_without_a_voice_speaks_with_the_operators(vendor: StandIn) -> None:
    settings = {"ELEVENLABS_VOICE_ID": "House7", "ELEVENLABS_TTS_MODEL": "eleven_turbo_v2_5"}
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url, **settings))) as voice:
        for who in (PLAIN, persona(voice_id=None, speed=0.9), persona(model_id="eleven_v3")):
            assert voice.refuse(who) is None
            await heard(voice, who)
    asked = [(request.path.split("/")[3], request.json["model_id"]) for request in vendor.posts]
    assert asked == [("House7", "eleven_turbo_v2_5"), ("House7", "eleven_turbo_v2_5"), ("Voice1", "eleven_v3")]


@BOTH_WAYS
async def test_speech_is_passed_on_untouched_as_it_comes(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, timestamps: bool
) -> None:
    cuts = [0, 1, 3, 100, 161, 400, 401, 3000, 7990, 8000]
    vendor.answer = Answer(tuple(SPEECH[a:b] for a, b in pairwise(cuts)), pause_s=0.005)
    sounds = await heard(voice, persona(timestamps=timestamps))
    assert b"".join(sound.data for sound in sounds) == SPEECH
    assert {(sound.rate_hz, sound.encoding) for sound in sounds} == {(8000, "mulaw")}
    assert all(sound.duration_ms >= 20 for sound in sounds[:-1])
    assert len(sounds) > 3


@BOTH_WAYS
async def test_the_first_piece_does_not_wait_for_the_second(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, timestamps: bool
) -> None:
    vendor.answer = Answer((SPEECH[:160],), ending="open")
    async with asyncio.timeout(2), aclosing(voice.speak(SECRET_TEXT, persona(timestamps=timestamps))) as sounds:
        assert await anext(sounds) == Sound(SPEECH[:160], 8000, "mulaw")


@pytest.mark.parametrize("size", [8000, 0, 0xFFFFFFFF])
@pytest.mark.parametrize("step", [7, 50, 9000])
@BOTH_WAYS
async def test_a_wav_s_header_is_never_heard(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, size: int, step: int, timestamps: bool
) -> None:
    whole = wav(SPEECH, size) + (struct.pack("<4sI", b"id3 ", 4) + b"tags" if size == 8000 else b"")
    vendor.answer = Answer(tuple(whole[place : place + step] for place in range(0, len(whole), step)))
    sounds = await heard(voice, persona(timestamps=timestamps))
    assert b"".join(sound.data for sound in sounds) == SPEECH


async def test_a_wav_shorter_than_a_frame_is_still_a_sound(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    vendor.answer = Answer((wav(SPEECH[:80], 80),))
    assert [sound.data for sound in await heard(voice)] == [SPEECH[:80]]


async def test_a_turn_is_sent_as_the_vendor_documents_it(vendor: StandIn, ear: ElevenLabsSpeechToText) -> None:
    vendor.answer = transcript("Hello there", -0.1, -0.3)
    said = await ear.transcribe(TURN, persona("hi-IN"))
    assert said.text == "Hello there"
    assert said.confidence == pytest.approx(math.exp(-0.2))
    assert said.model == "scribe_v2"
    [asked] = vendor.posts
    assert (asked.path, asked.query, asked.headers["xi-api-key"]) == ("/v1/speech-to-text", {}, KEY)
    fields = {part.name: part.data.decode() for part in asked.parts if part.filename is None}
    nulls = dict.fromkeys(("webhook_metadata", "entity_detection", "entity_redaction"), "null")
    assert fields == {"model_id": "scribe_v2", "language_code": "hi", "tag_audio_events": "false"} | nulls
    [file] = [part for part in asked.parts if part.filename is not None]
    assert (file.name, file.filename, file.content_type) == ("file", "turn.wav", "audio/wav")
    with wave.open(io.BytesIO(file.data)) as sent:
        form = (sent.getframerate(), sent.getnchannels(), sent.getsampwidth(), sent.getnframes())
        samples = np.frombuffer(sent.readframes(sent.getnframes()), "<i2").astype(float)
    assert form == (16000, 1, 2, 16000)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    assert spectrum[4100:].sum() < spectrum.sum() * 1e-5, "no images of the line's band above 4 kHz"


async def test_another_model_of_scribe_can_be_set(vendor: StandIn) -> None:
    vendor.answer = transcript("Yes")
    async with aclosing(ElevenLabsSpeechToText(context(vendor.url, ELEVENLABS_STT_MODEL="scribe_v3"))) as ear:
        assert (await ear.transcribe(TURN, persona())).confidence is None
    assert [part.data for part in vendor.posts[0].parts if part.name == "model_id"] == [b"scribe_v3"]


async def test_silence_is_no_words(vendor: StandIn, ear: ElevenLabsSpeechToText) -> None:
    vendor.answer = transcript("  ")
    assert (await ear.transcribe(TURN, persona())).text == ""
    assert (await ear.transcribe(Sound(b"", 8000, "mulaw"), persona())).text == ""
    assert len(vendor.posts) == 1, "there is nothing to ask about no sound"


async def test_warming_up_at_a_vendor_that_is_away_is_no_failure() -> None:
    async with aclosing(ElevenLabsTextToSpeech(context("http://127.0.0.1:1"))) as voice:
        await voice.warm()
        with pytest.raises(ProviderError, match="cannot be reached") as told:
            await heard(voice)
    assert told.value.kind == "unreachable"


async def test_without_a_key_nothing_is_asked_and_the_setting_is_named(vendor: StandIn) -> None:
    keyless = ProviderContext({}, {"ELEVENLABS_BASE_URL": vendor.url})
    async with aclosing(ElevenLabsTextToSpeech(keyless)) as voice, aclosing(ElevenLabsSpeechToText(keyless)) as ear:
        assert voice.refuse(persona()) is None, "it may be a mere fallback: the house starts"
        await voice.warm()
        await ear.warm()
        for ask in (lambda: heard(voice), lambda: ear.transcribe(TURN, persona())):
            with pytest.raises(ProviderError, match="set ELEVENLABS_API_KEY") as told:
                await ask()
            assert told.value.kind == "key"
    assert vendor.requests == []


async def test_what_is_missing_is_said_when_warming_up(vendor: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("app.speech.elevenlabs._log.warning", lambda _, **more: said.append(more["reason"]))
    others = {"ELEVENLABS_BASE_URL": vendor.url}
    async with aclosing(ElevenLabsTextToSpeech(ProviderContext({PLAIN.id: PLAIN}, others))) as voice:
        await voice.warm()
        await voice.warm()  # callers speak, and it is called again: once is enough to be told
    assert len(said) == 2
    assert "ELEVENLABS_API_KEY" in said[0]
    assert "voice.elevenlabs.voice_id" in said[1]
    assert PLAIN.id in said[1]


async def test_a_persona_with_no_voice_at_all_is_told_which_key_and_setting(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    assert voice.refuse(PLAIN) is None
    with pytest.raises(ProviderError, match=r"voice\.elevenlabs\.voice_id .* ELEVENLABS_VOICE_ID"):
        await heard(voice, PLAIN)
    assert vendor.requests == []


async def test_what_can_never_be_spoken_is_refused(vendor: StandIn) -> None:
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url, ELEVENLABS_VOICE_ID="../x"))) as voice:
        assert (voice.refuse(PLAIN) or "").startswith("ELEVENLABS_VOICE_ID is not")
        refusal = voice.refuse(persona("hi", model_id="eleven_flash_v2")) or ""
        assert refusal.startswith("personas/assistant.yaml: voice.elevenlabs.model_id: ")
        with pytest.raises(ProviderError, match="letters and digits"):
            await heard(voice, PLAIN)
    assert vendor.requests == []


async def test_blank_text_costs_nothing(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    assert await heard(voice, text=" \n") == []
    assert vendor.requests == []


async def test_the_same_key_is_the_same_sound_and_another_voice_manner_or_language_another_key(vendor: StandIn) -> None:
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url))) as voice:
        others = [
            persona(),
            persona(voice_id="Voice2"),
            persona(model_id="eleven_turbo_v2_5"),
            persona(speed=0.9),
            persona(language="hi"),
        ]
        assert len({voice.voice_key(other) for other in others}) == len(others)
        assert voice.voice_key(persona()) == voice.voice_key(persona())
        assert voice.voice_key(persona("en-GB")) == voice.voice_key(persona("en")), "the model is told the same"
        assert voice.voice_key(PLAIN) == "", "no voice, nothing to keep"
        assert voice.model(persona(model_id="eleven_v3")) == "eleven_v3"
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url, ELEVENLABS_VOICE_ID="House7"))) as house:
        assert "House7" in house.voice_key(PLAIN)


def test_the_provider_offers_speech_both_ways_and_no_thought() -> None:
    assert (PROVIDER.speech_to_text, PROVIDER.language_model, PROVIDER.text_to_speech) == (
        ElevenLabsSpeechToText,
        None,
        ElevenLabsTextToSpeech,
    )
