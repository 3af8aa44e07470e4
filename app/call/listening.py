"""The caller's side of a call: their turns, from the first sound to the question put to the dialogue.

A turn's id is bound when the caller begins to speak. If they go on while their words are being recognised or
answered, before the agent has made a sound, the turn is withdrawn and its beginning becomes part of the new one,
so that the whole is transcribed in one call and answered once.
"""

from __future__ import annotations

from app.audio.reading import LINE_RATE_HZ, Reading
from app.audio.segmenter import Segmenter, SpeechDropped, SpeechEnded, SpeechPaused, SpeechResumed, SpeechStarted
from app.call import last_words
from app.call.actions import DropTurn, Note, Transcribe
from app.call.asking import ANSWER_S, Asking
from app.call.barge_in import Stage
from app.call.context import CallContext
from app.call.interruption import Interruption
from app.call.phases import Phase
from app.call.turn import Turn
from app.call.turn_end import TurnEnd
from app.call.validating import Validating
from app.call.voice import Voice

OVERLAP_SAMPLES = LINE_RATE_HZ // 2
"""Of speech that began under a line which may not be interrupted, this much before the line's end is kept."""
ONSET_MS = 60
"""Of voice have been heard when speech is known to have begun."""

_UNANSWERED = frozenset({Phase.VALIDATING_UTTERANCE, Phase.PROCESSING_USER})
_AGENT_SPEAKS = frozenset({Phase.GREETING, Phase.AI_SPEAKING})


