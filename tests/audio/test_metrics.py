"""The line's quality, gathered frame by frame in no memory."""

from __future__ import annotations

import numpy as np
import pytest

from app.audio import mulaw
from app.audio.metrics import LineMeter, clipped_bytes, spectral_flatness
from app.audio.reading import Reading

FLAT = np.ones(90, dtype=np.float32)


def test_flatness_tells_hiss_from_a_tone() -> None:
    tone = np.full(90, 1e-3, dtype=np.float32)
    tone[20] = 1e6
    assert spectral_flatness(FLAT) == pytest.approx(1.0)
    assert spectral_flatness(tone) < 0.001


def test_clipping_is_seen_in_the_codes_themselves() -> None:
    loud = (60_000 * np.sin(2 * np.pi * 200 * np.arange(160) / 8000)).clip(-32768, 32767).astype(np.int16)
    soft = (20_000 * np.sin(2 * np.pi * 200 * np.arange(160) / 8000)).astype(np.int16)
    assert clipped_bytes(mulaw.encode(loud.tobytes())) == int((np.abs(loud.astype(int)) > 30_600).sum()) > 80
    assert clipped_bytes(mulaw.encode(soft.tobytes())) == 0


def test_a_call_in_numbers() -> None:
    meter = LineMeter()
    for number in range(1000):
        voiced = number % 4 == 0
        meter.take(2000.0 if voiced else 20.0, voiced, 8 if voiced else 0, FLAT)
    quality = meter.quality()
    assert quality.frames == 1000
    assert quality.voiced_share == 0.25
    assert quality.clipped_share == pytest.approx(0.25 * 8 / 160)
    assert quality.snr_db == pytest.approx(40.0)
    assert quality.spectral_flatness == pytest.approx(1.0)
    assert (quality.speech_rms, quality.noise_rms) == (2000, 20)


def test_a_voice_too_quiet_a_sound_that_is_none_silence_and_lost_audio_are_counted() -> None:
    meter = LineMeter()
    kinds = [(200, 20, 90)] * 95 + [(900, 20, 90)] * 5 + [(900, 400, 2)] * 60 + [(0, 0, 0)] * 40
    for number, (rms, noise_rms, speech) in enumerate(kinds):
        meter.take(float(rms), False, 0, FLAT)
        meter.read(Reading(160 * (number + (50 if number >= 100 else 0)), rms, False, noise_rms, speech))
    quality = meter.quality()
    assert (quality.loud_share, quality.sound_share, quality.silent_share) == (0.05, 0.3, 0.2)
    assert quality.lost_share == 0.2


def test_nothing_heard_is_nothing_known() -> None:
    quality = LineMeter().quality()
    assert (quality.frames, quality.clipped_share, quality.snr_db, quality.noise_rms) == (0, 0.0, None, None)


def test_a_call_without_a_voice_has_no_ratio() -> None:
    meter = LineMeter()
    meter.take(0.0, False, 0, FLAT)
    quality = meter.quality()
    assert (quality.snr_db, quality.speech_rms, quality.noise_rms) == (None, None, 0)


def test_a_voice_over_digital_silence_has_a_finite_ratio() -> None:
    meter = LineMeter()
    meter.take(1000.0, True, 0, FLAT)
    meter.take(0.0, False, 0, FLAT)
    assert meter.quality().snr_db == pytest.approx(60.0)
