"""Twilio's side of one media stream, without I/O: messages in, messages out, time as an argument.

All times are seconds since the number was dialled. Frame n holds the sound from `origin + 20 n` ms and is due 20 ms
later, on a schedule that is counted from the origin, so that a late frame never makes the next one late.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.audio.reading import FRAME_MS
from app.phone import messages
from app.phone.inspector import ClearQueue, PlaceMark, PlayMedia, WireFaults, inspect
from app.phone.log import Log
from app.phone.messages import StreamWriter
from app.phone.mouth import Mouth
from app.phone.playout import MarkPlayed, Playout, SpeechStarted

_FRAME_S = FRAME_MS / 1000


class StreamSide:
    """Give it the server's messages (`receive`) and the time (`advance`); send on what it returns, in order."""

    def __init__(self, writer: StreamWriter, log: Log, faults: WireFaults, now: float) -> None:
        self.playout = Playout()
        self.mouth = Mouth(log, now)
        self.messages_received = 0
        self.unheard_ms = 0.0
        self._writer = writer
        self._log = log
        self._faults = faults
        self._origin_s = now
        self._frames = 0
        self._open = True

    def start(self, parameters: Mapping[str, str]) -> list[str]:
        """The two messages every stream begins with."""
        self._log.add(self._origin_s, "started", self._writer.stream_sid)
        return [messages.connected(), self._writer.start(parameters)]

    def due_s(self) -> float:
        """When `advance` is next needed: for a frame, or for a mark before it."""
        frame_s = self._origin_s + (self._frames + 1) * _FRAME_S
        mark_s = self.playout.next_mark_s()
        return frame_s if mark_s is None else min(frame_s, mark_s)

    def advance(self, now: float) -> list[str]:
        """Whatever is due by `now`: marks that have been played to, frames, keys."""
        if not self._open:
            return []
        out = self._settle(now)
        while self._origin_s + (self._frames + 1) * _FRAME_S <= now:
            self._frames += 1
            payload, key = self.mouth.next_frame()
            out.append(self._writer.media(payload))
            if key is not None:
                out.append(self._writer.dtmf(key))
        return out

    def receive(self, raw: str | bytes, now: float) -> list[str]:
        """One message of the server's; what Twilio says to it at once."""
        if not self._open:
            return []
        out = self._settle(now)
        self.messages_received += 1
        command = inspect(raw, self._writer.stream_sid, self._faults)
        if isinstance(command, PlayMedia):
            if dropped := self.playout.queue(command.mulaw, now):
                self._faults.add("overflow", f"{dropped} bytes beyond ten minutes")
        elif isinstance(command, PlaceMark):
            self.playout.mark(command.name, now)
        elif isinstance(command, ClearQueue):
            self._log.add(now, "clear")
            for name in self.playout.clear(now):
                self._log.add(now, "mark", name)
                out.append(self._writer.mark(name))
        return out + self._settle(now)

    def stop(self, now: float) -> list[str]:
        """The caller hangs up: the last message of the stream."""
        if not self._open:
            return []
        out = [*self._settle(now), self._writer.stop()]
        self._close(now)
        self._log.add(now, "stopped")
        return out

    def closed(self, now: float) -> None:
        """The server has closed the socket: what was queued is not heard any more."""
        if self._open:
            self._settle(now)
            self._close(now)

    def ear(self, until_s: float) -> NDArray[np.int16]:
        """What the caller has heard of this stream, from 0 on the caller's scale: 8 kHz, 16-bit."""
        return self.playout.ear(until_s)

    def _close(self, now: float) -> None:
        self._open = False
        self.unheard_ms = self.playout.queued_s(now) * 1000
        self.playout.clear(now)
        self.mouth.stop()
        self._narrate(now + 60.0)

    def _settle(self, now: float) -> list[str]:
        return [self._writer.mark(name) for name in self._narrate(now)]

    def _narrate(self, now: float) -> list[str]:
        """Writes down what the ear has been through until `now`; the marks that came back."""
        marks: list[str] = []
        for event in self.playout.advance(now):
            if isinstance(event, MarkPlayed):
                self._log.add(event.at_s, "mark", event.name)
                marks.append(event.name)
            else:
                self._log.add(event.at_s, "agent_started" if isinstance(event, SpeechStarted) else "agent_stopped")
        return marks
