"""The real SDK's transcription against a local Sarvam: what it sends, and how a long turn is cut and joined."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import numpy as np
import pytest
import pytest_asyncio

from app.audio.mulaw import encode
from app.audio.sound import Sound
from app.speech.protocols import ProviderError, Transcript
from app.speech.sarvam_hearing import SarvamSpeechToText
from tests.vendors.elevenlabs_stand_in import Answer, Request, StandIn
from tests.vendors.sarvam_stand_in import (
    HEARD,
    KEY,
    TURN,
    answering,
    context,
    error,
    fields_of,
    file_of,
    persona,
    samples_of,
    transcript,
)


@pytest_asyncio.fixture
async def ear(vendor: StandIn) -> AsyncIterator[SarvamSpeechToText]:
    vendor.answer = transcript()
    async with aclosing(SarvamSpeechToText(context(vendor.url))) as made:
        yield made


async def test_a_turn_is_sent_as_the_vendor_documents_it(vendor: StandIn, ear: SarvamSpeechToText) -> None:
    said = await ear.transcribe(TURN, persona("hi-IN"))
    assert said == Transcript(HEARD, None, "saaras:v3"), "sure of the language is not sure of the words"
    [asked] = vendor.posts
    assert (asked.path, asked.query, asked.headers["api-subscription-key"]) == ("/speech-to-text", {}, KEY)
    assert asked.headers["user-agent"].startswith("sarvamai/")
    wanted = {"model": "saaras:v3", "mode": "codemix", "language_code": "hi-IN", "keyterms": "null"}
    assert fields_of(asked) == wanted
    [file] = [part for part in asked.parts if part.filename is not None]
    assert (file.name, file.filename, file.content_type) == ("file", "turn.wav", "audio/wav")
    samples = samples_of(file.data)
    assert len(samples) == 16000
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    assert spectrum[4100:].sum() < spectrum.sum() * 1e-5, "no images of the line's band above 4 kHz"


@pytest.mark.parametrize(
    ("language", "code", "mode"),
    [
        ("hi", "hi-IN", "codemix"),
        ("ta-IN", "ta-IN", "codemix"),
        ("ta-SG", "ta-IN", "codemix"),
        ("kok", "kok-IN", "codemix"),
        ("or-IN", "od-IN", "codemix"),
        ("od", "od-IN", "codemix"),
        ("en", "en-IN", "transcribe"),
        ("en-GB", "en-IN", "transcribe"),
        ("fr", "unknown", "transcribe"),
    ],
)
async def test_the_language_is_the_persona_s_in_the_vendor_s_spelling(
    vendor: StandIn, ear: SarvamSpeechToText, language: str, code: str, mode: str
) -> None:
    await ear.transcribe(TURN, persona(language))
    assert {"language_code": code, "mode": mode}.items() <= fields_of(vendor.posts[0]).items()


async def test_another_model_and_mode_can_be_set_and_v4_is_told_the_persona_s_words(vendor: StandIn) -> None:
    vendor.answer = transcript("yes")
    settings = {"SARVAM_STT_MODEL": "saaras:v4", "SARVAM_STT_MODE": "verbatim"}
    who = persona().model_copy(update={"expects": ("new delhi", "x" * 65, *(f"word {n}" for n in range(60)))})
    async with aclosing(SarvamSpeechToText(context(vendor.url, **settings))) as ear:
        assert (await ear.transcribe(TURN, who)).model == "saaras:v4"
    fields = fields_of(vendor.posts[0])
    assert (fields["model"], fields["mode"]) == ("saaras:v4", "verbatim")
    terms = fields["keyterms"]
    assert terms.startswith(f'["{who.name}", "new delhi", "word 0"')
    assert (terms.count('", "') + 1, "x" * 65 in terms) == (50, False)


async def test_silence_is_no_words(vendor: StandIn, ear: SarvamSpeechToText) -> None:
    vendor.answer = transcript("  ")
    assert (await ear.transcribe(TURN, persona())).text == ""
    assert await ear.transcribe(Sound(b"", 8000, "mulaw"), persona()) == Transcript("")
    assert len(vendor.posts) == 1, "there is nothing to ask about no sound"


def loud(seconds: float, level: int) -> bytes:
    time = np.arange(int(seconds * 8000))
    return encode((np.sin(time * 0.35) * level).astype("<i2").tobytes())


LONG = loud(20, 9000) + loud(0.4, 0) + loud(20, 1500) + loud(0.4, 0) + loud(20, 6000) + loud(0.4, 0) + loud(14, 3000)
"""75 seconds with three pauses."""


BY_LEVEL = {9000: "one", 1500: "two", 6000: "three", 3000: "four"}


async def test_a_turn_beyond_what_the_vendor_takes_is_cut_in_its_pauses_and_joined_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    lengths: list[float] = []

    def words(request: Request) -> Answer:
        samples = samples_of(file_of(request))
        lengths.append(len(samples) / 16000)
        peak = np.median(np.abs(samples[4000:-4000])) * np.sqrt(2)
        said = BY_LEVEL[min(BY_LEVEL, key=lambda level: abs(level - peak))]
        return transcript(said, pause_s=0.1 if said == "one" else 0.0)

    async with answering(words) as vendor, aclosing(SarvamSpeechToText(context(vendor.url))) as ear:
        said = await ear.transcribe(Sound(LONG, 8000, "mulaw"), persona())
    assert said.text == "one two three four", "in the order they were said, whichever is answered first"
    assert sum(lengths) == pytest.approx(len(LONG) / 8000, abs=0.01)
    assert sorted(lengths) == pytest.approx([14.2, 20.2, 20.4, 20.4], abs=0.1), "each cut is in a pause"
    assert len({request.connection for request in vendor.posts}) == 4, "all at once"
    assert len({str(fields_of(request)) for request in vendor.posts}) == 1


@pytest.mark.parametrize("seconds", [28.0, 28.1, 60.0, 300.0])
async def test_no_part_is_longer_than_the_vendor_takes_and_none_too_short_to_understand(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with answering(lambda _: transcript("x")) as vendor:
        async with aclosing(SarvamSpeechToText(context(vendor.url))) as ear:
            await ear.transcribe(Sound(loud(seconds, 5000), 8000, "mulaw"), persona())
        lengths = [len(samples_of(file_of(request))) / 16000 for request in vendor.posts]
    assert sum(lengths) == pytest.approx(seconds, abs=0.01)
    assert max(lengths) <= 28.05
    assert min(lengths) >= 1.9
    assert seconds / 28.05 <= len(lengths) <= 2 * seconds / 28 + 1
    assert (len(lengths) == 1) == (seconds <= 28)


async def test_one_part_that_fails_ends_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    answers = iter([error(429, "insufficient_quota_error"), *[Answer(mute=True)] * 9])
    async with answering(lambda _: next(answers)) as vendor, aclosing(SarvamSpeechToText(context(vendor.url))) as ear:
        with pytest.raises(ProviderError) as told:
            await ear.transcribe(Sound(LONG, 8000, "mulaw"), persona())
        assert told.value.kind == "quota"
        await asyncio.wait_for(vendor.left.wait(), 0.5)
