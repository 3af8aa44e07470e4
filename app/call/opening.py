"""How a call begins: with the persona's greeting, or with what its flow says first.

What a flow says first may be something that the caller must have heard: who is speaking, that they are recorded. It is
said to its end, whatever they do, and only when its marks have proved that is anything asked. If no voice could speak
some part of it, all of it is said once more; and if that fails too, the call ends.
"""

from __future__ import annotations

from app.call.actions import Note
from app.call.context import CallContext
from app.call.echo import words_of
from app.call.ending import Ending
from app.call.events import StreamStarted, TalkOpened
from app.call.listening import Listening
from app.call.phases import Phase
from app.call.utterance import Utterance
from app.call.voice import Voice

ATTEMPTS = 2


class Opening:
    """One call's."""

    def __init__(self, context: CallContext, voice: Voice, listening: Listening, ending: Ending) -> None:
        self._context = context
        self._voice = voice
        self._listening = listening
        self._ending = ending
        self._own: StreamStarted | TalkOpened | None = None
        self._attempts = 0

    def begin(self, event: StreamStarted | TalkOpened) -> None:
        """Somebody is there to be greeted; what was said of an earlier greeting does not count."""
        persona = self._context.persona
        self._own, self._attempts = None, 0
        if event.greeting:
            self._own = event
            self._greet(event)
        else:
            self._voice.say(persona.greeting, kind="greeting", interruptible=persona.barge_in.greeting_interruptible)

    @property
    def must_be_heard(self) -> bool:
        """Is that on its way which must have been heard first?"""
        return self._own is not None

    def goes_on(self, utterance: Utterance) -> bool:
        """An utterance is over. True if there is more to say before the caller has the word."""
        own = self._own
        if own is None:
            return False
        if words_of(utterance.heard_text) != words_of(own.greeting):
            self._not_heard(own)
            return True
        self._own = None
        if own.question:
            self._ask(own)
        return bool(own.question)

    def _greet(self, own: StreamStarted | TalkOpened) -> None:
        self._attempts += 1
        self._voice.say(own.greeting, kind="greeting", interruptible=False)
        if self._voice.utterance is not None:
            self._voice.utterance.expects, self._voice.utterance.think_s = own.expects, own.think_s

    def _not_heard(self, own: StreamStarted | TalkOpened) -> None:
        self._context.do(Note("opening-unheard", {"attempt": self._attempts}))
        if self._attempts < ATTEMPTS:
            self._greet(own)
        else:
            self._ending.close_with(self._context.persona.lines.closing_down, "fault")

    def _ask(self, own: StreamStarted | TalkOpened) -> None:
        self._listening.line_heard()
        if self._context.phases.phase is Phase.GREETING:
            self._context.phases.move(Phase.AI_SPEAKING)
        question = self._voice.open(0, kind="question")
        question.expects, question.think_s = own.expects, own.think_s
        self._voice.add(own.question)
        self._voice.close()
