"""What the parts of one call share: who speaks, what time it is, what is to be done, and the next free ids."""

from __future__ import annotations

from app.audio.reading import FRAME_LINE_SAMPLES, LINE_RATE_HZ, Reading
from app.call.actions import Action
from app.call.deadlines import Deadlines
from app.call.line_trouble import LineTrouble
from app.call.phases import PhaseTable
from app.personas.schema import Persona

_SAMPLES_PER_MS = LINE_RATE_HZ // 1000


class CallContext:
    """One call's shared state. `now`: seconds of the call. `actions`: what this `handle` has decided so far. `line`:
    can the caller be understood on it?"""

    __slots__ = ("_frame_at", "_line_samples", "_numbers", "actions", "deadlines", "line", "now", "persona", "phases")

    def __init__(self, persona: Persona) -> None:
        self.persona = persona
        self.phases = PhaseTable()
        self.deadlines = Deadlines()
        self.line = LineTrouble(persona.patience.reprompt_after_s)
        self.actions: list[Action] = []
        self.now = 0.0
        self._line_samples = 0
        self._frame_at = 0.0
        self._numbers = {"turn": 0, "piece": 0, "segment": 0}

    def do(self, action: Action) -> None:
        self.actions.append(action)

    def saw(self, reading: Reading) -> None:
        """The line has come this far: frames are the recording's clock."""
        self._line_samples = reading.position + FRAME_LINE_SAMPLES
        self._frame_at = self.now

    @property
    def position(self) -> int:
        """Samples of the recording at this moment: the last frame's end, and the clock's seconds since."""
        return self._line_samples + int((self.now - self._frame_at) * LINE_RATE_HZ)

    @property
    def line_ms(self) -> int:
        """Milliseconds of the recording at this moment."""
        return self.position // _SAMPLES_PER_MS

    @property
    def frame_at(self) -> float:
        """When the last frame came."""
        return self._frame_at

    def number(self, of: str) -> int:
        """The next free id of a `turn`, `piece` or `segment`; they begin at 1."""
        self._numbers[of] += 1
        return self._numbers[of]


def to_ms(samples: int) -> int:
    """Samples at 8 kHz as milliseconds."""
    return samples // _SAMPLES_PER_MS
