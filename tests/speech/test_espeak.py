"""The machine's own voice: safe text, levels a telephone can carry, speech at once."""

from __future__ import annotations

import asyncio
from threading import Event

import numpy as np
import pytest

from app.personas.schema import OfflineVoice, Voice
from app.speech.espeak import MAXIMUM_CHARACTERS, OWNER, EspeakError, phonemes, plain, synthesize
from app.speech.offline import OfflineTextToSpeech
from app.speech.protocols import ProviderContext, ProviderError
from app.speech.shaping import FULL_SCALE, LEVEL_DB, active_level_db, shape, step_levels
from app.speech.voices import variants, voices
from tests.speech.callers import PERSONAS, VOICES

GREETING = "Good morning, this is the corner café. How can I help you?"


def speak(text: str, voice: OfflineVoice | None = None, stop: Event | None = None) -> bytes:
    made, rate_hz = OWNER.submit(synthesize, text, voice or OfflineVoice(), stop or Event()).result()
    assert rate_hz == 22_050
    return made


def test_language_codes_and_file_names_both_find_a_voice() -> None:
    assert voices()["en-gb"] == voices()["en"] == "gmw/en"
    assert voices()["en-us"] == "gmw/en-US"
    assert {"f1", "f5", "m3"} <= set(variants())


def test_variant_speed_and_pitch_are_heard() -> None:
    plain_voice = speak(GREETING)
    assert fundamental_hz(speak(GREETING, OfflineVoice(variant="f2"))) > 1.1 * fundamental_hz(plain_voice)
    assert fundamental_hz(speak(GREETING, OfflineVoice(pitch=90))) > 1.1 * fundamental_hz(plain_voice)
    assert len(speak(GREETING, OfflineVoice(words_per_minute=300))) < 0.7 * len(plain_voice)
    assert len(speak(GREETING)) == pytest.approx(len(plain_voice), rel=0.01)


def fundamental_hz(made: bytes) -> float:
    """The pitch of a voice: where its speech is most like itself, between 60 and 400 Hz."""
    samples = np.frombuffer(made, dtype="<i2").astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples, 2 * samples.size)) ** 2
    likeness = np.fft.irfft(spectrum)[22_050 // 400 : 22_050 // 60]
    return 22_050 / (22_050 // 400 + int(np.argmax(likeness)))


@pytest.mark.parametrize("sneaky", ["\x01+50SHello", "Hel\u200blo", "Hello\x00 there", "a\ud800b", "a\u2028b"])
def test_control_signs_do_not_reach_the_library(sneaky: str) -> None:
    assert all(sign.isprintable() for sign in plain(sneaky))
    assert speak(sneaky)


def test_mark_up_is_read_out_and_not_obeyed() -> None:
    assert len(speak('hello <break time="9s"/> there')) != len(speak("hello there"))
    assert len(speak('<break time="9s"/>')) < 22_050 * 2 * 5
    assert speak("[[h@loU]]") != speak("hello")


def test_a_text_beyond_the_bound_is_refused() -> None:
    with pytest.raises(EspeakError, match=f"at most {MAXIMUM_CHARACTERS}"):
        plain("x" * (MAXIMUM_CHARACTERS + 1))


def test_a_stopped_synthesis_ends_early() -> None:
    stop = Event()
    stop.set()
    assert len(speak(GREETING * 10, stop=stop)) < 0.2 * len(speak(GREETING * 10))


def test_pronunciations_come_in_the_phonetic_alphabet() -> None:
    assert OWNER.submit(phonemes, "parley", OfflineVoice()).result() == "pˈɑːɹli"


@pytest.mark.parametrize("voice", [*VOICES, ("en-us", "klatt2"), ("de", "f3")])
async def test_speech_begins_at_once_at_a_telephone_s_level(voice: tuple[str, str]) -> None:
    offline = OfflineVoice(voice=voice[0], variant=voice[1])
    persona = PERSONAS["assistant"].model_copy(update={"voice": Voice(offline=offline)})
    [sound] = [sound async for sound in OfflineTextToSpeech(ProviderContext({})).speak(GREETING, persona)]
    samples = np.frombuffer(sound.data, dtype="<i2").astype(np.float64)
    levels = step_levels(samples, sound.rate_hz)
    sounding = np.flatnonzero(levels > 150)
    assert sounding[0] <= 1
    assert levels.size - sounding[-1] == pytest.approx(13, abs=1)
    assert LEVEL_DB[0] - 1 <= active_level_db(levels) <= LEVEL_DB[1] + 1
    assert np.abs(samples).max() < 0.9 * FULL_SCALE


async def test_what_cannot_be_spoken_is_the_provider_s_error_and_nothing_is_silence() -> None:
    voice, persona = OfflineTextToSpeech(ProviderContext({})), PERSONAS["assistant"]
    assert [sound async for sound in voice.speak(" \n", persona)] == []
    with pytest.raises(ProviderError, match="too long"):
        await anext(voice.speak("word " * 1_000, persona))


async def test_voices_of_several_calls_do_not_mix() -> None:
    speech = OfflineTextToSpeech(ProviderContext({}))

    async def say(name: str) -> int:
        return sum([sound.samples async for sound in speech.speak(GREETING, PERSONAS[name])])

    alone = {name: await say(name) for name in PERSONAS}
    assert len(set(alone.values())) == len(alone)  # each its own speed: a mixed-up voice would show
    together = await asyncio.gather(*(say(name) for name in [*PERSONAS] * 3))
    assert together == pytest.approx([alone[name] for name in [*PERSONAS] * 3], abs=500)


def test_shaping_trims_and_levels_but_never_clips() -> None:
    tone = np.sin(np.arange(8_000) * 0.3) * 300
    made = np.concatenate([np.zeros(4_000), tone, np.zeros(8_000)]).astype("<i2").tobytes()
    shaped = np.frombuffer(shape(made, 8_000, 100), dtype="<i2")
    assert shaped.size == pytest.approx(80 + 8_000 + 800, abs=160)
    assert 20 * np.log10(np.sqrt(np.mean(shaped[200:7_000].astype(float) ** 2)) / FULL_SCALE) > -24
    assert np.abs(shaped).max() < 32_000
    assert shape(bytes(8_000), 8_000, 100) == b""
