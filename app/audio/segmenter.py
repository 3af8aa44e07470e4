"""Utterances from readings: where the caller began to speak, and where they were done.

Works on readings alone, so it can be tested and replayed without a sample of sound. Three of four frames of voice
begin an utterance, one of them loud enough to start; less loud ones carry it on; silence, the maximum, or the caller
of `end_now` ends it. Positions are samples at 8 kHz from the stream's start, as the readings' are. A shorter silence is
told of as a pause, once, and so is the voice after it.

Where a second detector judges the readings too, voice that it denies does not count. Only while the agent is silent,
sound that lasts as no cough does is given the benefit of the doubt: a caller whom the detector can't make out must be
able to talk, and a recogniser finds no words in a noise.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.audio.activity import continue_threshold, start_threshold
from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, LINE_RATE_HZ, Reading

TAIL_MS = 120
"""Kept after the last voiced frame: unvoiced endings (s, t, f) are faint on a telephone."""

_SAMPLES_PER_MS = LINE_RATE_HZ // 1000
_TAIL = TAIL_MS * _SAMPLES_PER_MS
_RECENT, _ENOUGH = 0b1111, 3
"""Voice in 3 of the last 4 frames begins an utterance: 60 ms at the least, and one frame may fail."""
_ENOUGH_IF_SURE, _SURE_PERCENT = 2, 50
"""And in 2 of them where the second detector is sure: of a soft "excuse me" hardly more is heard for 300 ms."""
_BRIDGE = 160 * _SAMPLES_PER_MS
_RESUMING, _RESUMED = 0b11111, 4
"""After 160 ms without voice, 4 of 5 frames carry it on: knocks and clicks in the room must not keep a turn open."""
_STIRRING, _STIRRING_SAMPLES = 0b111, 120 * _SAMPLES_PER_MS
"""Any sound in the last 60 ms may be someone who goes on: up to 120 ms more are waited to see."""
_SWELL, _SWELL_SHARE, _HELD_SAMPLES = 8, 0.5, 840 * _SAMPLES_PER_MS
"""What webrtcvad takes for a voice, half as loud as the utterance was, for 160 ms, may be someone whose drawn-out vowel
the second detector takes for a tone ("aask not": 300 ms). The end waits for up to a second from the sound's beginning,
until it is sure. No cough or knock is a voice for so long, and if one is, the reply comes a little later."""
_LEVEL_FRAMES = 16
SPEECH_PERCENT = 10
"""Less than this, and the second detector denies that it is a voice (docs/audio.md)."""
_RESUMED_PERCENT = 20
"""After 160 ms without voice it must be so sure that the voice goes on: a knock may pass for one for a moment."""
_DOUBT = 25
"""Frames of denied voice, unvoiced ones taken off, that are believed all the same: half a second."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Someone began to speak. `start` includes the pre-roll; `position` is the end of the frame that settled it."""

    start: int
    position: int


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """The utterance may be complete: the same fields as if it were, and as it will have if no voice follows."""

    start: int
    end: int
    last_voice: int
    voiced_ms: int


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """The pause that was told of is over: there is voice again, after `paused_ms` without."""

    paused_ms: int


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """An utterance is complete: `start` to `end`, the last voice before `last_voice`, `voiced_ms` of voice in it."""

    start: int
    end: int
    last_voice: int
    voiced_ms: int


@dataclass(frozen=True, slots=True)
class SpeechDropped:
    """What had begun was too short to be an utterance; the same fields as if it were one."""

    start: int
    end: int
    last_voice: int
    voiced_ms: int


Heard = SpeechStarted | SpeechPaused | SpeechResumed | SpeechEnded | SpeechDropped


