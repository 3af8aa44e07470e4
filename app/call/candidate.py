"""What may be the caller, while the agent speaks: how much evidence there is that it is a voice, and not the agent's
echo."""

from __future__ import annotations

from collections import deque

from app.audio.activity import continue_threshold
from app.audio.reading import FRAME_MS, Reading
from app.audio.segmenter import SPEECH_PERCENT

SURE_PERCENT = 50
"""The neural detector is sure of a voice. Of the noises, coughs and knocks of `bench-turns` none gets above 15, and
speech is above 50 after 20 to 80 ms."""
LEAST_CLEAR = 3
"""Frames of loud voice without which nothing is a candidate: the segmenter's own rule."""
_BEFORE = 4
"""Frames in which the segmenter found that someone began."""

Heard = tuple[bool, bool, bool]
"""A frame: voice; louder than the line's echo; surely a voice."""


class Candidate:
    """Counts frames, from the first of the utterance on.

    `clear`: voice louder than the line's echo; voice that is not takes half as much away again, so that an echo's few
    loud frames never add up. `sure`: frames in which the neural detector was sure, the gaps of a word included, once
    there was clear voice. `loudest`: of its voiced frames.
    """

    __slots__ = ("_halves", "_sure", "loudest", "voiced_ms")

    def __init__(self, beginning: deque[Heard] | None = None) -> None:
        self._halves = self._sure = 0
        self.voiced_ms = 0
        self.loudest = 0
        for heard in beginning or ():
            self._count(*heard)

    @staticmethod
    def beginning() -> deque[Heard]:
        """Where to keep the last frames until a candidate is made of them."""
        return deque(maxlen=_BEFORE)

    @staticmethod
    def judge(reading: Reading, threshold: float) -> Heard:
        """What a frame is, where the line's echo is below `threshold`."""
        speech = reading.speech
        voiced = (
            reading.voiced and reading.rms >= continue_threshold(reading.noise_rms) and not 0 <= speech < SPEECH_PERCENT
        )
        return voiced, voiced and reading.rms >= threshold, speech >= SURE_PERCENT

    def take(self, heard: Heard, rms: int) -> None:
        """The next frame."""
        self._count(*heard)
        if heard[0]:
            self.loudest = max(self.loudest, rms)

    def _count(self, voiced: bool, clear: bool, sure: bool) -> None:
        if voiced:
            self.voiced_ms += FRAME_MS
            self._halves = max(0, self._halves + (2 if clear else -1))
        self._sure = self._sure + sure if self._halves else 0

    @property
    def clear_ms(self) -> int:
        """Of voice that is no echo."""
        return self._halves * FRAME_MS // 2

    @property
    def sure_ms(self) -> int:
        return self._sure * FRAME_MS

    def is_voice(self, sure_after_ms: int, doubtful_after_ms: int) -> bool:
        """Is it, by now, someone who speaks?"""
        if self._halves < 2 * LEAST_CLEAR:
            return False
        return self.sure_ms >= sure_after_ms or self.clear_ms >= doubtful_after_ms
