"""Judges the caller's line while the call runs: can this caller be understood on it?

It goes by what came of the talk first (turns and sounds without a word in them), and asks the readings for the cause. A
line on which words are understood is good enough, however it sounds. A steady sound that is no voice (music, a fax
machine, a roaring room) is trouble by itself, once nobody has spoken through it for a while.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields

from app.audio.line_sound import SURE_PERCENT, is_loud, is_sound_without_voice, is_surely_voice, is_too_loud
from app.audio.neural import UNKNOWN
from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, Reading
from app.audio.segmenter import SPEECH_PERCENT

_A_SECOND = 1000 // FRAME_MS
WINDOW_S = 12
"""The line is as it was in these last seconds: a few breaths, and several bars of any music."""
NO_CALLER_S = 5
"""A sound that lasts so long without a voice is believed to be none, whatever a recogniser makes of it."""
DENIED_MS = 1000
"""Or a shorter one, if the detector has not the least doubt in any of its frames."""
SOUND_SHARE, VOICE_SHARE = 0.4, 0.03
"""Of the window, no less sound without voice, and no more voice. (Music 0.9, an engaged tone 0.5, a train 0.6; one who
speaks, 0.7 of voice.)"""
LOST_SHARE = 0.1
"""A tenth of the audio missing, and words are."""
LOUD_SHARE, FAINT_FRAMES = 0.1, 50
"""A second of what is surely a voice (of a faint one some 15 frames in 50 are), of which less than a tenth is loud
enough for an utterance to begin (people: two thirds)."""
TOO_LOUD_SHARE = 0.3
TURNS, TURNS_WITH_CAUSE = 4, 2
"""So many turns in a row without a word; the dialogue asks again before, and helps the third time."""
WORDLESS_MS = 20_000
"""Or so much voice without a word."""
NOISES = 5
"""Or so many sounds in a row, and the patience's time."""
LONGEST_PATIENCE_S = 10.0
"""What sounds by itself is trouble a second before the persona would ask the silent caller again, or before this."""
LONGEST_THOUGHT_S = 30.0
"""And no later than this, however long the persona waits."""
AGAIN_AFTER_S = 90.0
"""A caller who has been told, and was understood since, is not told again before."""


@dataclass(slots=True)
class _Tally:
    """Frames of one second, by kind. `floor`: while the agent and its echo were silent."""

    frames: int = 0
    sound: int = 0
    sure: int = 0
    floor_sure: int = 0
    floor_loud: int = 0
    too_loud: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """`why`: a slug; `last`: the caller was told, and nothing was understood since. `figures`: for the call's page."""

    why: str
    last: bool
    figures: dict[str, str | int | float | bool]


