"""What `check` finds out about settings at a local ElevenLabs, through the real SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from app.personas.schema import Persona
from app.speech.elevenlabs import ElevenLabsTextToSpeech
from app.speech.elevenlabs_hearing import ElevenLabsSpeechToText
from app.speech.protocols import Finding, ProviderContext
from tests.vendors.elevenlabs_speech import PLAIN, SPEECH, context, persona
from tests.vendors.elevenlabs_stand_in import Answer, StandIn, error, found, stand_in, transcript

MODELS = [
    {"model_id": "eleven_flash_v2_5", "can_do_text_to_speech": True},
    {"model_id": "eleven_v3", "can_do_text_to_speech": True},
    {"model_id": "eleven_english_sts_v2", "can_do_text_to_speech": False},
]
PERSONA = "personas/assistant.yaml: voice.elevenlabs"


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with stand_in() as running:
        running.pages = {
            "/v1/models": found(MODELS),
            "/v1/voices/Voice1": found({"voice_id": "Voice1"}),
            "/v1/voices/House7": found({"voice_id": "House7"}),
        }
        yield running


async def checked(vendor: StandIn, *personas: Persona, **settings: str) -> list[Finding]:
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url, **settings))) as voice:
        return list(await voice.check(personas))


async def test_everything_that_is_well_is_told_with_where_it_is_set(vendor: StandIn) -> None:
    others = [persona(), persona(voice_id=None), PLAIN, persona(model_id="eleven_v3")]
    findings = await checked(vendor, *others, ELEVENLABS_VOICE_ID="House7")
    assert [(finding.about, finding.says) for finding in findings] == [
        ("ELEVENLABS_API_KEY", "the key is accepted"),
        ("ELEVENLABS_TTS_MODEL", "eleven_flash_v2_5 speaks"),
        (f"{PERSONA}.model_id", "eleven_v3 speaks"),
        (f"{PERSONA}.voice_id", "Voice1 is there"),
        ("ELEVENLABS_VOICE_ID", "House7 is there"),
    ]
    assert all(finding.ok for finding in findings)
    asked = sorted((request.method, request.path) for request in vendor.requests)
    assert asked == [("GET", path) for path in sorted(vendor.pages)], "one request for each thing"


async def test_a_voice_that_is_gone_is_told_with_the_personas_key(vendor: StandIn) -> None:
    vendor.pages["/v1/voices/Voice1"] = error(400, "voice_not_found")
    wrong = [finding for finding in await checked(vendor, persona()) if not finding.ok]
    assert [finding.about for finding in wrong] == [f"{PERSONA}.voice_id"]
    assert "no such voice" in wrong[0].says
    assert "voice.elevenlabs.voice_id" in wrong[0].mend


@pytest.mark.parametrize("model", ["eleven_flash_v9", "eleven_english_sts_v2"])
async def test_a_model_that_does_not_speak_is_told_with_those_that_do(vendor: StandIn, model: str) -> None:
    wrong = [f for f in await checked(vendor, persona(), ELEVENLABS_TTS_MODEL=model) if not f.ok]
    assert [(f.about, f.mend) for f in wrong] == [("ELEVENLABS_TTS_MODEL", "take eleven_flash_v2_5, eleven_v3")]
    assert model in wrong[0].says


async def test_what_is_not_set_or_never_can_be_spoken_is_told_without_asking_for_it(vendor: StandIn) -> None:
    wrong = [f for f in await checked(vendor, PLAIN, persona("hi", model_id="eleven_flash_v2")) if not f.ok]
    assert [f.about for f in wrong] == [f"{PERSONA}.voice_id", f"{PERSONA}.model_id"]
    assert wrong[0].mend == "set it, or ELEVENLABS_VOICE_ID"
    assert (wrong[1].says, wrong[1].mend) == (
        "eleven_flash_v2 speaks English only, not 'hi'",
        "take eleven_flash_v2_5",
    )
    [bad] = [f for f in await checked(vendor, PLAIN, ELEVENLABS_VOICE_ID="../x") if not f.ok]
    assert (bad.about, bad.mend) == ("ELEVENLABS_VOICE_ID", "copy it from the vendor")
    assert {request.path for request in vendor.requests} == {"/v1/models"}


KEYS = [
    (error(401, "invalid_api_key"), "ELEVENLABS_API_KEY", "correct ELEVENLABS_API_KEY"),
    (Answer((), 401), "ELEVENLABS_API_KEY", "correct ELEVENLABS_API_KEY"),
]


@pytest.mark.parametrize(("answer", "about", "mend"), KEYS)
async def test_a_refused_key_is_told_once(vendor: StandIn, answer: Answer, about: str, mend: str) -> None:
    vendor.pages = dict.fromkeys(vendor.pages, answer)
    [wrong] = await checked(vendor, persona())
    assert (wrong.ok, wrong.about, wrong.mend) == (False, about, mend)


async def test_a_key_that_may_speak_but_not_look_is_no_fault(vendor: StandIn) -> None:
    vendor.pages = dict.fromkeys(vendor.pages, error(401, "missing_permissions"))
    findings = await checked(vendor, persona())
    assert all(finding.ok for finding in findings)
    assert sum("not checked" in finding.says for finding in findings) == 2


@pytest.mark.parametrize(
    "answer",
    [found({}), found([1]), found(None), Answer((b"<html>",), content_type="text/html"), Answer((b"no",), 500)],
)
async def test_an_answer_that_is_none_is_a_finding_and_nothing_is_raised(vendor: StandIn, answer: Answer) -> None:
    vendor.pages = dict.fromkeys(vendor.pages, answer)
    wrong = [finding for finding in await checked(vendor, persona()) if not finding.ok]
    assert [finding.about for finding in wrong] == ["ELEVENLABS_TTS_MODEL", f"{PERSONA}.voice_id"]
    assert all(finding.says.startswith("ElevenLabs") for finding in wrong)


async def test_where_there_is_nothing_to_look_at_a_word_is_spoken(vendor: StandIn) -> None:
    vendor.pages = {}
    vendor.answer = Answer((SPEECH,))
    findings = await checked(vendor, persona())
    assert [(finding.about, finding.ok, finding.says) for finding in findings] == [
        ("ELEVENLABS_API_KEY", True, "the key is accepted"),
        ("ELEVENLABS_TTS_MODEL", True, "eleven_flash_v2_5 speaks"),
        (f"{PERSONA}.voice_id", True, "Voice1 speaks"),
    ]


@pytest.mark.parametrize(
    ("answer", "about"),
    [
        (error(404, "voice_not_found"), f"{PERSONA}.voice_id"),
        (error(401, "invalid_api_key"), "ELEVENLABS_API_KEY"),
    ],
)
async def test_what_a_word_is_refused_for_is_told_once(vendor: StandIn, answer: Answer, about: str) -> None:
    vendor.pages = {}
    vendor.answer = answer
    assert [finding.about for finding in await checked(vendor, persona()) if not finding.ok] == [about]


async def test_a_vendor_that_is_silent_is_given_up_in_time(vendor: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.speech.elevenlabs_findings._LIMIT_S", 0.2)
    vendor.pages = dict.fromkeys(vendor.pages, Answer(mute=True))
    wrong = [finding for finding in await checked(vendor, persona()) if not finding.ok]
    assert all("in time" in finding.says for finding in wrong)
    assert wrong


async def test_an_address_where_nobody_is_and_a_missing_key_are_told_by_their_settings() -> None:
    nowhere = {"ELEVENLABS_BASE_URL": "http://127.0.0.1:1"}
    for settings, about in (
        (nowhere, "ELEVENLABS_API_KEY"),
        (nowhere | {"ELEVENLABS_API_KEY": "sk_0123456789abcdef"}, "ELEVENLABS_BASE_URL"),
    ):
        made = ProviderContext({}, settings)
        async with aclosing(ElevenLabsTextToSpeech(made)) as voice, aclosing(ElevenLabsSpeechToText(made)) as ear:
            for part in (voice, ear):
                [wrong] = await part.check([persona()])
                assert (wrong.ok, wrong.about) == (False, about)
                assert wrong.mend


async def test_the_transcriber_is_asked_for_a_second_of_silence(vendor: StandIn) -> None:
    vendor.answer = transcript("")
    async with aclosing(ElevenLabsSpeechToText(context(vendor.url))) as ear:
        assert await ear.check([PLAIN]) == [Finding("ELEVENLABS_STT_MODEL", True, "scribe_v2 transcribes")]
        vendor.answer = Answer((b'{"detail":[{"loc":["body","model_id"]}]}',), 422, "application/json")
        [wrong] = await ear.check([PLAIN])
    assert (wrong.about, wrong.ok) == ("ELEVENLABS_STT_MODEL", False)
    assert "model_id" in wrong.says
    fields = {part.name for part in vendor.posts[0].parts}
    assert {"model_id", "file", "tag_audio_events"} <= fields
    assert "language_code" not in fields
