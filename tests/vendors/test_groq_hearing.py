"""The real SDK against a local Groq: turns transcribed by Whisper."""

from __future__ import annotations

import io
import math
import wave
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio

from app.audio.sound import Sound
from app.speech.groq import GroqSpeechToText
from app.speech.groq_hearing import prompt
from app.speech.protocols import ProviderContext, ProviderError, Transcript
from tests.vendors.elevenlabs_stand_in import Answer, StandIn
from tests.vendors.groq_stand_in import KEY, PERSONA, TURN, context, segment, transcript, vendor

__all__ = ["vendor"]


@pytest_asyncio.fixture
async def ear(vendor: StandIn) -> AsyncIterator[GroqSpeechToText]:
    async with aclosing(GroqSpeechToText(context(vendor.url))) as made:
        yield made


async def test_a_turn_is_sent_as_the_vendor_documents_it(vendor: StandIn, ear: GroqSpeechToText) -> None:
    vendor.answer = transcript(segment(" Good morning", -0.21))
    assert await ear.transcribe(TURN, PERSONA) == Transcript(
        "Good morning", pytest.approx(math.exp(-0.21)), "whisper-large-v3-turbo"
    )
    [asked] = vendor.posts
    assert asked.path == "/openai/v1/audio/transcriptions"
    assert asked.query == {}
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["user-agent"].startswith("AsyncGroq/Python")
    assert asked.headers["x-stainless-retry-count"] == "0"
    assert asked.headers["x-stainless-read-timeout"] == "11.0"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    fields = {part.name: part.data.decode() for part in asked.parts if part.filename is None}
    assert fields == {
        "model": "whisper-large-v3-turbo",
        "response_format": "verbose_json",
        "language": "en",
        "prompt": prompt(PERSONA),
    }
    [file] = [part for part in asked.parts if part.filename is not None]
    assert (file.name, file.filename, file.content_type) == ("file", "turn.wav", "audio/wav")
    with wave.open(io.BytesIO(file.data)) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (16_000, 2, 1)
        assert sound.getnframes() == 16_000


async def test_another_model_and_language_are_asked_for(vendor: StandIn) -> None:
    vendor.answer = transcript(segment("namaste", -0.1))
    async with aclosing(GroqSpeechToText(context(vendor.url, GROQ_STT_MODEL="whisper-large-v3"))) as ear:
        heard = await ear.transcribe(TURN, PERSONA.model_copy(update={"language": "hi-IN"}))
        await ear.transcribe(TURN, PERSONA.model_copy(update={"language": "kok"}))
    assert heard.model == "whisper-large-v3"
    first, second = ({part.name: part.data for part in asked.parts} for asked in vendor.posts)
    assert (first["model"], first["language"]) == (b"whisper-large-v3", b"hi")
    assert "language" not in second, "the vendor knows two-letter languages"


async def test_what_an_interview_expects_is_in_the_prompt_too(vendor: StandIn) -> None:
    vendor.answer = transcript(segment("yes", -0.1))
    given = context(vendor.url)
    given = ProviderContext(given.personas, given.settings, {PERSONA.id: ("a merge sort is stable",)})
    async with aclosing(GroqSpeechToText(given)) as ear:
        await ear.transcribe(TURN, PERSONA)
    [sent] = [part.data.decode() for part in vendor.posts[0].parts if part.name == "prompt"]
    assert sent == prompt(PERSONA, ("a merge sort is stable",))


def test_the_prompt_holds_whole_phrases_and_fits_the_224_tokens_that_whisper_reads() -> None:
    many = tuple(f"नमस्ते दुनिया {number}" for number in range(100))
    made = prompt(PERSONA.model_copy(update={"expects": many}), ("and more",))
    assert made.startswith(f"{PERSONA.name}, {many[0]}, ")
    assert 700 < len(made.encode()) <= 800
    assert set(made.split(", ")) <= {PERSONA.name, *many}


@pytest.mark.parametrize(
    ("segments", "text", "confidence"),
    [
        ([segment(" Yes", -0.2, 0.9)], "Yes", math.exp(-0.2)),
        ([segment(" Yes", -1.4, 0.1)], "Yes", math.exp(-1.4)),
        ([segment(" Yes", 0.3)], "Yes", 1.0),
        ([segment(" Thank you.", -1.2, 0.8)], "", None),
        ([segment(" Yes", -0.2), segment(" Thank you.", -1.2, 0.8)], "Yes", math.exp(-0.2)),
        ([segment(" One two", -0.1, tokens=3), segment(" three.", -0.5)], "One two three.", math.exp(-0.2)),
        ([segment(" Yes", "x")], "Yes", None),
        ([segment(" Yes", math.nan)], "Yes", None),
        ([segment("  ", -0.1)], "", None),
    ],
)
async def test_what_silence_was_taken_for_is_left_out_and_the_rest_has_its_confidence(
    vendor: StandIn, ear: GroqSpeechToText, segments: list[Any], text: str, confidence: float | None
) -> None:
    vendor.answer = transcript(*segments)
    heard = await ear.transcribe(TURN, PERSONA)
    assert heard.text == text
    assert heard.confidence == (None if confidence is None else pytest.approx(confidence))
    assert heard.model == "whisper-large-v3-turbo", "silence is billed like words"


async def test_less_than_the_vendor_takes_is_not_sent(vendor: StandIn, ear: GroqSpeechToText) -> None:
    assert await ear.transcribe(Sound(TURN.data[:79], 8000, "mulaw"), PERSONA) == Transcript("")
    assert vendor.requests == []


@pytest.mark.parametrize("body", [b"<html>", b"\xff\x00\xfe", b"[]", b"{}", b'{"text": 7}', b"null", b'"words"', b""])
async def test_an_answer_that_is_no_transcript_is_an_error(vendor: StandIn, ear: GroqSpeechToText, body: bytes) -> None:
    vendor.answer = Answer((body,) if body else (), content_type="application/json")
    with pytest.raises(ProviderError, match="Groq") as told:
        await ear.transcribe(TURN, PERSONA)
    assert told.value.kind == "rubbish"
