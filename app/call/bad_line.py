"""What the persona does about a line on which the caller can't be understood: says so once, with what it offers
instead, and ends the call politely if nothing gets better."""

from __future__ import annotations

from app.audio.reading import Reading
from app.call.actions import Note
from app.call.context import CallContext
from app.call.ending import Ending
from app.call.listening import Listening
from app.call.phases import Phase
from app.call.voice import Voice

BAD_LINE = "bad-line"
"""The utterance, its note, and the end's reason. Keys count while it sounds, although no voice interrupts it."""
UNDERSTOOD_NOTHING = frozenset({"noise", "barge-in-rejected"})
"""Notes of sounds without words, or that stopped the agent for nothing."""
WAIT_S = 10.0
"""One who is speaking just then is heard out for no longer: it may be a crowd."""
_FLOOR = frozenset({Phase.WAIT_FOR_USER, Phase.VALIDATING_UTTERANCE})


class BadLine:
    """Watches one call's line."""

    def __init__(self, context: CallContext, voice: Voice, listening: Listening, ending: Ending) -> None:
        self._context = context
        self._voice = voice
        self._listening = listening
        self._ending = ending
        self._wait_until: float | None = None

    def frame(self, reading: Reading) -> None:
        """After every frame of the caller."""
        context = self._context
        phase = context.phases.phase
        echo = self._voice.sounding or self._voice.echo.may_sound_at(context.now)
        context.line.frame(reading, context.now, floor=phase in _FLOOR, echo=echo)
        if context.line.why is None:
            self._wait_until = None
        elif phase is Phase.WAIT_FOR_USER and not self._voice.active and not self._speaks():
            self._tell()

    def _speaks(self) -> bool:
        if not self._listening.speaking or not self._context.line.voice_now:
            return False
        if self._wait_until is None:
            self._wait_until = self._context.now + WAIT_S
        return self._context.now < self._wait_until

    def _tell(self) -> None:
        context, line = self._context, self._context.line
        trouble = line.trouble()
        if trouble is None:
            return
        lines, keys = context.persona.lines, bool(context.persona.keys)
        self._wait_until = None
        line.told()
        offer = "none" if trouble.last else "keys" if keys else "ring-again"
        context.do(Note(BAD_LINE, {"why": trouble.why, "offer": offer, **trouble.figures}))
        if trouble.last:
            self._ending.close_with(lines.closing_bad_line, BAD_LINE)
            return
        self._listening.forget()
        context.deadlines.clear("reprompt")
        context.phases.move(Phase.AI_SPEAKING)  # before its first sound: no noise may take the line from it
        text = f"{lines.bad_line} {lines.bad_line_keys if keys else lines.bad_line_ring_again}"
        self._voice.say(text, kind=BAD_LINE, interruptible=False)
