"""A call as a state machine without I/O: events and moments go in, actions come out.

    handle(event, now) -> list[Action]      next_deadline() -> float | None      handle_deadline(now) -> list[Action]

`now` is seconds since the stream began. The caller's side lives in `listening`, the agent's in `voice`; here they
are tied together, and here the call begins and ends. The same events at the same times give the same actions,
which is what makes every recorded call a test.
"""

from __future__ import annotations

from collections.abc import Callable

from app.call.actions import Action, Note, RecordSegment
from app.call.context import CallContext
from app.call.ending import Ending
from app.call.events import (
    DigitPressed,
    Event,
    FrameArrived,
    HangUpAsked,
    MarkReturned,
    ProviderFailed,
    ReplyBroken,
    ReplyDelta,
    ReplyEnded,
    SpeechReady,
    StreamStarted,
    StreamStopped,
    TranscriptReady,
)
from app.call.history import History, Said
from app.call.keypad import KEYS, PAUSE_S, Keypad
from app.call.listening import Listening
from app.call.phases import Phase
from app.call.stopwatch import Stopwatch
from app.call.utterance import Utterance
from app.call.voice import Voice
from app.personas.schema import Persona

TROUBLE_LIMIT = 3
"""Turns in a row that no provider could serve; then the persona apologises and ends, rather than ask for ever."""

_OVER = frozenset({Phase.CLOSING, Phase.ENDED})


