"""A call as a state machine without I/O: events and moments go in, actions come out.

    handle(event, now) -> list[Action]      next_deadline() -> float | None      handle_deadline(now) -> list[Action]

`now` is seconds since the stream began. The caller's side lives in `listening`, the agent's in `voice`, its answers in
`replying`; here they are tied together, and here the call begins and ends. The same events at the same times give the
same actions, which is what makes every recorded call a test.
"""

from __future__ import annotations

from collections.abc import Callable

from app.call.actions import Action, DropTurn, Note, RecordSegment
from app.call.answering import Answering
from app.call.bad_line import BAD_LINE, UNDERSTOOD_NOTHING, BadLine
from app.call.context import CallContext
from app.call.ending import Ending
from app.call.events import (
    AnsweredBy,
    DigitPressed,
    DigitsAsked,
    Event,
    FrameArrived,
    HangUpAsked,
    MarkReturned,
    NoMoreCallsAsked,
    PauseJudged,
    ProviderFailed,
    ReplyBroken,
    ReplyDelta,
    ReplyEnded,
    SpeechReady,
    StreamStarted,
    StreamStopped,
    TalkOpened,
    TranscriptReady,
)
from app.call.history import History, Said
from app.call.keypad import KEYS, PAUSE_S, Keypad
from app.call.listening import Listening
from app.call.mute import Mute
from app.call.opening import Opening
from app.call.phases import Phase
from app.call.replying import Replying
from app.call.tones import Tones
from app.call.utterance import Utterance
from app.call.voice import Voice
from app.personas.schema import Persona

_OVER = frozenset({Phase.CLOSING, Phase.ENDED})