class Listening:
    """Owns the segmenter, the present turn and the interruptions of one call."""

    def __init__(self, context: CallContext, voice: Voice) -> None:
        patience = context.persona.patience
        self._context = context
        self._voice = voice
        self._minimum_ms = patience.minimum_utterance_ms
        longest_ms = int(patience.maximum_utterance_s * 1000)
        self._segmenter = Segmenter(patience.silence_ms, patience.minimum_utterance_ms, longest_ms)
        self.interruption = Interruption(context, voice, self._segmenter, self._carry_over)
        self.turn: Turn | None = None
        self._asking = Asking(context)
        self.turn_end = TurnEnd(context, voice, self._segmenter, self._asking)
        self.waiting, self.speculation = self.turn_end.waiting, self.turn_end.speculation
        self.validating = Validating(context, self, self._asking)
        self._floor = 0
        self.going_on = False
        self._speech_start = 0
        self._speech_began_ms = 0

    @property
    def speaking(self) -> bool:
        return self._segmenter.speaking

    @property
    def asked(self) -> Turn | None:
        """The turn that was put to the dialogue last."""
        return self._asking.asked

    def _carry_over(self) -> None:
        """The caller has taken the floor: if their last question was still unanswered, it is part of this one."""
        if self.turn is not None:
            self.turn.took_floor = True
            self._asking.carry_over(self.turn, self.interruption.cut_off)

    def frame(self, reading: Reading) -> None:
        """Hear 20 ms of the caller."""
        self._segmenter.strict = self._context.phases.phase in _AGENT_SPEAKS
        self.waiting.hear(reading)
        self.interruption.hear(reading)
        heard = self._segmenter.push(reading)
        if heard is None:
            if self._segmenter.speaking:
                self._still_speaking(self._segmenter.voiced_ms)
        elif isinstance(heard, SpeechStarted):
            self._started(heard.start)
        elif isinstance(heard, SpeechPaused):
            if (turn := self._undecided) is not None:
                self.turn_end.paused(turn, heard)
        elif isinstance(heard, SpeechResumed):
            if (turn := self._undecided) is not None:
                self.turn_end.resumed(turn, heard)
        elif isinstance(heard, SpeechEnded):
            self._ended(heard)
        elif isinstance(heard, SpeechDropped):
            self._dropped(heard)

    def _started(self, start: int) -> None:
        self._speech_start = start
        self._speech_began_ms = self._context.line_ms - ONSET_MS
        phase = self._context.phases.phase
        if phase is Phase.WAIT_FOR_USER:
            self._voice.abandon()
            self._begin_turn(start)
        elif (phase in _UNANSWERED and not self._asking.is_too_long(self.turn)) or self.interruption.paused:
            self.going_on = True
            self._voice.hold()
        elif phase in _AGENT_SPEAKS and self.interruption.may_begin():
            self._begin_turn(start)
            self.interruption.begin()  # last, for a candidate's words are wanted sooner than a turn's

    def _begin_turn(self, start: int) -> Turn:
        self._context.deadlines.clear("reprompt")
        self.turn_end.turn_begins()
        self.turn = turn = Turn(self._context.number("turn"), start=max(start, self._floor, 0))
        turn.began_under_echo = self.interruption.over_agent(self._context.now)
        return turn

    @property
    def _undecided(self) -> Turn | None:
        """The turn in hand, if the caller has the floor and may be in the midst of it."""
        listens = self._context.phases.phase is Phase.WAIT_FOR_USER and self.interruption.stage is Stage.IDLE
        return self.turn if listens else None

    def _still_speaking(self, voiced_ms: int) -> None:
        interruption = self.interruption
        if self.going_on:
            if voiced_ms >= self._minimum_ms:
                self._take_back()
        elif self._context.phases.phase in _AGENT_SPEAKS and interruption.may_begin():
            if self.turn is None or self.turn.asked:  # they began in a sentence that is said to its end
                self._begin_turn(self._speech_start)
                interruption.begin()
        else:
            interruption.lasted(self.turn)

    def _take_back(self) -> None:
        """The caller goes on: what they said so far was not the whole of it."""
        old, context = self.turn, self._context
        self.going_on = False
        context.deadlines.clear("answer")
        context.deadlines.clear("ask")
        if not self.interruption.judging:
            self._voice.abandon()
            self._voice.release()
            context.phases.move(Phase.WAIT_FOR_USER)
        if old is None:
            self._begin_turn(self._speech_start)
            return
        context.do(DropTurn(old.number))
        context.do(Note("caller-went-on", {"turn": old.number}))
        self.turn_end.went_on(old, self._speech_began_ms)
        turn = self._begin_turn(self._speech_start if old.keys or old.silent else old.start)
        if not (old.keys or old.silent):
            turn.follow(old, understood=bool(self._asking.understood(old)))

    def _ended(self, heard: SpeechEnded) -> None:
        if self.going_on:
            self._take_back()
        if self.interruption.stage is Stage.CANDIDATE:
            self.interruption.judge()
        elif self.interruption.judging and self.turn is not None and self.turn.end is not None:
            self._take_back()
        self.interruption.drop_early()
        context, turn = self._context, self.turn
        judging = self.interruption.judging
        if turn is None or not (judging or context.phases.phase is Phase.WAIT_FOR_USER):
            return
        known = self.turn_end.decided(turn, heard, at_once=not judging)
        turn.ended_under_echo = self.interruption.over_agent(turn.voice_ended_at)
        if not judging:
            context.phases.move(Phase.VALIDATING_UTTERANCE)
        context.deadlines.set("answer", context.now + ANSWER_S)
        if not known:
            context.do(Transcribe(turn.number, turn.start, turn.end or heard.end))
        elif turn.transcript is not None:
            self.validating.words_known()

    def _dropped(self, heard: SpeechDropped) -> None:
        """What had begun was too short to be speech."""
        if self.going_on:
            self.going_on = False
            if not self.interruption.judging:
                self._voice.release()
            self.validating.words_known()
        elif self.turn is not None and self.interruption.may_be_word:
            self._ended(SpeechEnded(heard.start, heard.end, heard.last_voice, heard.voiced_ms))
        elif self.interruption.paused or self.interruption.stage is Stage.CANDIDATE:
            self.turn = None
            self.interruption.reject("too-short")
        elif self._context.phases.phase is Phase.WAIT_FOR_USER:
            self.turn = None
            self.await_caller()

    def agent_spoke(self) -> None:
        """The agent has finished: the floor is the caller's. What they began to say under its last words counts."""
        begun = self.interruption.stage is Stage.CANDIDATE
        judging = self.interruption.judging
        self.going_on = False
        self.interruption.settle()
        self.line_heard()
        if judging and self.turn is not None and self.turn.end is not None:
            self._context.phases.move(Phase.VALIDATING_UTTERANCE)
            self.going_on = self._segmenter.speaking
        elif not self._segmenter.speaking:
            self.turn = None
            self.await_caller()
        elif not begun:
            self._begin_turn(self._speech_start)

    def line_heard(self) -> None:
        """The agent's line is over: what was said under it, but for the last of it, was said to nobody."""
        self._floor = max(0, self._context.position - OVERLAP_SAMPLES)

    def fell_silent(self) -> None:
        """The caller has said nothing for as long as the flow gave them: it is asked what to say to that."""
        turn = self._begin_turn(self._context.position)
        turn.fell_silent(self._context.position, self._context.line_ms)
        self._asking.ask(turn, self.speculation)

    def await_caller(self) -> None:
        """Nothing is said: the persona will ask again after a while."""
        self._context.deadlines.set("reprompt", self._context.now + self.waiting.reprompt_after_s())

    def forget(self) -> None:
        """What is being said counts no more: the agent has something to say first."""
        if not self.speculation.throw_away(self.turn) and self.turn is not None:
            self._context.do(DropTurn(self.turn.number))
        self._clear_turn()
        self._segmenter.reset()

    def give_up_turn(self) -> None:
        """No answer to this turn: listen again, to what the caller may have begun to say meanwhile."""
        if not self.speculation.throw_away(self.turn) and self.turn is not None:
            self._context.do(DropTurn(self.turn.number))
        self._clear_turn()
        self._context.deadlines.clear("answer")
        self._context.deadlines.clear("ask")
        if self.interruption.paused:
            self.interruption.accept("unheard")
        elif self.interruption.judging:
            self.interruption.reject("unheard")
            return
        else:
            self._context.phases.move(Phase.WAIT_FOR_USER)
        if self._segmenter.speaking:
            self._begin_turn(self._speech_start)
        else:
            self.await_caller()

    def _clear_turn(self) -> None:
        self.turn = None
        self.going_on = False
        self._voice.release()

    def stop(self) -> None:
        """Nothing the caller says counts any more: the last sentence is on its way, unless it is the turn's own
        reply."""
        utterance = self._voice.utterance
        if self.speculation.throw_away(self.turn):
            self.turn = None
        elif self.turn is not None and (utterance is None or utterance.turn != self.turn.number or not utterance.ends):
            self._context.do(DropTurn(self.turn.number))
            self.turn = None
        self.going_on = False
        paused = self.interruption.paused
        self.interruption.settle()
        if paused:
            self._voice.resume()
        else:
            self._voice.release()

    def keyed(self, keys: str) -> None:
        """A complete input from the keypad is a turn of its own; whatever was being said or answered gives way."""
        context = self._context
        phase = context.phases.phase
        if phase in _AGENT_SPEAKS:
            self.interruption.accept("keys")
        elif phase in _UNANSWERED:
            context.phases.move(Phase.WAIT_FOR_USER)
        self._voice.abandon()
        self.forget()
        position = context.position
        turn = self._begin_turn(position)
        turn.keyed(keys, position, context.line_ms)
        self._asking.ask(turn, self.speculation)

    def write_down(self, turn: Turn) -> None:
        """A line of the transcript that nobody answers."""
        self._asking.write_down(turn)

    def line_gone(self) -> None:
        if self.turn is not None:
            self.speculation.fail_reply(self.turn)
        last_words.ask_for(self.turn, self._segmenter, self._context, self._asking, self._minimum_ms)

    def last_words(self, number: int, text: str, confidence: float | None) -> None:
        """Words that came after the call's end."""
        last_words.keep(self.turn, number, text, confidence, self._asking)
