"""How a call ends: after silence, at its longest, because someone wants it over, and always with a goodbye that is
heard."""

from __future__ import annotations

from app.call.actions import TRANSFERRED, HangUp, Note, Transfer
from app.call.context import CallContext
from app.call.listening import Listening
from app.call.phases import Phase
from app.call.utterance import Utterance
from app.call.voice import Voice

CLOSING_S = 20.0
"""A goodbye of which nothing is on the line by then will not be heard: hang up. While it sounds, it is waited for."""
LONGEST_GOODBYE_S = 90.0
GOODBYE = "goodbye"
GRACE_S = 3.0
LAST_SENTENCE_S = 15.0
"""At the longest call's end, a sentence in the air may still be finished for this long."""


class Ending:
    """Watches over a call's end."""

    def __init__(self, context: CallContext, voice: Voice, listening: Listening) -> None:
        self._context = context
        self._voice = voice
        self._listening = listening
        self._reprompts = 0
        self._over_time = False
        self._closing_at = 0.0
        self._transfer_by = ""

    def caller_is_there(self) -> None:
        """They said or keyed something: silence is counted anew."""
        self._reprompts = 0

    def ask_again(self) -> None:
        """The caller has been silent for the persona's patience: ask again, or say goodbye."""
        persona = self._context.persona
        if self._context.phases.phase is not Phase.WAIT_FOR_USER or self._listening.speaking:
            return
        if self._listening.waiting.think_s is not None:
            self._context.do(Note("silence"))
            self._listening.fell_silent()
            return
        if self._reprompts >= persona.patience.maximum_reprompts:
            self.close_with(persona.lines.silence_goodbye, "caller-silent")
            return
        reprompts = persona.lines.reprompts
        line = reprompts[self._reprompts % len(reprompts)]
        self._reprompts += 1
        self._context.do(Note("reprompt", {"count": self._reprompts}))
        self._voice.say(line, kind="reprompt")

    def time_limit(self) -> None:
        """The call is as long as it may be: a sentence in the air is finished first, for a while."""
        if self._voice.active and not self._over_time:
            self._over_time = True
            self._context.deadlines.set("time-limit", self._context.now + LAST_SENTENCE_S)
        else:
            self._say_time_up()

    def _say_time_up(self) -> None:
        self.close_with(self._context.persona.lines.time_up, "time-limit")

    def asked(self, reason: str, *, politely: bool) -> None:
        """Someone of ours wants the call over. The house asks to be rung again, an operator has no need of it."""
        lines = self._context.persona.lines
        if politely:
            self.close_with(lines.goodbye if reason == "operator" else lines.closing_down, reason)
        else:
            self.end(reason, hang_up=True)

    def close_with(self, line: str, reason: str, *, kind: str = GOODBYE) -> None:
        """Say `line`, which can't be interrupted, and hang up when it has been heard."""
        if self._context.phases.phase in (Phase.CLOSING, Phase.ENDED):
            return
        self._context.deadlines.clear_all()
        self.begin()  # first, so that nothing which ends with the old utterance can begin another ending
        self._voice.abandon()
        self._listening.stop()
        self._voice.say(line, kind=kind, interruptible=False, ends=reason)

    def ends_of(self, *, end: bool, transfer: str) -> str | None:
        """Why the call is over once a reply has been heard; None if it goes on. `transfer`: what asked for a person."""
        self._transfer_by = transfer
        return TRANSFERRED if transfer else "completed" if end else None

    def last_line(self, ends: str) -> str:
        """What is said where the reply that ends the call has no words."""
        transfer = self._context.persona.transfer
        return transfer.line if ends == TRANSFERRED and transfer is not None else self._context.persona.lines.goodbye

    def begin(self) -> None:
        """The last sentence is on its way; its end is waited for, but not for ever."""
        if self._context.phases.phase is not Phase.CLOSING:
            self._context.phases.move(Phase.CLOSING)
            self._closing_at = self._context.now
            self._context.deadlines.set("closing", self._context.now + CLOSING_S)

    def spoken(self, utterance: Utterance) -> bool:
        """An utterance has been heard. True if that ended the call, or is about to."""
        if utterance.ends:
            self.end(utterance.ends, hang_up=True)
        elif self._over_time:
            self._say_time_up()
        return self._context.phases.phase in (Phase.CLOSING, Phase.ENDED)

    def overdue(self) -> None:
        """The goodbye should have been heard by now; if it still sounds, wait for its end, but not for ever."""
        now, quiet_at = self._context.now, self._voice.quiet_at
        if quiet_at > now and now < self._closing_at + LONGEST_GOODBYE_S:
            self._context.deadlines.set("closing", quiet_at + GRACE_S)
            return
        utterance = self._voice.utterance
        self._context.do(Note("goodbye-unheard"))
        self.end((utterance.ends if utterance else None) or "completed", hang_up=True)

    def end(self, reason: str, *, hang_up: bool) -> None:
        """It is over, now."""
        if self._context.phases.phase is Phase.ENDED:
            return
        self._voice.abandon()
        self._context.deadlines.clear_all()
        self._listening.speculation.note()
        self._context.phases.move(Phase.ENDED)
        if hang_up:
            self._context.do(Transfer(self._transfer_by) if reason == TRANSFERRED else HangUp(reason))