class Segmenter:
    """One caller's readings to utterances. `silence_ms` may be changed at any time, and counts from then on; so may
    `pause_ms`, 0 for no pauses."""

    __slots__ = (
        "_believed", "_clock", "_denied", "_floor", "_held", "_last_voice", "_level", "_loud", "_maximum", "_minimum",
        "_onset", "_paused", "_preroll", "_recent", "_start", "_stirs", "_swell", "_voiced", "pause_ms", "silence_ms",
        "speaking", "strict",
    )  # fmt: skip

    def __init__(
        self, silence_ms: int, minimum_utterance_ms: int, maximum_utterance_ms: int, preroll_ms: int = 400
    ) -> None:
        self.silence_ms = silence_ms
        """This much without voice ends an utterance."""
        self.pause_ms = 0
        """This much without voice is a pause in it; no less than 180, or the voice after it might not be told of."""
        self.speaking = False
        """Whether an utterance has begun and not ended."""
        self.strict = False
        """Whether denied voice is never believed, however long it lasts."""
        self._minimum = minimum_utterance_ms * _SAMPLES_PER_MS
        self._maximum = max(maximum_utterance_ms * _SAMPLES_PER_MS, FRAME_LINE_SAMPLES)
        self._preroll = preroll_ms * _SAMPLES_PER_MS
        self._clock = 0
        self._floor = 0
        self._start = self._onset = self._last_voice = 0
        self._voiced = 0
        self._recent = self._loud = 0
        self._denied = 0
        self._stirs = 0
        self._level = 0.0
        self._swell = self._held = 0
        self._believed = False
        self._paused = False

    @property
    def voiced_ms(self) -> int:
        """Voice so far in the present utterance; 0 between utterances."""
        return self._voiced * FRAME_MS if self.speaking else 0

    @property
    def silent_ms(self) -> int:
        """Since the last voiced frame of the present utterance; 0 between utterances."""
        return (self._clock - self._last_voice) // _SAMPLES_PER_MS if self.speaking else 0

    def push(self, reading: Reading) -> Heard | None:
        """Take the next frame. One from before those already taken is passed over."""
        position, rms = reading.position, reading.rms
        late = position - self._clock
        if late < 0:
            return None
        heard = None
        if late:
            heard = self._lost(position)
        self._clock = clock = position + FRAME_LINE_SAMPLES
        voiced = reading.voiced and rms >= continue_threshold(reading.noise_rms)
        if reading.speech >= 0:
            voiced = self._confirmed(voiced, reading.speech)
        if not self.speaking:
            loud = voiced and rms >= start_threshold(reading.noise_rms)
            self._recent = recent = (self._recent << 1 | voiced) & _RECENT
            self._loud = (self._loud << 1 | loud) & _RECENT
            enough = _ENOUGH_IF_SURE if reading.speech >= _SURE_PERCENT else _ENOUGH
            if heard is None and self._loud and recent.bit_count() >= enough:
                return self._begin(recent)
            return heard
        self._stirs = (self._stirs << 1 | (rms >= continue_threshold(reading.noise_rms))) & _STIRRING
        self._swells(reading, voiced)
        return self._carry_on(clock, voiced)

    def _swells(self, reading: Reading, voiced: bool) -> None:
        """Note how loud the utterance is, and in a pause a sound that is as loud although it is denied."""
        if voiced:
            self._level += (reading.rms - self._level) / _LEVEL_FRAMES
        if reading.voiced and reading.rms >= max(_SWELL_SHARE * self._level, start_threshold(reading.noise_rms)):
            self._swell += 1
            if self._swell == _SWELL and not self._held:
                self._held = self._clock + _HELD_SAMPLES
        else:
            self._swell = 0

    def _carry_on(self, clock: int, voiced: bool) -> Heard | None:
        """A frame within an utterance."""
        self._recent = recent = (self._recent << 1 | voiced) & _RESUMING
        if voiced:
            self._voiced += 1
            if clock - self._last_voice <= _BRIDGE or recent.bit_count() >= _RESUMED:
                silent, self._last_voice = clock - self._last_voice, clock
                self._held = 0
                if self._paused:
                    return self._resume(silent - recent.bit_length() * FRAME_LINE_SAMPLES)
        silent = clock - self._last_voice
        over = silent - self.silence_ms * _SAMPLES_PER_MS
        waits = clock < self._held or over < (_STIRRING_SAMPLES if self._stirs else 0)
        if (over >= 0 and not waits) or clock - self._start >= self._maximum:
            return self._finish(clock)
        if not self._paused and 0 < self.pause_ms * _SAMPLES_PER_MS <= silent:
            return self._pause(clock)
        return None

    def _pause(self, clock: int) -> SpeechPaused | None:
        """Nothing is told of a pause after what is too short to be an utterance."""
        if self._last_voice - self._onset < self._minimum:
            return None
        self._paused = True
        return SpeechPaused(self._start, *self._end(clock), self._voiced * FRAME_MS)

    def _resume(self, silent: int) -> SpeechResumed:
        self._paused = False
        return SpeechResumed(max(0, silent) // _SAMPLES_PER_MS)

    def _end(self, clock: int) -> tuple[int, int]:
        """Where the utterance ends if it does now, and its last voice."""
        end = min(self._last_voice + _TAIL, clock, self._start + self._maximum)
        return end, min(self._last_voice, end)

    def _confirmed(self, voiced: bool, speech: int) -> bool:
        """Is it a voice by both detectors, or one that is given the benefit of the doubt?"""
        if voiced and speech >= SPEECH_PERCENT:
            if speech < _RESUMED_PERCENT and self.speaking and self._clock - self._last_voice > _BRIDGE:
                return False
            self._denied = 0
            self._believed = True
            return True
        self._denied = max(0, self._denied + (1 if voiced else -1))
        doubtful = voiced and self._denied >= _DOUBT
        return doubtful and not self.strict and not (self.speaking and self._believed)

    def end_now(self) -> SpeechEnded | SpeechDropped | None:
        """End the present utterance here, whoever wants it; None if there is none."""
        return self._finish(self._clock) if self.speaking else None

    def reset(self) -> None:
        """Forget the present utterance; what was said until now belongs to no later one either."""
        self.speaking = self._paused = False
        self._floor = self._clock
        self._recent = self._loud = 0
        self._denied = 0

    def _begin(self, recent: int) -> SpeechStarted:
        self.speaking = True
        self._believed = not self._denied
        self._onset = self._clock - max(recent.bit_length(), self._denied) * FRAME_LINE_SAMPLES
        self._start = max(self._onset - self._preroll, self._floor)
        self._last_voice = self._clock
        self._voiced = recent.bit_count()
        self._stirs = self._swell = self._held = 0
        self._level = 0.0
        self._recent = self._loud = 0
        return SpeechStarted(self._start, self._clock)

    def _lost(self, position: int) -> SpeechEnded | SpeechDropped | None:
        """Audio was lost up to `position`: as good as silence."""
        self._recent = self._loud = 0
        if self.speaking and position - self._last_voice >= self.silence_ms * _SAMPLES_PER_MS:
            return self._finish(position)
        return None

    def _finish(self, clock: int) -> SpeechEnded | SpeechDropped:
        self.speaking = self._paused = False
        end, last_voice = self._end(clock)
        voiced_ms = self._voiced * FRAME_MS
        if last_voice - self._onset < self._minimum:
            return SpeechDropped(self._start, end, last_voice, voiced_ms)
        self._floor = end
        return SpeechEnded(self._start, end, last_voice, voiced_ms)
