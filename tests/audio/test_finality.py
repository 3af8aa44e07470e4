"""How the voice fell: what comes down is an end, what stays up or rises is none, and the rest is unknown."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.audio.ear import Ear
from app.audio.finality import PAUSE_FRAMES, UNKNOWN, Finality
from app.audio.pitch import STEP, pitch
from app.call.events import FrameArrived
from app.call.timeline import TimelineWriter, read_frame
from tests.audio import labelled
from tests.bench import voice_ends
from tests.bench.turns import sounds

Samples = np.ndarray

needs_recordings = pytest.mark.skipif(
    not labelled.SPEECH.is_dir(), reason="the recordings are not there: ../shared/speech beside the repository"
)


def voice(pitches_hz: list[float], seconds: float, levels: tuple[float, ...] = (3000.0,)) -> Samples:
    """A buzz through a vowel's resonance that glides through these pitches; 16-bit scale, 8 kHz."""
    count = int(seconds * 8000)
    along = np.linspace(0, 1, count)
    hz = np.interp(along, np.linspace(0, 1, len(pitches_hz)), pitches_hz)
    phase = 2 * np.pi * np.cumsum(hz) / 8000
    wave = np.sum([np.sin(phase * k) / (1 + ((140 * k - 700) / 350) ** 2) for k in range(2, 20)], axis=0)
    sound: Samples = wave / np.std(wave) * np.interp(along, np.linspace(0, 1, len(levels)), levels)
    return sound