class Call:
    """One call of one persona. See the module's docstring."""

    def __init__(self, persona: Persona) -> None:
        self._context = CallContext(persona)
        self._voice = Voice(self._context, self._agent_began, self._agent_finished)
        self._listening = Listening(self._context, self._voice)
        self._stopwatch = Stopwatch(self._context)
        self._keypad = Keypad()
        self._history = History()
        self._ending = Ending(self._context, self._voice, self._listening)
        self._troubles = 0
        self._handlers: dict[type, Callable[..., None]] = {
            FrameArrived: self._frame,
            StreamStarted: self._stream_started,
            TranscriptReady: self._transcript_ready,
            ReplyDelta: self._reply_delta,
            ReplyEnded: self._reply_ended,
            ReplyBroken: self._reply_broken,
            SpeechReady: self._speech_ready,
            MarkReturned: self._mark_returned,
            DigitPressed: self._digit_pressed,
            ProviderFailed: self._provider_failed,
            HangUpAsked: self._hang_up_asked,
            StreamStopped: self._stream_stopped,
        }

    @property
    def phase(self) -> Phase:
        return self._context.phases.phase

    @property
    def history(self) -> tuple[Said, ...]:
        """The talk so far as it was heard."""
        return self._history.lines

    @property
    def position(self) -> int:
        """Samples of the recording at the last moment that was told of."""
        return self._context.position

    def history_before(self, turn: int) -> tuple[Said, ...]:
        """The talk as it was heard, without what the caller said in `turn`."""
        return self._history.before(turn)

    def handle(self, event: Event, now: float) -> list[Action]:
        """Take in what happened at `now`; returns what is to be done, in order."""
        self._context.now = now
        self._handlers[type(event)](event)
        return self._take_actions()

    def next_deadline(self) -> float | None:
        return self._context.deadlines.next

    def handle_deadline(self, now: float) -> list[Action]:
        """`now` has reached `next_deadline()`."""
        self._context.now = now
        for name in self._context.deadlines.pop_due(now):
            _DUE[name](self)
        return self._take_actions()

    def _take_actions(self) -> list[Action]:
        actions, self._context.actions = self._context.actions, []
        for action in actions:
            if isinstance(action, RecordSegment):
                self._history.record(action)
        return actions

    # the line

    def _stream_started(self, _: StreamStarted) -> None:
        persona = self._context.persona
        self._context.deadlines.set("time-limit", self._context.now + persona.limits.maximum_call_s)
        self._voice.say(persona.greeting, kind="greeting", interruptible=persona.barge_in.greeting_interruptible)

    def _frame(self, event: FrameArrived) -> None:
        self._context.saw(event.reading)
        if self.phase not in _OVER:
            self._listening.frame(event.reading)

    def _stream_stopped(self, event: StreamStopped) -> None:
        if self.phase is not Phase.ENDED:
            self._listening.line_gone()
            self._ending.end(event.reason, hang_up=False)

    def _mark_returned(self, event: MarkReturned) -> None:
        utterance = self._voice.utterance
        played_ms = self._voice.mark_returned(event.name)
        if utterance is not None and played_ms is not None:
            self._stopwatch.reply_heard(self._listening.turn, utterance.turn, self._context.line_ms - played_ms)

    def _digit_pressed(self, event: DigitPressed) -> None:
        if event.digit not in KEYS:
            return
        if self.phase in _OVER or not self._may_key():
            self._context.do(Note("key-ignored", {"phase": self.phase.value}))
        elif self._keypad.press(event.digit):
            self._keys_complete()
        else:
            self._context.deadlines.clear("reprompt")
            self._context.deadlines.set("keypad", self._context.now + PAUSE_S)

    def _may_key(self) -> bool:
        if self.phase is Phase.GREETING:
            return self._context.persona.barge_in.greeting_interruptible
        utterance = self._voice.utterance
        return utterance is None or not utterance.began or utterance.interruptible

    def _keys_complete(self) -> None:
        self._context.deadlines.clear("keypad")
        keys = self._keypad.take()
        if keys and self.phase not in _OVER and self._may_key():
            self._ending.caller_is_there()
            self._listening.keyed(keys)

    # words and replies

    def _transcript_ready(self, event: TranscriptReady) -> None:
        if self.phase is Phase.ENDED:
            self._listening.last_words(event.turn, event.text, event.confidence)
            return
        if event.text:
            self._ending.caller_is_there()
        self._listening.transcribed(event.turn, event.text, event.confidence)

    def _is_asked(self, turn: int) -> bool:
        """Is a reply to `turn` wanted? (Before its first sound: the turn in hand; afterwards: the one being
        spoken.)"""
        utterance = self._voice.utterance
        if utterance is not None:
            return utterance.turn == turn and not utterance.text_done
        asked = self._listening.turn
        return self.phase is Phase.PROCESSING_USER and asked is not None and asked.number == turn

    def _reply_delta(self, event: ReplyDelta) -> None:
        if not self._is_asked(event.turn):
            self._context.do(Note("stale-reply", {"turn": event.turn}))
            return
        if self._voice.utterance is None:
            self._voice.open(event.turn, interruptible=True)
            self._stopwatch.reply_begins(self._listening.turn)
        self._voice.add(event.text)

    def _reply_ended(self, event: ReplyEnded) -> None:
        if not self._is_asked(event.turn):
            return
        ends = "completed" if event.end else None
        if self._voice.utterance is None:
            self._voice.open(event.turn)
        self._voice.close(ends)
        if not self._voice.active and self.phase is Phase.PROCESSING_USER:
            self._nothing_to_say(ends)
        elif ends and self.phase is Phase.AI_SPEAKING:
            self._listening.stop()
            self._ending.begin()

    def _reply_broken(self, event: ReplyBroken) -> None:
        if not self._is_asked(event.turn):
            return
        if self._voice.utterance is None:
            self._reply_delta(ReplyDelta(event.turn, event.instead))
        self._reply_ended(ReplyEnded(event.turn, event.end))

    def _nothing_to_say(self, ends: str | None) -> None:
        """A reply without a word in it."""
        self._context.do(Note("empty-reply"))
        if ends:
            self._ending.close_with(self._context.persona.lines.goodbye, ends)
        else:
            self._trouble()

    def _speech_ready(self, event: SpeechReady) -> None:
        self._voice.speech_ready(event)

    def _provider_failed(self, event: ProviderFailed) -> None:
        if event.stage == "speak":
            self._voice.speech_failed(event.ref, event.reason)
            return
        self._context.do(Note("provider-failed", {"stage": event.stage, "ref": event.ref, "reason": event.reason}))
        turn = self._listening.turn
        if turn is not None and turn.number == event.ref and self.phase is not Phase.ENDED:
            self._trouble()

    def _trouble(self) -> None:
        """This turn can't be answered: say so, or after too many, end the call politely."""
        self._troubles += 1
        lines = self._context.persona.lines
        if self._listening.interruption.judging or self.phase in (Phase.VALIDATING_UTTERANCE, Phase.PROCESSING_USER):
            self._voice.abandon()
            self._listening.give_up_turn()
        if self._troubles >= TROUBLE_LIMIT:
            self._ending.close_with(lines.closing_down, "fault")
        elif self.phase is Phase.WAIT_FOR_USER and not self._listening.speaking:
            self._voice.say(lines.trouble, kind="trouble")

    # the agent's utterances

    def _agent_began(self, utterance: Utterance) -> None:
        if utterance.turn:
            self._troubles = 0
        context = self._context
        context.deadlines.clear("answer")
        context.deadlines.clear("reprompt")
        if utterance.ends:
            self._listening.stop()
            self._ending.begin()
        elif self.phase is not Phase.GREETING:
            context.phases.move(Phase.AI_SPEAKING)
        self._stopwatch.reply_sounds(self._listening.turn, utterance.turn)

    def _agent_finished(self, utterance: Utterance) -> None:
        if self._ending.spoken(utterance):
            return
        if utterance.turn and not utterance.began:
            self._context.do(Note("unspoken-reply", {"turn": utterance.turn}))
            self._trouble()
            return
        if self.phase is not Phase.WAIT_FOR_USER:
            self._context.phases.move(Phase.WAIT_FOR_USER)
        self._listening.agent_spoke()

    def _hang_up_asked(self, event: HangUpAsked) -> None:
        self._ending.asked(event.reason, politely=event.politely)

    def _answer_overdue(self) -> None:
        self._context.do(Note("answer-overdue", {"phase": self.phase.value}))
        self._trouble()


_DUE: dict[str, Callable[[Call], None]] = {
    "playout": lambda call: call._voice.pump(),
    "marks": lambda call: call._voice.marks_overdue(),
    "ask": lambda call: call._listening.try_ask(),
    "reprompt": lambda call: call._ending.ask_again(),
    "answer": Call._answer_overdue,
    "keypad": Call._keys_complete,
    "time-limit": lambda call: call._ending.time_limit(),
    "closing": lambda call: call._ending.overdue(),
}
