"""The machine's own voice: safe text, levels a telephone can carry, speech at once."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise
from threading import Event

import numpy as np
import pytest

from app.audio.sound import Sound
from app.personas.schema import OfflineVoice, Persona, Voice
from app.speech.espeak import MAXIMUM_CHARACTERS, OWNER, EspeakError, phonemes, plain, printable, synthesize
from app.speech.offline import OfflineTextToSpeech
from app.speech.protocols import ProviderContext, ProviderError, SpeechPart, WordEnds
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
    [sound] = sounds(await spoken(GREETING, persona))
    samples = np.frombuffer(sound.data, dtype="<i2").astype(np.float64)
    levels = step_levels(samples, sound.rate_hz)
    sounding = np.flatnonzero(levels > 150)
    assert sounding[0] <= 1
    assert levels.size - sounding[-1] == pytest.approx(13, abs=1)
    assert LEVEL_DB[0] - 1 <= active_level_db(levels) <= LEVEL_DB[1] + 1
    assert np.abs(samples).max() < 0.9 * FULL_SCALE


async def spoken(text: str, persona: Persona = PERSONAS["assistant"]) -> list[SpeechPart]:
    return [part async for part in OfflineTextToSpeech(ProviderContext({})).speak(text, persona)]


def sounds(parts: list[SpeechPart]) -> list[Sound]:
    return [part for part in parts if isinstance(part, Sound)]


TEXTS = {
    GREETING: None,
    "Yes.": None,
    "no full stop": None,
    "  Don't \n\n worry,\tit's naïve;  well-known (and 'quoted').  ": None,
    "At 8.30 a.m., Mr. O'Neill paid £12.50 or 123456.": None,
    "This — a dash, 👍 — is silent": ["—", "—"],
    "Hel\u200blo\x00there\u2028you": None,
    "One. Two! Three? Four: five; six, seven… " * 20: None,
    "नमस्ते जी। आप कैसे हैं": None,
}


@pytest.mark.parametrize("text", TEXTS)
async def test_it_is_told_where_each_word_ends(text: str) -> None:
    voice = OfflineVoice(voice="hi") if "नम" in text else OfflineVoice()
    persona = PERSONAS["assistant"].model_copy(update={"voice": Voice(offline=voice)})
    told, sound = await spoken(text, persona)
    assert isinstance(told, WordEnds)
    assert isinstance(sound, Sound)
    ends = [(match.group(), match.end()) for match in re.finditer(r"\S+", printable(text))]
    assert [place for _, place in told.ends] == [end for word, end in ends if word not in (TEXTS[text] or ())]
    assert all(a < b for (a, _), (b, _) in pairwise(told.ends))
    tail_ms = 120 if text.rstrip().endswith((".", "?", "…")) else 40
    assert told.ends[-1][0] == pytest.approx(sound.duration_ms - tail_ms, abs=12)


async def test_a_word_s_end_is_where_its_sound_ends_and_not_where_the_pause_behind_it_does() -> None:
    told, sound = await spoken("Good morning, this is it. Well then.")
    assert isinstance(told, WordEnds)
    assert isinstance(sound, Sound)
    levels = step_levels(np.frombuffer(sound.data, dtype="<i2").astype(np.float64), sound.rate_hz)
    for ms, place in told.ends:
        assert levels[ms // 10 - 3 : ms // 10 + 1].max() > 100, "sound up to there"
        if place in (len("Good morning,"), len("Good morning, this is it.")):
            assert levels[ms // 10 + 2 : ms // 10 + 8].max() < 150, "silence behind a clause"


async def test_the_ends_of_words_are_as_far_apart_as_the_words_take_alone() -> None:
    """What is cut off at an end and spoken alone takes as long as the end says: places and times belong together."""
    text = "Tomorrow afternoon the corner café, which closes early, serves cinnamon buns and lemonade."
    told = (await spoken(text))[0]
    assert isinstance(told, WordEnds)
    for ms, place in told.ends[3::3]:
        [alone] = sounds(await spoken(text[:place]))
        assert ms == pytest.approx(alone.duration_ms, rel=0.2, abs=150)


async def test_what_cannot_be_spoken_is_the_provider_s_error_and_nothing_is_silence() -> None:
    voice, persona = OfflineTextToSpeech(ProviderContext({})), PERSONAS["assistant"]
    assert [part async for part in voice.speak(" \n", persona)] == []
    with pytest.raises(ProviderError, match="too long"):
        await anext(voice.speak("word " * 1_000, persona))


async def test_voices_of_several_calls_do_not_mix() -> None:
    speech = OfflineTextToSpeech(ProviderContext({}))

    async def say(name: str) -> int:
        return sum(sound.samples for sound in sounds([part async for part in speech.speak(GREETING, PERSONAS[name])]))

    alone = {name: await say(name) for name in PERSONAS}
    assert len(set(alone.values())) == len(alone)  # each its own speed: a mixed-up voice would show
    together = await asyncio.gather(*(say(name) for name in [*PERSONAS] * 3))
    assert together == pytest.approx([alone[name] for name in [*PERSONAS] * 3], abs=500)


def test_shaping_trims_and_levels_but_never_clips() -> None:
    tone = np.sin(np.arange(8_000) * 0.3) * 300
    made = np.concatenate([np.zeros(4_000), tone, np.zeros(8_000)]).astype("<i2").tobytes()
    piece = shape(made, 8_000, 100)
    shaped = np.frombuffer(piece.data, dtype="<i2")
    assert shaped.size == pytest.approx(80 + 8_000 + 800, abs=160)
    assert 20 * np.log10(np.sqrt(np.mean(shaped[200:7_000].astype(float) ** 2)) / FULL_SCALE) > -24
    assert np.abs(shaped).max() < 32_000
    assert [piece.heard_ms(made_ms) for made_ms in (0, 500, 700, 1_500, 2_400)] == [0, 0, 210, 1_010, 1_010]
    assert shape(bytes(8_000), 8_000, 100).data == b""
