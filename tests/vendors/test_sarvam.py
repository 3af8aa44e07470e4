"""The real SDK against a local Sarvam: what it sends, and what it makes of a good answer."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from app.audio.mulaw import encode
from app.audio.sound import Sound
from app.personas.schema import Persona
from app.speech.protocols import Finding, ProviderContext, ProviderError, Transcript
from app.speech.sarvam import PROVIDER
from app.speech.sarvam_hearing import SarvamSpeechToText
from app.speech.sarvam_voice import SarvamTextToSpeech
from tests.vendors.elevenlabs_speech import wav
from tests.vendors.elevenlabs_stand_in import Answer, Request, StandIn, stand_in
from tests.vendors.sarvam_stand_in import (
    HEARD,
    KEY,
    PLAIN,
    SECRET_TEXT,
    SPEECH,
    TURN,
    answering,
    context,
    error,
    fields_of,
    file_of,
    heard,
    persona,
    samples_of,
    transcript,
)


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with stand_in() as running:
        running.answer = Answer((SPEECH[:1000], SPEECH[1000:]))
        yield running


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[SarvamTextToSpeech]:
    async with aclosing(SarvamTextToSpeech(context(vendor.url))) as made:
        yield made


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
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_provider_offers_speech_both_ways() -> None:
    assert (PROVIDER.speech_to_text, PROVIDER.text_to_speech) == (SarvamSpeechToText, SarvamTextToSpeech)
