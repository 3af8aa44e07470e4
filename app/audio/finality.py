"""How the voice fell: whether it came to an end before this pause, or stays in the air. Evidence, no verdict.

A voice that is done comes down to the bottom of its speaker's range; one that goes on stops where it is, or rises. A
question rises too, so a low number is a reason to wait a little, and only the words can say what for. What was
measured, and on whom: docs/audio.md.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from app.audio.pitch import STEP, Floats, Pitch, pitch
from app.audio.reading import FRAME_LINE_SAMPLES

UNKNOWN = -1
"""Nobody pauses, or there was too little voice to tell."""
PAUSE_FRAMES = 8
"""160 ms without voice is a pause: within words they last 100 ms."""

_HEARD_FRAMES = 120
"""2.4 s of sound are looked at, at the most."""
_SPEAKER = 400
"""Pitches that make up what is known of the speaker: 4 s of voice."""
_RETURN, _RETURNED = 0b1111, 3
"""Voice in 3 of 4 frames ends a pause; a knock does not."""
_REPEATS = 0.6
_SOFT_DB = 30.0
"""What repeats less, or is this much softer than the loudest, has no pitch."""
_WITHIN = 9.0
"""Semitones around the speaker's middle; further off it is a mistake of an octave."""
_OTHER = 6.0
"""Semitones between the middles of two people; one who speaks on stays within 4. Then the range of the one before says
nothing: the telephone was handed on, or another recording plays."""
_END, _LAST = 12, 6
"""The end of the voice: its last 120 ms with a pitch; and the last 60 of them."""
_FEWEST_NEW, _FEWEST = 8, 25
_LATEST = 30
"""The end must have a pitch less than 300 ms before the voice was gone."""
_PEAK = 50
_FADED, _HUMS = 4, 2
"""From 40 ms after the voice nothing should have a pitch; where more windows than this do, a room or another voice is
heard, and the end that was found may be theirs."""

_BIAS, _ABOVE_FLOOR, _ABOVE_MIDDLE, _LOUD = -0.4, -0.33, -0.37, -0.1
"""Of a logistic regression over the labelled pauses in docs/audio.md, a quarter weaker: rather unsure than wrong."""
_LIMITS = ((-3.0, 6.0), (-6.0, 2.0), (-8.0, 3.0))
"""Beyond these, evidence grows no stronger: one mistake of an octave must not decide alone."""


class Finality:
    """One caller's voice: `hear` each frame in turn."""

    def __init__(self) -> None:
        self._heard: deque[Floats] = deque(maxlen=_HEARD_FRAMES + PAUSE_FRAMES)
        self._speaker: Floats = np.zeros(0, dtype=np.float32)
        self._recent = 0
        self._silent = 0
        self._paused = True
        self._said = UNKNOWN

    def hear(self, line: Floats, *, voice: bool) -> int:
        """How much of an end the voice before this pause came to, in percent; UNKNOWN while there is no pause.

        `line`: the frame's 160 samples at 8 kHz on the 16-bit scale, kept: never to be changed by the caller.
        """
        self._heard.append(line)
        self._recent = self._recent << 1 & _RETURN | voice
        if self._paused:
            if self._recent.bit_count() < _RETURNED:
                return self._said
            self._paused, self._said = False, UNKNOWN
            self._heard = deque(list(self._heard)[-5:], maxlen=self._heard.maxlen)
            self._silent = 0
        self._silent = 0 if voice else self._silent + 1
        if self._silent == PAUSE_FRAMES:
            self._paused, self._recent = True, 0
            self._said = self._judge()
        return self._said

    def _judge(self) -> int:
        sound = np.concatenate(self._heard)
        voice_until = len(sound) - PAUSE_FRAMES * FRAME_LINE_SAMPLES
        found = pitch(sound)
        known = self._known(found)
        after = voice_until // STEP + _FADED
        hums = np.count_nonzero(known[after:])
        known[voice_until // STEP + 1 :] = False
        before = self._speaker_before(found.semitones[known])
        everything = np.concatenate((before, found.semitones[known]))
        if len(everything) < _FEWEST:
            self._speaker = everything[-_SPEAKER:]
            return UNKNOWN
        middle = np.median(everything)
        known &= np.abs(found.semitones - middle) < _WITHIN
        at = np.flatnonzero(known)
        self._speaker = np.concatenate((before, found.semitones[at]))[-_SPEAKER:]
        if hums > _HUMS or len(at) < _FEWEST_NEW or at[-1] * STEP < voice_until - _LATEST * STEP:
            return UNKNOWN
        return _percent(_evidence(found, at, everything, voice_until))

    def _speaker_before(self, new: Floats) -> Floats:
        """What is known of the speaker from earlier; nothing, if this is surely somebody else."""
        before = self._speaker
        other = len(before) and len(new) >= _FEWEST and abs(np.median(new) - np.median(before)) > _OTHER
        return before[:0] if other else before

    def _known(self, found: Pitch) -> NDArray[np.bool_]:
        if not len(found.level_db):
            return np.zeros(0, dtype=bool)
        return (found.repeats > _REPEATS) & (found.level_db > np.percentile(found.level_db, 95) - _SOFT_DB)


def _evidence(found: Pitch, at: NDArray[np.intp], speaker: Floats, voice_until: int) -> tuple[float, float, float]:
    """How far the end is above the floor of the speaker's range, and how far its last above their middle, both in
    semitones; and how much louder than their loudest the last half second is, in decibels."""
    end = found.semitones[at]
    above_floor = float(np.median(end[-_END:]) - np.percentile(speaker, 10))
    above_middle = float(np.median(end[-_LAST:]) - np.median(speaker))
    until = voice_until // STEP
    loud = float(found.level_db[max(0, until - _PEAK) : until].max() - np.percentile(found.level_db, 95))
    return above_floor, above_middle, loud


def _percent(evidence: tuple[float, float, float]) -> int:
    above_floor, above_middle, loud = (min(max(x, low), high) for x, (low, high) in zip(evidence, _LIMITS, strict=True))
    return round(
        100 / (1 + math.exp(-(_BIAS + _ABOVE_FLOOR * above_floor + _ABOVE_MIDDLE * above_middle + _LOUD * loud)))
    )
