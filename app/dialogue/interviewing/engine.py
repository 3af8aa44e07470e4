"""Leads an interview: takes what happened, gives what is to be said and done.

Pure: the same session and the same happening make the same step, on any machine; a happening that cannot be raises
OutOfOrderError and leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from app.dialogue import intents
from app.dialogue.interviewing import agreeing, answering, controlling, controls
from app.dialogue.interviewing.draft import Draft
from app.dialogue.interviewing.happening import (
    BrokenOff,
    Happening,
    Judged,
    Resumed,
    Start,
    Timeout,
    UserTurn,
    Words,
    cleaned,
)
from app.dialogue.interviewing.life import OutOfOrderError, Phase
from app.dialogue.interviewing.session import Session
from app.dialogue.interviewing.step import JudgementRequest, Step
from app.dialogue.person import asks_for_person, takes_calls
from app.dialogue.wording import Words as Wording
from app.dialogue.wording import words
from app.personas.conduct import Conduct
from app.personas.transfer import Transfer as Person

UNSURE_BELOW = 0.5
"""What a persona says too (`patience.unsure_below`) unless it says otherwise."""
AskedBack = Callable[[Wording], str]
_MURMURS = 3
"""Turns of "um" and "okay" until they are taken for the answer."""
_SILENT_QUESTIONS = 2
"""In a row; then nobody is there, and the rest is kept for another time."""


class Engine:
    """`conduct`: the lines and the keys. `unsure_below`: confidence under which a recogniser's words are unverified.
    `asked_back`: the answer to what the candidate asks about the interview; empty for what is no such question.
    `person`: who takes calls over, where there is anybody."""

    def __init__(
        self,
        conduct: Conduct | None = None,
        unsure_below: float = UNSURE_BELOW,
        asked_back: AskedBack = lambda said: "",
        person: Person | None = None,
    ) -> None:
        self.conduct = conduct or Conduct()
        self.unsure_below = unsure_below
        self._asked_back = asked_back
        self._person = person

    def handle(self, session: Session, happening: Happening) -> Step:
        """The next step. Raises OutOfOrderError, of a session that is over too; `session` is as it was."""
        if session.phase is Phase.OVER:
            raise OutOfOrderError("the interview is over; begin another one")
        draft = Draft(session, self.conduct)
        _TAKE[type(happening)](self, draft, happening)
        return draft.step()

    def again(self, session: Session) -> Step:
        """The question in hand once more: it was not heard. The session is as it was. Raises OutOfOrderError."""
        if session.phase is not Phase.ASKING or not session.record.open:
            raise OutOfOrderError("there is no question in hand")
        draft = Draft(session, self.conduct)
        controlling.re_ask(draft)
        return draft.step()

    def pending(self, session: Session) -> JudgementRequest | None:
        """The judgement that is awaited, for a process that has forgotten it."""
        if session.phase is not Phase.ASKING or not session.record.with_judge:
            return None
        record = session.record
        return JudgementRequest(session.request, record.question, record.attempts[-1].said)

    def _start(self, draft: Draft, _: Start) -> None:
        draft.phase("start")
        agreeing.disclose(draft)

    def _turn(self, draft: Draft, turn: UserTurn) -> None:
        phase = draft.session.phase
        if phase in (Phase.NEW, Phase.PAUSED):
            raise OutOfOrderError(f"a turn cannot come to an interview that is {phase.value}; start or resume it first")
        turn = replace(turn, words=cleaned(turn.words, answering.LONGEST_ANSWER), digits=turn.digits[-64:])
        if turn.words or turn.digits:
            draft.change(silent=0)
        if self._wants_person(turn, asking=phase is Phase.ASKING):
            self._put_through(draft, turn)
        elif phase is Phase.CONSENT:
            agreeing.consent(draft, turn, self.unsure_below, self._asked_back)
        elif phase is Phase.STOPPING:
            agreeing.stop(draft, turn)
        elif turn.digits:
            self._keys(draft, turn)
        else:
            self._said(draft, turn)

    def _keys(self, draft: Draft, turn: UserTurn) -> None:
        control = controls.of_keys(turn.digits, self.conduct.keys, asks_yes_or_no=False)
        if draft.record.with_judge:
            controlling.while_judged(draft, control or "repeat", turn.digits, turn.at)
        elif control:
            controlling.use(draft, control, turn.digits, turn.at)
        else:
            draft.say("excuse", self.conduct.unknown_key)
            draft.think()

    def _said(self, draft: Draft, turn: UserTurn) -> None:
        text = " ".join(part.text for part in turn.words)
        said = words(text)
        with_judge = draft.record.with_judge
        if not said or (len(said) < controls.FEW and self._unsure(turn)):
            if with_judge:
                draft.judge()
            else:
                self._missed(draft, turn, bool(said))
            return
        control = controls.of_words(said)
        if with_judge and control:
            controlling.while_judged(draft, control, text, turn.at)
        elif with_judge:
            room = answering.LONGEST_ANSWER - answering.length(draft)
            answering.add(draft, cleaned(turn.words, room), self.unsure_below)
        elif control == "correct" and controls.holds_the_correction(said):
            if controlling.corrects(draft, text, turn.at):
                self._answer(draft, turn)
        elif control:
            controlling.use(draft, control, text, turn.at)
        elif aside := self._asked_back(said):
            draft.say("aside", aside)
            draft.say("correction", self.conduct.back)
            draft.put(again=True)
        elif intents.SOUNDS.meant(said) and draft.record.murmurs + 1 < _MURMURS:
            self._murmur(draft)
        else:
            self._answer(draft, turn)

    def _wants_person(self, turn: UserTurn, *, asking: bool) -> bool:
        """Do they ask for a person? `asking`: a question is in hand, and what they say may be their answer."""
        if turn.digits:
            return controls.of_keys(turn.digits, self.conduct.keys, asks_yes_or_no=not asking) == "person"
        said = words(" ".join(part.text for part in turn.words))
        return asks_for_person(said, plainly=asking) and not self._unsure(turn)

    def _put_through(self, draft: Draft, turn: UserTurn) -> None:
        """They want a person: there is one, or they are told so. Who has not agreed yet need not refuse as well."""
        if self._person is not None and takes_calls(self._person, turn.at):
            draft.hand_over(self._person.line)
        elif draft.session.phase is Phase.CONSENT:
            draft.finish("not-agreed", self.conduct.no_person_instead)
        else:
            if draft.session.phase is Phase.STOPPING:
                draft.phase("go on")
            draft.say("aside", self.conduct.no_person)
            draft.say("correction", self.conduct.back)
            controlling.re_ask(draft)

    def _unsure(self, turn: UserTurn) -> bool:
        return all(part.confidence is not None and part.confidence < self.unsure_below for part in turn.words)

    def _answer(self, draft: Draft, turn: UserTurn) -> None:
        room = answering.LONGEST_ANSWER - answering.length(draft)
        answering.hold(draft, cleaned(turn.words, room), self.unsure_below, turn.at)
        answering.answer(draft)

    def _missed(self, draft: Draft, turn: UserTurn, worded: bool) -> None:
        """Nothing was understood. Asked for once; the second time, words are an answer of which nobody is sure, and
        nothing is silence."""
        if not draft.record.missed:
            draft.note(missed=1)
            draft.say("excuse", self.conduct.not_understood)
            draft.think()
        elif worded:
            self._answer(draft, turn)
        else:
            self._silence(draft)

    def _murmur(self, draft: Draft) -> None:
        """After a bare "um": room to think at first, then the question again."""
        draft.note(murmurs=draft.record.murmurs + 1)
        if draft.record.murmurs == 1:
            draft.say_of("encouragement", self.conduct.take_time, "take your time")
            draft.think()
        else:
            draft.put(again=True)

    def _timeout(self, draft: Draft, _: Timeout) -> None:
        phase = draft.session.phase
        if phase is Phase.CONSENT:
            agreeing.unclear(draft)
        elif phase is Phase.STOPPING:
            agreeing.silent(draft)
        elif phase is not Phase.ASKING or draft.record.with_judge:
            raise OutOfOrderError("a timeout came while nothing was expected of the candidate")
        else:
            self._silence(draft)

    def _silence(self, draft: Draft) -> None:
        """One gentle check; then the question is left, and after two of them the talk."""
        if not draft.record.checked:
            draft.note(checked=True)
            draft.say("check", self.conduct.check)
            draft.think()
        elif draft.session.silent + 1 >= _SILENT_QUESTIONS:
            draft.break_off(self.conduct.silence)
        else:
            draft.change(silent=draft.session.silent + 1)
            answering.close(draft, "silence")
            draft.say("acknowledgement", self.conduct.unanswered)
            answering.go_on(draft)

    def _judged(self, draft: Draft, judged: Judged) -> None:
        session = draft.session
        if session.phase is not Phase.ASKING or judged.request != session.request or not draft.record.with_judge:
            raise OutOfOrderError("a judgement came that nobody waits for")
        answering.settle(draft, judged.judgement)

    def _broken_off(self, draft: Draft, broken: BrokenOff) -> None:
        if draft.session.phase is Phase.ASKING:
            room = answering.LONGEST_ANSWER - answering.length(draft)
            half: tuple[Words, ...] = cleaned(broken.words, room)
            if half and draft.record.with_judge:
                answering.take_up(draft)
            if half:
                answering.hold(draft, half, self.unsure_below, "")
        draft.break_off()

    def _resumed(self, draft: Draft, _: Resumed) -> None:
        """Also after a process was killed, which left nobody to say that the line is gone."""
        if draft.session.phase is Phase.NEW:
            raise OutOfOrderError("an interview that has not started cannot be resumed; start it")
        if draft.session.phase is not Phase.PAUSED:
            draft.phase("break off")
        draft.change(silent=0, unclear=0)
        if draft.session.consent is None:
            draft.phase("ask consent")
            agreeing.disclose(draft)
            return
        draft.phase("go on")
        draft.note(checked=False, missed=0, murmurs=0)
        draft.say("resumption", self.conduct.resumed, to_its_end=True)
        if draft.record.held:
            draft.say("resumption", self.conduct.half_said)
        controlling.re_ask(draft)


_TAKE: Mapping[type, Callable[[Engine, Draft, Any], None]] = MappingProxyType(
    {
        Start: Engine._start,
        UserTurn: Engine._turn,
        Timeout: Engine._timeout,
        Judged: Engine._judged,
        BrokenOff: Engine._broken_off,
        Resumed: Engine._resumed,
    }
)
