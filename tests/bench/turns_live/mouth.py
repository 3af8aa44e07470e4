"""The caller's side of one stream: a room, a voice, noises, and the agent's own sound coming back; frame by frame.

It stands in the place of `app.phone.mouth.Mouth`, which says one thing after another into digital silence.
"""

from __future__ import annotations

import base64
from collections import deque
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.mulaw import decode, encode
from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, LINE_RATE_HZ
from app.phone.playout import Playout
from tests.bench.turns.sounds import Said, Samples
from tests.bench.turns_live import people
from tests.bench.turns_live.corpus import Line

LONGEST_S = 420
_BAND = signal.butter(4, [300, 3400], "bandpass", fs=LINE_RATE_HZ, output="sos")
HEARD_DB = -22.0
"""An echo fainter than this leaves a recogniser no words."""


class Mouth:
    """`track`: what is on the line beside what is said, and silence behind it; else a room of the line's own.
    `invents`: what a recogniser makes of a sound without words.

    `origin_s`: the stream's beginning on the caller's clock; all times here are seconds of the stream."""

    idle = True

    def __init__(
        self,
        line: Line,
        playout: Playout,
        origin_s: float,
        first_frame: int,
        seed: int,
        track: Samples | None = None,
    ) -> None:
        self.line = line
        self.playout = playout
        self.origin_s = origin_s
        self.said: list[Said] = []
        self._frame = first_frame
        self.invents = ""
        self._room = people.room(30.0, seed, line.room_rms) if track is None else track
        self._again: Literal["wrap", "clip"] = "wrap" if track is None else "clip"
        self._sounds: list[tuple[int, Samples]] = []
        self._keys: deque[str] = deque()
        self._band = np.zeros((len(_BAND), 2))
        self._sent = np.zeros(LONGEST_S * LINE_RATE_HZ, dtype=np.int16)

    @property
    def now_s(self) -> float:
        """Where the next frame begins."""
        return self._frame * FRAME_MS / 1000

    def sounds(self, clip: Samples, words: str, after_s: float = 0.0) -> Said:
        """Mixes it in, beginning so long after the next frame does; where it will be."""
        begin = self._frame * FRAME_LINE_SAMPLES + round(after_s * LINE_RATE_HZ)
        self._sounds.append((begin, clip))
        said = Said(words, begin / LINE_RATE_HZ, (begin + len(clip)) / LINE_RATE_HZ)
        if words:
            self.said.append(said)
        return said

    def next_frame(self) -> tuple[str, str | None]:
        """The payload in base64, and no key."""
        begin = self._frame * FRAME_LINE_SAMPLES
        end = begin + FRAME_LINE_SAMPLES
        frame = np.take(self._room, np.arange(begin, end), mode=self._again) + self._echo(begin)
        for at, sound in self._sounds:
            if at < end and at + len(sound) > begin:
                piece = sound[max(0, begin - at) : end - at]
                frame[max(0, at - begin) :][: len(piece)] += piece
        self._sounds = [(at, sound) for at, sound in self._sounds if at + len(sound) > end]
        banded, self._band = signal.sosfilt(_BAND, frame, zi=self._band)
        mulaw = encode(banded.clip(-32768, 32767).astype("<i2").tobytes())
        if end <= len(self._sent):
            self._sent[begin:end] = np.frombuffer(decode(mulaw), dtype="<i2")
        self._frame += 1
        return base64.b64encode(mulaw).decode("ascii"), self._keys.popleft() if self._keys else None

    def sent(self, last_s: float) -> tuple[int, NDArray[np.int16]]:
        """The last so many seconds of what was sent, and the sample at which they begin."""
        end = min(self._frame * FRAME_LINE_SAMPLES, len(self._sent))
        begin = max(0, end - round(last_s * LINE_RATE_HZ))
        return begin, self._sent[begin:end]

    def _echo(self, begin: int) -> Samples:
        back = np.zeros(FRAME_LINE_SAMPLES)
        if self.line.echo_db is None:
            return back
        for late_s, share in self.line.reflections:
            back += share * self._heard(begin + round((self.origin_s - self.line.echo_s - late_s) * LINE_RATE_HZ))
        return back * 10 ** (self.line.echo_db / 20)

    def _heard(self, from_: int) -> Samples:
        """A frame of what the ear heard; on the caller's clock, in samples."""
        heard = np.zeros(FRAME_LINE_SAMPLES)
        for piece in reversed(self.playout._pieces):
            at = round(piece.start_s * LINE_RATE_HZ)
            if at + len(piece.mulaw) <= from_:
                break
            if at < from_ + FRAME_LINE_SAMPLES:
                part = piece.mulaw[max(0, from_ - at) : from_ + FRAME_LINE_SAMPLES - at]
                sound = np.frombuffer(decode(part), dtype="<i2")
                heard[max(0, at - from_) :][: len(sound)] += sound
        return heard

    # what the phone asks of any mouth

    def say(self, mulaw: bytes, text: str) -> None:
        self.sounds(np.frombuffer(decode(mulaw), dtype="<i2").astype(float), text)

    def press(self, keys: str) -> None:
        self._keys.extend(keys)

    def spoken(self, until_s: float) -> NDArray[np.int16]:
        sound = np.zeros(max(0, round(until_s * LINE_RATE_HZ)), dtype=np.int16)
        begin, sent = self.sent(LONGEST_S)
        at = begin + round(self.origin_s * LINE_RATE_HZ)
        sound[at : at + len(sent)] = sent[: max(0, len(sound) - at)]
        return sound

    def stop(self) -> None:
        self._sounds.clear()
