"""The replies: asked for, bridged by a filler if they are slow, made of what came of them, and excused if nothing
did."""

from __future__ import annotations

from app.call.actions import Note
from app.call.asking import ANSWER_S
from app.call.context import CallContext
from app.call.ending import Ending
from app.call.events import ProviderFailed, ReplyBroken, ReplyDelta, ReplyEnded
from app.call.listening import Listening
from app.call.phases import Phase
from app.call.stopwatch import Stopwatch
from app.call.turn import Turn
from app.call.utterance import Utterance
from app.call.voice import Voice

TROUBLE_LIMIT = 3
"""Turns in a row that no provider could serve; then the persona apologises and ends, rather than ask for ever."""


class Replying:
    """Words the agent's answers on one call."""

    def __init__(self, context: CallContext, voice: Voice, listening: Listening, ending: Ending) -> None:
        self._context = context
        self._voice = voice
        self._listening = listening
        self._ending = ending
        self._stopwatch = Stopwatch(context)
        self._troubles = 0
        self._fillers = 0

    def _is_asked(self, turn: int) -> bool:
        """Is a reply to `turn` wanted? (Before its first sound: the turn in hand; afterwards: the one being
        spoken.)"""
        utterance = self._voice.utterance
        if utterance is not None:
            return utterance.turn == turn and not utterance.text_done
        if self._listening.speculation.awaits_reply(turn):
            return True
        asked = self._listening.turn
        return self._context.phases.phase is Phase.PROCESSING_USER and asked is not None and asked.number == turn

    def _turn(self, number: int) -> Turn | None:
        """The turn that is being answered, if it has this number; the turn in hand may be a later one, or one whose
        reply was asked for before it is over."""
        for turn in (self._listening.asked, self._listening.turn):
            if turn is not None and turn.number == number:
                return turn
        return None

    def _open(self, turn: int) -> Utterance:
        utterance = self._voice.open(turn)
        utterance.tentative = self._listening.speculation.awaits_reply(turn)
        return utterance

    # words

    def delta(self, event: ReplyDelta) -> None:
        if not self._is_asked(event.turn):
            self._context.do(Note("stale-reply", {"turn": event.turn}))
        elif event.text.strip() or self._voice.active:
            self._add(event.turn, event.text)

    def _add(self, turn: int, text: str) -> None:
        voice = self._voice
        if text.strip():
            voice.drop_filler()
            self._context.deadlines.clear("filler")
            self._stopwatch.reply_begins(self._turn(turn))
        utterance = voice.utterance or self._open(turn)
        voice.add(text)
        self._clause_cut(utterance)
        self._wait_for_more()

    def _wait_for_more(self) -> None:
        """Something of the reply sounds, and its end has not come: it is not waited for for ever."""
        utterance, deadlines = self._voice.utterance, self._context.deadlines
        if utterance is not None and utterance.turn and utterance.began and not utterance.text_done:
            deadlines.set("reply", self._context.now + ANSWER_S)
        else:
            deadlines.clear("reply")

    def _clause_cut(self, utterance: Utterance) -> None:
        if utterance.worded:
            self._stopwatch.clause_cut(self._turn(utterance.turn))

    def ended(self, event: ReplyEnded) -> None:
        if self._is_asked(event.turn):
            self._complete(event.turn, self._ending.ends_of(end=event.end, transfer=event.transfer), event)

    def broken(self, event: ReplyBroken) -> None:
        """Whole sentences stand; a torn one is not spoken; and if there is none, the flow's own words are."""
        if not self._is_asked(event.turn):
            return
        if self._fail_early(event.turn):
            return
        self._context.do(Note("reply-broken", {"turn": event.turn}))
        self._voice.forget_unfinished()
        utterance = self._voice.utterance
        if utterance is None or not utterance.worded:
            self._add(event.turn, event.instead)
        self._complete(event.turn, self._ending.ends_of(end=event.end, transfer=event.transfer))

    def _fail_early(self, turn: int) -> bool:
        """A reply that was asked for before the turn is over will not do: it is asked again. False if it is none."""
        listening = self._listening
        if listening.turn is None or not listening.speculation.awaits_reply(turn):
            return False
        listening.speculation.fail_reply(listening.turn)
        return True

    def _complete(self, turn: int, ends: str | None, ended: ReplyEnded | None = None) -> None:
        voice, context = self._voice, self._context
        voice.drop_filler()
        context.deadlines.clear("filler")
        utterance = voice.utterance or self._open(turn)
        if ended is not None:
            utterance.expects, utterance.think_s = ended.expects, ended.think_s
        voice.flush()
        if utterance.began and not utterance.worded:
            context.do(Note("empty-reply"))
            if ends:
                voice.add(self._ending.last_line(ends))
        voice.close(ends)
        self._clause_cut(utterance)
        self._wait_for_more()
        if not voice.active and self._fail_early(turn):
            return
        if not voice.active and context.phases.phase is Phase.PROCESSING_USER:
            self._nothing_to_say(ends)
        elif ends and context.phases.phase is Phase.AI_SPEAKING:
            self._listening.stop()
            self._ending.begin()

    def _nothing_to_say(self, ends: str | None) -> None:
        """A reply without a word in it."""
        self._context.do(Note("empty-reply"))
        if ends:
            self._ending.close_with(self._ending.last_line(ends), ends)
        else:
            self.trouble()

    # the wait for them

    def fill(self) -> None:
        """The reply takes its time: say so, once a turn, in front of the reply's own words."""
        fillers, turn = self._context.persona.lines.fillers, self._listening.turn
        waiting = self._context.phases.phase is Phase.PROCESSING_USER and not self._voice.active
        if not fillers or not waiting or turn is None:
            return
        self._voice.open(turn.number)
        self._voice.fill(fillers[self._fillers % len(fillers)])

    def filler_sounds(self) -> None:
        """A filler's first sound has left. The caller is not waiting in silence, but still waiting."""
        context, asked = self._context, self._listening.asked
        self._fillers += 1
        self._wait_for_more()
        if asked is not None:
            after_ms = round((context.now - asked.asked_at) * 1000)
            context.do(Note("filler", {"turn": asked.number, "after_ms": after_ms}))

    def answered(self, turn: int) -> None:
        """The first sound of the reply's own words has left."""
        self._troubles = 0
        self._wait_for_more()
        self._stopwatch.reply_sounds(self._turn(turn), turn)

    def heard(self, turn: int, since_ms: int) -> None:
        """A mark proves that the reply's own words were heard, since then."""
        self._stopwatch.reply_heard(self._turn(turn), turn, since_ms)

    # nothing comes

    def failed(self, event: ProviderFailed) -> None:
        """No words, or no reply, will come for turn `event.ref`."""
        self._context.do(Note("provider-failed", {"stage": event.stage, "ref": event.ref, "reason": event.reason}))
        turn, utterance = self._listening.turn, self._voice.utterance
        if event.stage == "reply" and utterance is not None and utterance.turn == event.ref and utterance.began:
            self._stop_waiting()
        elif turn is not None and turn.number == event.ref and self._context.phases.phase is not Phase.ENDED:
            self.trouble()

    def overdue(self) -> None:
        """No answer came to the turn in hand."""
        self._context.do(Note("answer-overdue", {"phase": self._context.phases.phase.value}))
        self.trouble()

    def rest_overdue(self) -> None:
        """No more words came behind a filler, or in the midst of a reply."""
        utterance = self._voice.utterance
        if utterance is not None and utterance.turn and utterance.began and not utterance.text_done:
            self._context.do(Note("answer-overdue", {"phase": self._context.phases.phase.value}))
            self._stop_waiting()

    def _stop_waiting(self) -> None:
        """What sounds is finished; if that was a filler alone, its end is the time to own up."""
        self._voice.forget_unfinished()
        self._voice.close()

    def trouble(self) -> None:
        """This turn can't be answered: say so, or after too many, end the call politely."""
        self._troubles += 1
        phase, lines = self._context.phases.phase, self._context.persona.lines
        if self._listening.interruption.judging and not self._listening.interruption.paused:
            self._listening.give_up_turn()
            return
        if self._listening.interruption.judging or phase in (Phase.VALIDATING_UTTERANCE, Phase.PROCESSING_USER):
            self._voice.abandon()
            self._listening.give_up_turn()
        if self._troubles >= TROUBLE_LIMIT:
            self._ending.close_with(lines.closing_down, "fault")
        elif self._context.phases.phase is Phase.WAIT_FOR_USER and not self._listening.speaking:
            self._voice.say(lines.trouble, kind="trouble")
