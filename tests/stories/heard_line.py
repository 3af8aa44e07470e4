"""A call on a line that really sounds: a track of 8 kHz goes through the telephone's code and the whole audio chain,
and what comes of it goes to the core, in virtual time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.audio.ear import Ear
from app.audio.mulaw import SILENCE, encode
from app.audio.reading import FRAME_LINE_SAMPLES, LINE_RATE_HZ, Reading
from app.call import events as ev
from app.personas.schema import Persona
from tests.stories.line_sounds import Samples
from tests.stories.stage import Caller, Story


@dataclass
class HardToHear(Caller):
    """`invents`: what the recogniser makes of a stretch in which nobody said a word."""

    invents: str = ""

    def words_in(self, start_s: float, end_s: float) -> str:
        return super().words_in(start_s, end_s) or self.invents


class HeardLine(Story):
    """`track`: what comes from the caller's side, and digital silence behind it. Words are those of `caller.says`,
    whatever sounds then. `lost`: (from, to) seconds that never arrive."""

    def __init__(
        self, track: Samples, who: Persona, *, invents: str = "", lost: tuple[tuple[float, float], ...] = ()
    ) -> None:
        super().__init__(who, stt_s=0.3, llm_s=0.3)
        self.ear = Ear()
        self._mulaw = encode(np.asarray(track).clip(-32768, 32767).astype("<i2").tobytes())
        self.caller = HardToHear(invents=invents)
        self._lost = lost

    def _tell(self, event: ev.Event, now: float) -> None:
        if not isinstance(event, ev.FrameArrived):
            super()._tell(event, now)
        elif not any(begin <= event.reading.position / LINE_RATE_HZ < end for begin, end in self._lost):
            frame = self._mulaw[event.reading.position :][:FRAME_LINE_SAMPLES]
            reading = self.ear.hear(frame.ljust(FRAME_LINE_SAMPLES, SILENCE), event.reading.position)
            super()._tell(ev.FrameArrived(reading), now)

    def _reading(self, index: int) -> Reading:
        """Where the frame is; `_tell` hears it, unless it is lost."""
        return Reading(index * FRAME_LINE_SAMPLES, 0, voiced=False, noise_rms=0)
