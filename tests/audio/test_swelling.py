"""What the second detector is slow to believe: a drawn-out vowel that goes on with a turn, and a soft first syllable.

Told in frames of 20 ms, each as many as its number: (frames, RMS, webrtcvad's voice, the network's percent).
"""

from __future__ import annotations

import numpy as np
import pytest

from app.audio.ear import Ear
from app.audio.reading import Reading
from app.audio.segmenter import Heard, Segmenter, SpeechEnded, SpeechResumed, SpeechStarted
from tests.audio import labelled
from tests.bench.turns import sounds
from tests.bench.turns_live import people

Stretch = tuple[int, int, bool, int]
TALK: Stretch = (50, 3000, True, 90)
QUIET: Stretch = (45, 20, False, 0)
"""0.9 s of the second that the segmenter waits here."""
VOWEL: Stretch = (15, 2800, True, 5)


def told(*stretches: Stretch) -> list[Heard]:
    ears, events, position = Segmenter(1000, 300, 60_000), [], 0
    ears.pause_ms = 200
    for count, rms, voiced, speech in stretches:
        for _ in range(count):
            event = ears.push(Reading(position, rms, voiced, 0, speech=speech))
            position += 160
            if event is not None:
                events.append(event)
    return events


def ends(events: list[Heard]) -> list[int]:
    """When the utterances' ends were told, in frames after their last voice: of the first one's alone if no more."""
    return [event.last_voice // 160 for event in events if isinstance(event, SpeechEnded)]


def test_a_drawn_out_vowel_that_the_network_takes_for_a_tone_goes_on_with_the_turn() -> None:
    events = told(TALK, QUIET, VOWEL, (10, 200, False, 50), (20, 3000, True, 80), (60, 20, False, 0))
    assert ends(events) == [50 + 45 + 15 + 10 + 20], "one turn, to the end of what followed the vowel"
    assert sum(isinstance(event, SpeechResumed) for event in events) == 1


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("a knock", (4, 6000, True, 15)),
        ("a hiss", (30, 3000, False, 0)),
        ("somebody farther away", (15, 900, True, 5)),
    ],
)
def test_what_is_short_or_no_voice_or_much_softer_does_not_hold_a_turn(name: str, sound: Stretch) -> None:
    quiet_after = 60 - sound[0]
    events = told(TALK, QUIET, sound, (quiet_after, 20, False, 0))
    assert ends(events) == [50], name


def test_a_denied_vowel_is_waited_for_a_second_and_no_longer() -> None:
    held = told(TALK, QUIET, VOWEL, (35, 20, False, 0))
    assert ends(held) == [50]
    assert ends(told(TALK, QUIET, VOWEL, (30, 20, False, 0))) == [], "the second from its beginning is not over yet"


@pytest.mark.parametrize("beat", [(55,), (12, 3, 12, 3, 12, 3, 12)])
def test_music_that_never_ends_holds_a_turn_for_a_second_too(beat: tuple[int, ...]) -> None:
    notes = [(count, 20 if place % 2 else 2800, not place % 2, 5) for place, count in enumerate(beat)]
    assert ends(told(TALK, QUIET, *notes)) == [50]


def test_a_soft_first_syllable_is_enough_if_the_network_is_sure() -> None:
    syllable = ((2, 600, True, 60), (10, 30, False, 60))
    assert [type(event) for event in told((50, 20, False, 0), *syllable)] == [SpeechStarted]
    assert told((50, 20, False, 0), (2, 600, True, 40), (10, 30, False, 40)) == []


@pytest.mark.skipif(not labelled.SPEECH.is_dir(), reason="the recordings are not there: ../shared/speech")
@pytest.mark.parametrize("seed", [1, 2, 4])
def test_a_president_who_pauses_for_a_second_is_heard_out(seed: int) -> None:
    clip = people.recorded("jfk-1961")
    assert clip is not None
    track = np.concatenate([np.zeros(12_000), clip.sound, np.zeros(24_000)])
    track += people.room(len(track) / 8000 + 0.1, seed, 30.0)[: len(track)]
    line, ear, ears = sounds.telephone(track), Ear(), Segmenter(1350, 300, 60_000)
    heard = [ears.push(ear.hear(line[at : at + 160], at)) for at in range(0, len(line), 160)]
    assert len([event for event in heard if isinstance(event, SpeechEnded)]) == 1
