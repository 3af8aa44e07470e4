"""What a frame tells of the line: a sound that is no voice, a voice, how loud it is, nothing at all.

One place for both who look at it: the call, while it runs, and its page afterwards. Measured on 30 s each of speech,
tones, chords, hiss, and rumble (tests/stories/line_sounds.py): the neural detector gives speech 50 and more in 78 % of
the frames, also at -45 dBFS and in white noise at 5 dB, and everything that is no voice less than 10 in 99 %.
"""

from __future__ import annotations

from app.audio.activity import CONTINUE_RMS, START_RMS
from app.audio.reading import Reading
from app.audio.segmenter import SPEECH_PERCENT

SURE_PERCENT = 50
"""So much, and the neural detector is sure of a voice."""
LOUD_ROOM_RMS = 1000
"""A room as loud as this is 8 dB under one who speaks up (2500), or nearer; a steady tone is learnt as room, too."""
TOO_LOUD_RMS = 9000
"""A frame of speech as loud as this is cut off at the top of the scale: clean speech, its peaks at full scale, has loud
frames of 5000 to 7000; overdriven, of 12 000 and more."""


def is_sound_without_voice(reading: Reading) -> bool:
    """Loud enough to be a caller, and surely none. Without the neural detector, only a steady loud sound."""
    if reading.speech < 0:
        return reading.noise_rms >= LOUD_ROOM_RMS
    loud = reading.rms >= CONTINUE_RMS or reading.noise_rms >= LOUD_ROOM_RMS
    return loud and reading.speech < SPEECH_PERCENT


def is_surely_voice(reading: Reading) -> bool:
    """The neural detector says so, whatever its level; never without one."""
    return reading.speech >= SURE_PERCENT


def is_loud(reading: Reading) -> bool:
    """Loud enough for an utterance to begin."""
    return reading.rms >= START_RMS


def is_too_loud(reading: Reading) -> bool:
    """Overdriven."""
    return reading.rms >= TOO_LOUD_RMS


def is_digital_silence(reading: Reading) -> bool:
    """Not even a room: someone muted, or half of the line is dead."""
    return reading.rms == 0 and reading.noise_rms == 0
