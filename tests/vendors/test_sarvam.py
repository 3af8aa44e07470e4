"""What Sarvam's parts share, with the real SDK against a local vendor: keys, warm connections, checks."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing

import numpy as np
import pytest
import pytest_asyncio

from app.speech.protocols import Finding, ProviderContext, ProviderError
from app.speech.sarvam import PROVIDER
from app.speech.sarvam_hearing import SarvamSpeechToText
from app.speech.sarvam_voice import SarvamTextToSpeech
from tests.architecture.source import ROOT
from tests.vendors.elevenlabs_stand_in import Answer, Request, StandIn
from tests.vendors.sarvam_stand_in import (
    PLAIN,
    SPEECH,
    TURN,
    answering,
    context,
    error,
    file_of,
    heard,
    persona,
    samples_of,
    transcript,
)


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[SarvamTextToSpeech]:
    async with aclosing(SarvamTextToSpeech(context(vendor.url))) as made:
        yield made


@pytest_asyncio.fixture
async def ear(vendor: StandIn) -> AsyncIterator[SarvamSpeechToText]:
    vendor.answer = transcript()
    async with aclosing(SarvamSpeechToText(context(vendor.url))) as made:
        yield made


async def test_without_a_key_nothing_is_asked_and_the_setting_is_named_once(
    vendor: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("app.speech.sarvam_connection._log.warning", lambda _, **more: said.append(more["reason"]))
    keyless = ProviderContext({}, {"SARVAM_BASE_URL": vendor.url})
    async with aclosing(SarvamTextToSpeech(keyless)) as voice, aclosing(SarvamSpeechToText(keyless)) as ear:
        assert voice.refuse(persona()) is None, "it may be a mere fallback: the house starts"
        for _ in range(3):
            await voice.warm()
        for ask in (lambda: heard(voice), lambda: ear.transcribe(TURN, persona())):
            with pytest.raises(ProviderError, match="set SARVAM_API_KEY") as told:
                await ask()
            assert told.value.kind == "key"
        for part in (voice, ear):
            assert [(f.about, f.ok) for f in await part.check([persona()])] == [("SARVAM_API_KEY", False)]
    assert vendor.requests == []
    assert len(said) == 1


async def test_a_warm_connection_is_used_for_every_sentence(vendor: StandIn, voice: SarvamTextToSpeech) -> None:
    await asyncio.gather(*(voice.warm() for _ in range(5)))
    assert [("api-subscription-key" in request.headers) for request in vendor.requests] == [False], "once, keyless"
    for _ in range(3):
        await heard(voice)
        await voice.warm()
    assert {request.connection for request in vendor.requests} == {1}
    assert len(vendor.requests) == 4, "what was just used is warm"


async def test_a_connection_that_went_cold_is_opened_again(
    vendor: StandIn, voice: SarvamTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    await voice.warm()
    monkeypatch.setattr("app.speech.sarvam_connection._COLD_AFTER_S", 0.0)
    await voice.warm()
    assert len(vendor.requests) == 2


async def test_warming_up_at_a_vendor_that_is_away_is_no_failure() -> None:
    async with aclosing(SarvamTextToSpeech(context("http://127.0.0.1:1"))) as voice:
        await voice.warm()
        with pytest.raises(ProviderError, match="cannot be reached") as told:
            await heard(voice)
        assert told.value.kind == "unreachable"
        assert [(f.about, f.ok) for f in await voice.check([persona()])] == [("SARVAM_BASE_URL", False)]


async def test_checking_asks_once_for_each_voice_and_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def answer(request: Request) -> Answer:
        if request.json["speaker"] == "somebody":
            return error(400, "invalid_request_error", "Speaker is not recognized")
        return Answer((SPEECH,))

    who = [persona(), persona("hi-IN"), persona("ta", speaker="ritu"), persona(speaker="somebody"), persona("fr")]
    async with answering(answer) as vendor, aclosing(SarvamTextToSpeech(context(vendor.url))) as voice:
        findings = await voice.check(who)
    assert len(vendor.posts) == 3
    assert {(f.about, f.ok) for f in findings} == {
        ("SARVAM_SPEAKER", True),
        ("personas/assistant.yaml: voice.sarvam.speaker", True),
        ("personas/assistant.yaml: voice.sarvam.speaker", False),
        ("personas/assistant.yaml: language", False),
    }
    assert all(finding.mend for finding in findings if not finding.ok)


async def test_checking_the_ear_is_one_request_with_half_a_second_of_silence(
    vendor: StandIn, ear: SarvamSpeechToText
) -> None:
    assert await ear.check([persona()] * 3) == [Finding("SARVAM_STT_MODEL", True, "saaras:v3 transcribes")]
    [asked] = vendor.posts
    assert np.abs(samples_of(file_of(asked))).max() < 10
    vendor.answer = error(403, "invalid_api_key_error")
    [finding] = await ear.check([PLAIN])
    assert (finding.about, finding.ok, finding.mend) == ("SARVAM_API_KEY", False, "correct SARVAM_API_KEY")


def test_the_sdk_is_not_loaded_by_a_house_without_its_key() -> None:
    code = (
        "import sys; from app.speech.registry import providers; from app.speech.protocols import ProviderContext as C;"
        "p = providers()['sarvam']; p.speech_to_text(C({})), p.language_model(C({})), p.text_to_speech(C({}));"
        "sys.exit(any(name.split('.')[0] == 'sarvamai' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_the_sdk_is_used_without_its_sockets_whose_library_is_deprecated() -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from app.personas.loader import load_personas;"
        "from app.speech.protocols import ProviderContext; from app.speech.sarvam import PROVIDER as p;"
        "one = load_personas(Path('personas'))['assistant'];"
        "c = ProviderContext({}, {'SARVAM_API_KEY': 'k', 'SARVAM_BASE_URL': 'http://127.0.0.1:1'});"
        "asked = [part(c).check([one]) for part in (p.speech_to_text, p.language_model, p.text_to_speech)];"
        "found = [asyncio.run(ask)[0].about for ask in asked];"
        "sys.exit(found != ['SARVAM_BASE_URL'] * 3 or any(n.split('.')[0] == 'websockets' for n in sys.modules))"
    )
    strict = ["-W", "error", "-W", "ignore::DeprecationWarning:app.audio.mulaw"]  # which takes audioop
    assert subprocess.run([sys.executable, *strict, "-c", code], check=False, timeout=60, cwd=ROOT).returncode == 0


def test_the_provider_offers_speech_both_ways() -> None:
    assert (PROVIDER.speech_to_text, PROVIDER.text_to_speech) == (SarvamSpeechToText, SarvamTextToSpeech)