class LineTrouble:
    """One call's judge. `trouble`: what is wrong, until it is told or words are understood."""

    def __init__(self, reprompt_after_s: float) -> None:
        self._reprompt_after_s = reprompt_after_s
        self._second = _Tally()
        self._window: deque[_Tally] = deque(maxlen=WINDOW_S)
        self._sum = _Tally()
        self._next_position = 0
        self._turns = self._wordless_ms = self._noises = self._floor = 0
        self._surest = UNKNOWN
        self._told_at: float | None = None
        self._understood_since = self._understood_once = False
        self._now = 0.0
        self.why: str | None = None

    def frame(self, reading: Reading, now: float, *, floor: bool, echo: bool) -> None:
        """Every frame. `floor`: it is the caller's to speak. `echo`: the agent, or its echo, may sound in it."""
        second = self._second
        self._now = now
        second.frames += 1
        if 0 < self._next_position < reading.position:
            second.lost += (reading.position - self._next_position) // FRAME_LINE_SAMPLES
        self._next_position = reading.position + FRAME_LINE_SAMPLES
        if is_sound_without_voice(reading):
            second.sound += 1
        elif is_surely_voice(reading):
            second.sure += 1
            if not echo:
                second.floor_sure += 1
                second.floor_loud += is_loud(reading)
        second.too_loud += is_too_loud(reading)
        self._surest = max(self._surest, reading.speech)
        self._floor += floor
        if second.frames == _A_SECOND:
            self._window.append(second)
            self._second = _Tally()
            self._sum = _sum(self._window)
            self._judge()

    # what came of the talk

    def understood(self, *, keys: bool = False) -> None:
        """Words, or keys: the caller is there, and can make themselves understood. Words without a voice prove nothing:
        a recogniser may find some in any noise."""
        if keys or self._surest < 0 or self._surest >= SURE_PERCENT:
            self._start_anew()
            self._understood_since = self._understood_once = True
        self._surest = UNKNOWN

    def wordless(self, voiced_ms: int) -> None:
        """A turn with `voiced_ms` of voice, of which no word was understood."""
        self._turns += 1
        self._wordless_ms += voiced_ms
        self._surest = UNKNOWN
        self._judge()

    def noise(self) -> None:
        """A sound without words, or one that stopped the agent for nothing."""
        self._noises += 1
        self._surest = UNKNOWN

    def is_no_caller(self, voiced_ms: int) -> bool:
        """Was the turn, `voiced_ms` of it voice by level and sound, surely none? There was not a moment in it that
        might be one, or for seconds nothing but sound."""
        denied = 0 <= self._surest < SPEECH_PERCENT and voiced_ms >= DENIED_MS
        return denied or self._is_sound_alone(NO_CALLER_S)

    @property
    def voice_now(self) -> bool:
        """May someone be speaking at this moment? (Where the detector is missing, and nothing is steady: yes.)"""
        return self._second.sure > 0 or not self._is_sound_alone(NO_CALLER_S)

    # the verdict

    def trouble(self) -> Trouble | None:
        """What the caller is to be told now, if anything."""
        if self.why is None:
            return None
        told = self._told_at is not None
        if told and self._understood_since and self._told_at is not None and self._now < self._told_at + AGAIN_AFTER_S:
            return None
        return Trouble(self.why, told and not self._understood_since, self._figures())

    def told(self) -> None:
        """The caller is being told: from here on it counts anew."""
        self._told_at, self._understood_since = self._now, False
        self._start_anew()

    def _start_anew(self) -> None:
        self._turns = self._wordless_ms = self._noises = self._floor = 0
        self.why = None

    def _judge(self) -> None:
        cause = self._cause()
        waited = self._floor >= self._patience_s * _A_SECOND
        many = self._turns >= (TURNS_WITH_CAUSE if cause else TURNS) or self._wordless_ms >= WORDLESS_MS
        if many:
            self.why = cause or "no-words"
        elif self._is_sound_alone(WINDOW_S * 2 // 3) and waited:
            self.why = "steady-sound"
        elif cause == "faint" and waited:
            self.why = "faint"
        elif self._noises >= NOISES and waited:
            self.why = cause or "noises"
        else:
            self.why = None

    def _cause(self) -> str | None:
        """What is wrong with the sound, the plainest first."""
        seen = self._sum
        if not seen.frames:
            return None
        if seen.lost >= LOST_SHARE * (seen.frames + seen.lost):
            return "lost-audio"
        if self._is_sound_alone(NO_CALLER_S):
            return "steady-sound"
        if seen.floor_sure >= FAINT_FRAMES and seen.floor_loud < LOUD_SHARE * seen.floor_sure:
            return "faint"
        if seen.too_loud >= TOO_LOUD_SHARE * seen.frames:
            return "too-loud"
        return None

    @property
    def _patience_s(self) -> float:
        """For so long sound by itself is borne. One who was understood before may be thinking, in a train as well."""
        once_s = min(self._reprompt_after_s, LONGEST_PATIENCE_S) - 1
        usual_s = 2 * self._reprompt_after_s if self._understood_once else once_s
        told = self._told_at is not None and not self._understood_since
        return min(2 * usual_s if told else usual_s, LONGEST_THOUGHT_S)

    def _is_sound_alone(self, seconds: int) -> bool:
        seen = self._sum
        enough = seen.frames >= seconds * _A_SECOND
        return enough and seen.sound >= SOUND_SHARE * seen.frames and seen.sure <= VOICE_SHARE * seen.frames

    def _figures(self) -> dict[str, str | int | float | bool]:
        seen = self._sum
        frames = max(1, seen.frames)
        return {
            "turns": self._turns,
            "wordless_ms": self._wordless_ms,
            "noises": self._noises,
            "seconds": seen.frames // _A_SECOND,
            "sound_percent": round(100 * seen.sound / frames),
            "voice_percent": round(100 * seen.sure / frames),
            "loud_percent": round(100 * seen.floor_loud / max(1, seen.floor_sure)),
            "too_loud_percent": round(100 * seen.too_loud / frames),
            "lost_percent": round(100 * seen.lost / (frames + seen.lost)),
        }


_KINDS = tuple(field.name for field in fields(_Tally))


def _sum(tallies: deque[_Tally]) -> _Tally:
    return _Tally(*(sum(getattr(tally, kind) for tally in tallies) for kind in _KINDS))