class Call:
    """One call of one persona. See the module's docstring."""

    def __init__(self, persona: Persona) -> None:
        self._context = CallContext(persona)
        self._voice = Voice(self._context, self._agent_began, self._agent_answered, self._agent_finished)
        self._listening = Listening(self._context, self._voice)
        self._keypad = Keypad()
        self._history = History(persona.lines.fillers)
        self._ending = Ending(self._context, self._voice, self._listening)
        self._opening = Opening(self._context, self._voice, self._listening, self._ending)
        self._answering = Answering(self._context, self._voice, self._listening, self._ending, self._opening)
        self._mute = Mute(self._context, self._ending)
        self._replying = Replying(self._context, self._voice, self._listening, self._ending)
        self._tones = Tones(self._context, self._voice, self._listening)
        self._bad_line = BadLine(self._context, self._voice, self._listening, self._ending)
        self._handlers: dict[type, Callable[..., None]] = {
            FrameArrived: self._frame,
            StreamStarted: self._stream_started,
            AnsweredBy: self._answering.verdict,
            TalkOpened: self._answering.opened,
            NoMoreCallsAsked: self._no_more_calls_asked,
            TranscriptReady: self._transcript_ready,
            PauseJudged: self._pause_judged,
            ReplyDelta: self._replying.delta,
            ReplyEnded: self._replying.ended,
            ReplyBroken: self._replying.broken,
            SpeechReady: self._speech_ready,
            MarkReturned: self._mark_returned,
            DigitPressed: self._digit_pressed,
            DigitsAsked: self._tones.asked,
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

    @property
    def echo_rms(self) -> int | None:
        """How loud the agent's own voice comes back on this line, on the 16-bit scale; None if it is not known."""
        return round(self._voice.echo.level) if self._voice.echo.known else None

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
            elif isinstance(action, Note) and action.kind in UNDERSTOOD_NOTHING:
                self._context.line.noise()
        return actions

    # the line

    def _stream_started(self, event: StreamStarted) -> None:
        persona = self._context.persona
        self._context.deadlines.set("time-limit", self._context.now + persona.limits.maximum_call_s)
        if event.voicemail:
            self._answering.begin(event)
        else:
            self._opening.begin(event)

    def _frame(self, event: FrameArrived) -> None:
        self._context.saw(event.reading)
        if self.phase not in _OVER and not self._answering.frame(event.reading):
            self._listening.frame(event.reading)
            self._bad_line.frame(event.reading)
            self._tones.go_on()

    def _stream_stopped(self, event: StreamStopped) -> None:
        self._answering.line_gone()
        if self.phase is not Phase.ENDED:
            self._listening.line_gone()
            self._ending.end(event.reason, hang_up=False)

    def _mark_returned(self, event: MarkReturned) -> None:
        utterance = self._voice.utterance
        played_ms = self._voice.mark_returned(event.name)
        if utterance is not None and played_ms is not None:
            self._replying.heard(utterance.turn, self._context.line_ms - played_ms)

    def _digit_pressed(self, event: DigitPressed) -> None:
        if event.digit not in KEYS:
            return
        if self._keeps_keys():
            self._keypad.press(event.digit)
            self._context.do(Note("key-kept"))
        elif self.phase in _OVER or not self._may_key():
            self._context.do(Note("key-ignored", {"phase": self.phase.value}))
        elif self._keypad.press(event.digit):
            self._keys_complete()
        else:
            self._context.deadlines.clear("reprompt")
            self._context.deadlines.set("keypad", self._context.now + PAUSE_S)

    def _keeps_keys(self) -> bool:
        """Is something being said that must be heard first? Keys count once it has been."""
        if self._answering.has_the_line or self.phase in _OVER:
            return False
        menu = self.phase is Phase.GREETING and bool(self._context.persona.menu) and not self._may_key()
        return self._opening.must_be_heard or menu

    def _may_key(self) -> bool:
        utterance = self._voice.utterance
        if self._answering.has_the_line:
            return False
        if self.phase is Phase.GREETING:
            return utterance is not None and utterance.interruptible
        return utterance is None or not utterance.began or utterance.interruptible or utterance.kind == BAD_LINE

    def _keys_complete(self) -> None:
        self._context.deadlines.clear("keypad")
        keys = self._keypad.take()
        if keys and self.phase not in _OVER and self._may_key():
            self._ending.caller_is_there()
            self._context.line.understood(keys=True)
            self._listening.keyed(keys)

    # words and replies

    def _transcript_ready(self, event: TranscriptReady) -> None:
        if self._answering.transcribed(event.turn, event.text, event.confidence):
            return
        if self.phase is Phase.ENDED:
            self._listening.last_words(event.turn, event.text, event.confidence)
            return
        if event.text:
            self._ending.caller_is_there()
        self._listening.validating.transcribed(event.turn, event.text, event.confidence)

    def _pause_judged(self, event: PauseJudged) -> None:
        self._listening.turn_end.judged(self._listening.turn, event.turn, event.complete)

    def _speech_ready(self, event: SpeechReady) -> None:
        if event.ready_ms:
            self._mute.sounds()
        self._voice.speech_ready(event)

    def _provider_failed(self, event: ProviderFailed) -> None:
        listening = self._listening
        if self._answering.failed(event.stage, event.ref):
            return
        if event.stage == "speak" and self.phase not in _OVER:
            self._mute.failed()
        if listening.speculation.failed(listening.turn, event.stage, event.ref):
            return
        if event.stage == "speak":
            self._voice.speech_failed(event.ref, event.reason)
        else:
            self._replying.failed(event)

    # the agent's utterances

    def _agent_began(self, utterance: Utterance) -> None:
        context = self._context
        context.deadlines.clear("answer")
        context.deadlines.clear("reprompt")
        self._listening.waiting.agent_says(utterance)
        if utterance.ends:
            self._listening.stop()
            self._ending.begin()
        elif self.phase not in (Phase.GREETING, Phase.AI_SPEAKING):
            context.phases.move(Phase.AI_SPEAKING)
        if utterance.turn and not utterance.answered:
            self._replying.filler_sounds()

    def _agent_answered(self, utterance: Utterance) -> None:
        if utterance.turn:
            self._replying.answered(utterance.turn)

    def _agent_finished(self, utterance: Utterance) -> None:
        kept = self._keeps_keys()
        self._after(utterance)
        if kept and self._keypad.pressed and not self._keeps_keys():
            self._context.deadlines.set("keypad", self._context.now)

    def _after(self, utterance: Utterance) -> None:
        if self._answering.finished(utterance) or self._ending.spoken(utterance):
            return
        if self._opening.goes_on(utterance):
            return
        unanswered = bool(utterance.turn) and not utterance.answered
        if unanswered:
            self._context.do(Note("unspoken-reply", {"turn": utterance.turn}))
            self._context.do(DropTurn(utterance.turn))
        if utterance.began or not unanswered:
            if self.phase is not Phase.WAIT_FOR_USER:
                self._context.phases.move(Phase.WAIT_FOR_USER)
            self._listening.agent_spoke()
        if unanswered:
            self._replying.trouble()

    def _hang_up_asked(self, event: HangUpAsked) -> None:
        self._ending.asked(event.reason, politely=event.politely)

    def _no_more_calls_asked(self, event: NoMoreCallsAsked) -> None:
        if self.phase not in _OVER:
            self._context.do(Note("no-more-calls", {"turn": event.turn}))
            self._ending.close_with(self._context.persona.lines.never_again, "do-not-call")


_DUE: dict[str, Callable[[Call], None]] = {
    "playout": lambda call: call._voice.pump(),
    "marks": lambda call: call._voice.marks_overdue(),
    "ask": lambda call: call._listening.validating.try_ask(),
    "reprompt": lambda call: call._ending.ask_again(),
    "answer": lambda call: call._replying.overdue(),
    "reply": lambda call: call._replying.rest_overdue(),
    "filler": lambda call: call._replying.fill(),
    "keypad": Call._keys_complete,
    "time-limit": lambda call: call._ending.time_limit(),
    "closing": lambda call: call._ending.overdue(),
    "answered": lambda call: call._answering.overdue(),
    "mute": lambda call: call._mute.overdue(),
}