def said(sound: Samples, voice_s: float | None = None, *, finality: Finality | None = None) -> list[int]:
    """What is said of each frame of a sound whose first `voice_s` (all, unless told) are voice, and of 600 ms after."""
    finality = finality or Finality()
    room = np.random.default_rng(1).normal(0, 25, len(sound) + 4800)
    room[: len(sound)] += sound
    frames = room[: len(room) // 160 * 160].astype(np.float32).reshape(-1, 160)
    until = (len(sound) if voice_s is None else int(voice_s * 8000)) // 160
    return [finality.hear(frame, voice=at < until) for at, frame in enumerate(frames)]


@pytest.mark.parametrize("hz", [80.0, 110.0, 150.0, 210.0, 300.0, 380.0])
def test_a_voices_pitch_is_found_even_without_its_fundamental(hz: float) -> None:
    found = pitch(voice([hz], 0.5).astype(np.float32))
    assert len(found.semitones) == (4000 - 434) // STEP + 1
    assert np.median(found.semitones) == pytest.approx(12 * np.log2(hz), abs=0.2)
    assert found.repeats.min() > 0.6


def test_noise_has_no_pitch_and_too_little_sound_has_no_windows() -> None:
    noise = np.random.default_rng(3).normal(0, 1000, 8000).astype(np.float32)
    assert np.percentile(pitch(noise).repeats, 90) < 0.6
    assert not len(pitch(noise[:432]).semitones)
    assert pitch(np.zeros(800, dtype=np.float32)).repeats.max() == 0


def test_a_voice_that_comes_down_has_ended_and_one_that_stays_up_or_rises_has_not() -> None:
    down = said(voice([130, 125, 130, 120, 95, 85], 1.6, (3000, 3000, 2500, 1500)))[-1]
    level = said(voice([130, 125, 115, 120, 125, 126], 1.6))[-1]
    up = said(voice([130, 125, 115, 120, 130, 160], 1.6))[-1]
    assert down >= 75
    assert level <= 45
    assert up <= 25


def test_it_is_said_from_160_ms_of_a_pause_until_the_voice_returns() -> None:
    finality = Finality()
    first = said(voice([130, 120, 90], 1.0), finality=finality)
    assert set(first[: 50 + PAUSE_FRAMES - 1]) == {UNKNOWN}
    known = set(first[50 + PAUSE_FRAMES - 1 :])
    assert len(known) == 1
    assert known != {UNKNOWN}
    assert said(voice([130], 0.4), finality=finality)[2:10] == [UNKNOWN] * 8


def test_a_knock_does_not_end_a_pause() -> None:
    finality = Finality()
    before = said(voice([130, 120, 90], 1.0), finality=finality)[-1]
    knocked = [finality.hear(np.zeros(160, dtype=np.float32), voice=at in (3, 4)) for at in range(30)]
    assert set(knocked) == {before}


def test_of_a_grunt_a_whisper_and_a_hum_that_goes_on_nothing_is_said() -> None:
    assert said(voice([120, 100], 0.18))[-1] == UNKNOWN
    whisper = np.random.default_rng(5).normal(0, 2000, 8000)
    assert said(whisper)[-1] == UNKNOWN
    assert said(voice([120, 100], 1.5), voice_s=1.0)[58:62] == [UNKNOWN] * 4


def test_a_short_answer_is_judged_by_what_is_known_of_the_speaker() -> None:
    finality = Finality()
    said(voice([120, 130, 110, 130, 120], 2.0), finality=finality)
    low, high = said(voice([95, 85], 0.2), finality=finality)[-1], said(voice([140, 150], 0.2), finality=finality)[-1]
    assert low > 65
    assert 0 <= high < 35


@pytest.mark.parametrize(("before", "times"), [(1.0, 2.0), (2.0, 0.9)])
def test_somebody_else_on_the_telephone_is_judged_by_their_own_range(before: float, times: float) -> None:
    finality = Finality()
    for _ in range(3):
        said(voice([hz * before for hz in (130, 125, 130, 120, 115, 120)], 1.6), finality=finality)
    other = [hz * times for hz in (150, 145, 150, 140, 112, 100)]
    assert said(voice(other, 1.6, (3000, 3000, 2500, 1500)), finality=finality)[-1] >= 60
    stays = [hz * times for hz in (150, 145, 135, 140, 146, 147)]
    assert 0 <= said(voice(stays, 1.6), finality=finality)[-1] <= 50


def test_readings_carry_it_the_same_every_time_and_timelines_keep_it() -> None:
    track = sounds.room(4.0, seed=1)
    sounds.add(track, sounds.spoken("I worked there for three years.", 0), 0.5)
    line = sounds.telephone(track)
    ears = Ear(), Ear()
    heard, again = ([ear.hear(line[at : at + 160], at) for at in range(0, len(line), 160)] for ear in ears)
    assert heard == again
    assert heard[20].finality == UNKNOWN
    assert heard[-1].finality > 50
    written = TimelineWriter()
    lines = [*(text for reading in heard for text in written.event(FrameArrived(reading), 1.0)), *written.flush()]
    assert [read_frame(frame)[1] for text in lines for frame in json.loads(text)["frames"]] == heard


def test_an_older_timelines_frames_are_of_unknown_finality() -> None:
    assert read_frame([0.02, 160, 900, 1, 20, 80])[1].finality == UNKNOWN


def test_synthesised_sentences_end_and_what_is_cut_or_ends_in_a_comma_does_not() -> None:
    found: dict[str, list[int]] = {}
    for seed, pause in enumerate(voice_ends.synthesised()):
        found.setdefault(pause.kind, []).append(voice_ends.finality(pause, [], seed=seed))
    ends = known(found["synthesised end"])
    assert len(ends) >= 0.7 * len(found["synthesised end"]), "of the shortest answers nothing can be said"
    assert voice_ends.auc(ends, known(found["synthesised cut"]) + known(found["synthesised clause end"])) > 0.85


@needs_recordings
def test_people_who_are_done_sound_so_more_often_than_people_who_are_not() -> None:
    found: dict[str, list[int]] = {}
    for seed, pause in enumerate(voice_ends.people()):
        found.setdefault(pause.kind, []).append(voice_ends.finality(pause, [], seed=seed))
    ends = known(found.pop("end"))
    others = [percent for kind in found.values() for percent in known(kind)]
    assert voice_ends.auc(ends, others) > 0.75
    assert np.mean(np.array(others) >= 80) < 0.12
    assert np.mean(np.array(ends) <= 20) < 0.1


def known(percents: list[int]) -> list[int]:
    return [percent for percent in percents if percent != UNKNOWN]
