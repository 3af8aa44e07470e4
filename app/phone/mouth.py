"""The caller's voice and fingers: what the next 20 ms frame holds, and which key is pressed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, LINE_RATE_HZ
from app.phone.log import Log
from app.phone.messages import SILENT_FRAME, encode_frames
from app.phone.sounds import loud_runs, mulaw_to_pcm

FRAMES_PER_KEY = 10
"""A key every 200 ms: a quick finger."""


@dataclass(slots=True)
class _Saying:
    frames: deque[str]
    mulaw: bytes
    text: str
    first_sound: int
    last_sound: int
    """Frames that hold the first and the last sound, counted from the beginning."""
    sent: int = 0


class Mouth:
    """Frame by frame, in the stream's own count; `origin_s` is when frame 0 begins."""

    def __init__(self, log: Log, origin_s: float) -> None:
        self._log = log
        self._origin_s = origin_s
        self._sayings: deque[_Saying] = deque()
        self._keys: deque[str] = deque()
        self._next_key_frame = 0
        self._frame = 0
        self._spoken: list[tuple[int, bytes]] = []

    @property
    def idle(self) -> bool:
        return not self._sayings and not self._keys

    def say(self, mulaw: bytes, text: str) -> None:
        """Queues 8 kHz μ-law behind what is being said; `text` is for the log alone."""
        runs = loud_runs(mulaw, adapt=True)
        frames = encode_frames(mulaw)
        if not frames:
            return
        first_s, last_s = (runs[0][0], runs[-1][1]) if runs else (0.0, len(mulaw) / LINE_RATE_HZ)
        frame_s = FRAME_MS / 1000
        last = min(len(frames), round(last_s / frame_s + 0.49)) - 1
        self._sayings.append(_Saying(deque(frames), mulaw, text, round(first_s / frame_s), max(0, last)))

    def press(self, keys: str) -> None:
        """Queues keys of `0-9*#A-D`. Raises ValueError for any other."""
        if strange := set(keys) - set("0123456789*#ABCD"):
            raise ValueError(f"No such key on a telephone: {''.join(sorted(strange))!r}. There are 0-9, *, # and A-D.")
        self._keys.extend(keys)

    def next_frame(self) -> tuple[str, str | None]:
        """The payload (base64) of the frame that has just ended, and the key pressed in it, if any."""
        payload = self._speak() if self._sayings else SILENT_FRAME
        key = None
        if self._keys and self._frame >= self._next_key_frame:
            key = self._keys.popleft()
            self._next_key_frame = self._frame + FRAMES_PER_KEY
            self._log.add(self._time(self._frame + 1), "digit", key)
        self._frame += 1
        return payload, key

    def spoken(self, until_s: float) -> NDArray[np.int16]:
        """All that was said from 0 to `until_s`: 8 kHz, 16-bit."""
        sound = np.zeros(max(0, round(until_s * LINE_RATE_HZ)), dtype=np.int16)
        for frame, mulaw in self._spoken:
            at = round(self._time(frame) * LINE_RATE_HZ)
            samples = mulaw_to_pcm(mulaw)[: max(0, len(sound) - at)]
            sound[at : at + len(samples)] = samples
        return sound

    def stop(self) -> None:
        """The line is gone: what was not sent is not said."""
        if self._sayings and (saying := self._sayings[0]).sent:
            frame, mulaw = self._spoken[-1]
            self._spoken[-1] = (frame, mulaw[: saying.sent * FRAME_LINE_SAMPLES])
            if saying.first_sound < saying.sent <= saying.last_sound:
                self._log.add(self._time(self._frame), "caller_stopped", "cut off")
        self._sayings.clear()
        self._keys.clear()

    def _speak(self) -> str:
        saying = self._sayings[0]
        if saying.sent == 0:
            self._spoken.append((self._frame, saying.mulaw))
        if saying.sent == saying.first_sound:
            self._log.add(self._time(self._frame), "caller_started", saying.text)
        if saying.sent == saying.last_sound:
            self._log.add(self._time(self._frame + 1), "caller_stopped")
        saying.sent += 1
        payload = saying.frames.popleft()
        if not saying.frames:
            self._sayings.popleft()
        return payload

    def _time(self, frame: int) -> float:
        return self._origin_s + frame * FRAME_MS / 1000
