"""A message for a machine: said once its greeting is over, whole, and only then is it left."""

from __future__ import annotations

from app.call.actions import MessageLeft, Note
from app.call.context import CallContext
from app.call.echo import words_of
from app.call.ending import Ending
from app.call.first_utterances import PAUSE_MS
from app.call.phases import Phase
from app.call.utterance import Utterance
from app.call.voice import Voice

DEADLINE = "answered"
QUIET_S = 2.0
"""A machine's greeting is over after it: longer than Twilio takes for its end (MachineDetectionSpeechEndThreshold,
1,200 ms; WIRE B.4), which knows a beep when it hears one, and tells."""
LONGEST_GREETING_S = 30.0
"""Twilio's own patience with it (MachineDetectionTimeout, 30 s; WIRE B.4)."""
VOICEMAIL, MESSAGE_LEFT = "voicemail", "message-left"
"""The kind of the utterance, and the end's reason without a message and with it."""


class LeavingMessage:
    """One call's, once a machine has answered it."""

    def __init__(self, context: CallContext, voice: Voice, ending: Ending) -> None:
        self._context = context
        self._voice = voice
        self._ending = ending
        self._until = 0.0
        self._by_ear = False
        self._again = False

    def wait(self, *, speaking: bool) -> None:
        """A machine is there, and its greeting may still go on."""
        self._until = self._context.now + LONGEST_GREETING_S
        if speaking:
            self.greeting_goes_on()
        else:
            self.greeting_pauses()

    def greeting_goes_on(self) -> None:
        """There is voice."""
        self._context.deadlines.set(DEADLINE, self._until)

    def greeting_pauses(self) -> None:
        """There was voice, or something like it, and is none now."""
        at = min(self._context.now + QUIET_S - PAUSE_MS / 1000, self._until)
        self._context.deadlines.set(DEADLINE, max(at, self._context.now))

    def greeting_over(self, *, beep: bool) -> None:
        """The carrier says that the greeting is over. A message that began before the beep begins again, once."""
        if self._context.phases.phase not in (Phase.CLOSING, Phase.ENDED):
            self._say()
        elif beep and self._by_ear and not self._again and self._voice.active:
            self._again = True
            self._context.do(Note("message-again"))
            self._voice.say(self._line, kind=VOICEMAIL, interruptible=False, ends=VOICEMAIL)

    def overdue(self) -> None:
        """It has been quiet for long enough, or the greeting is as long as any."""
        self._by_ear = True
        self._say()

    def finished(self, utterance: Utterance) -> None:
        """An utterance is over: has the machine all of the message?"""
        if utterance.kind == VOICEMAIL and words_of(utterance.heard_text) == words_of(self._line):
            utterance.ends = MESSAGE_LEFT
            self._context.do(MessageLeft())

    @property
    def _line(self) -> str:
        return self._context.persona.lines.voicemail

    def _say(self) -> None:
        self._ending.close_with(self._line, VOICEMAIL, kind=VOICEMAIL)
