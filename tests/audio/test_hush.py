"""What is plainly quiet is not conditioned, and nobody hears the worse for it: levels, rooms and first sounds."""

from __future__ import annotations

import numpy as np
import pytest

from app.audio.conditioning import Conditioner, transform
from app.audio.conditioning.hush import PLAINLY_QUIET_RMS, Hush
from app.audio.ear import Ear
from app.audio.resample import WayIn
from tests.bench.turns import sounds

Samples = np.ndarray


def room(rms: float, seconds: float, colour: float = 0.0, seed: int = 1) -> Samples:
    """Noise; of a `colour` above 0 it is the duller."""
    noise = np.random.default_rng(seed).normal(0, 1, int(seconds * 8000))
    for at in range(1, len(noise)):
        noise[at] += colour * noise[at - 1]
    scaled: Samples = noise * (rms / np.sqrt(np.mean(noise**2)))
    return scaled


def frames(samples: Samples) -> list[bytes]:
    sound = sounds.telephone(samples)
    return [sound[at : at + 160] for at in range(0, len(sound) // 160 * 160, 160)]


def hear(samples: Samples) -> tuple[Ear, list[Samples]]:
    """An ear after it has heard them, and each frame as it left the chain."""
    ear, out = Ear(), []
    for number, frame in enumerate(frames(samples)):
        ear.hear(frame, number * 160)
        out.append(ear.conditioned.copy())
    return ear, out


def test_a_quiet_room_is_gated_and_a_louder_one_is_not() -> None:
    assert not np.any(hear(room(40, 2))[1][2:])
    assert np.all([frame.any() for frame in hear(room(200, 2))[1]])


@pytest.mark.parametrize("rms", [15, 40, 80])
@pytest.mark.parametrize("colour", [0.0, 0.8])
def test_a_room_below_the_gate_is_known_as_well_as_at_48_khz(rms: float, colour: float) -> None:
    sound = room(rms, 12, colour)
    hushed, whole, way_in = Conditioner(), Conditioner(), WayIn()
    for at in range(0, len(sound) - 160, 160):
        line = sound[at : at + 160].astype(np.float32)
        hushed.hush(line)
        whole(way_in.push(line))
    assert hushed.room.rms == pytest.approx(whole.room.rms, rel=0.2)
    found, meant = hushed._suppress.noise.power, whole._suppress.noise.power
    band = slice(8, 76)  # 350 to 3400 Hz
    assert 10 * np.log10(np.median(found[band] / meant[band])) == pytest.approx(0, abs=1.5)


def test_the_level_of_a_hushed_frame_is_that_of_a_conditioned_one() -> None:
    ear, levels = Ear(), []
    for number, frame in enumerate(frames(room(PLAINLY_QUIET_RMS * 0.7, 4))):
        levels.append(ear.hear(frame, number * 160).rms)
    assert 5 < np.median(levels[-50:]) < 40, "a room, turned down as the suppressor does"


def test_rumble_and_a_constant_offset_are_no_level() -> None:
    hush, time = Hush(), np.arange(160 * 50) / 8000
    sound = (60 + 40 * np.sin(2 * np.pi * 50 * time)).astype(np.float32)
    assert [hush.level(sound[at : at + 160]) for at in range(0, len(sound), 160)][-1] < 5


def test_the_first_sound_after_quiet_is_whole() -> None:
    """Beside an ear that was kept from hushing by a hum which the filters take out again."""
    time = np.arange(8000) / 8000
    voice = 4000 * np.sin(2 * np.pi * 800 * time)
    sound, hum = room(20, 3), 180 * np.sin(2 * np.pi * 40 * np.arange(24_000) / 8000)
    sound[16_000:] += voice
    hushed, heard = np.concatenate(hear(sound)[1]), np.concatenate(hear(sound + hum)[1])
    begin = 16_000 * 6
    for span in (240, 480, 960, 4800):
        one, other = hushed[begin : begin + span], heard[begin : begin + span]
        assert np.sqrt(np.mean((one - other) ** 2)) < 0.2 * np.sqrt(np.mean(other**2))


def test_a_word_is_heard_from_the_same_frame_on_whether_the_room_was_hushed_or_not() -> None:
    word = sounds.spoken("Wait.", 1)
    onsets = []
    for rms in (20.0, 130.0):
        track = room(rms, 3)
        sounds.add(track, sounds.level(word, 3000), 1.5)
        ear = Ear()
        readings = [ear.hear(frame, number * 160) for number, frame in enumerate(frames(track))]
        onsets.append(next(n for n, reading in enumerate(readings) if reading.voiced and reading.rms >= 500))
    assert abs(onsets[0] - onsets[1]) <= 1


def test_the_quick_transforms_are_scipys_own() -> None:
    samples = np.random.default_rng(3).normal(0, 1000, 1080).astype(np.float32)
    spectrum = transform.forwards(samples)
    assert np.array_equal(spectrum, transform._forwards_by_the_front_door(samples))
    assert np.array_equal(transform.back(spectrum, 1080), transform._back_by_the_front_door(spectrum, (0,), 1080))
    assert transform.back(spectrum, 1080) == pytest.approx(samples, abs=1)
