"""Whole interviews on the stage: the real flow and what keeps it, a candidate who answers what they are asked.

call = InterviewCall()
call.candidate("yes I agree")
call.candidate(call.model_answer())
call.line_drops()
call.again().candidate("...")
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from app.call import actions as act
from app.call import events as ev
from app.call.phases import Phase
from app.dialogue.flow import Beginning, Opinion, Plan
from app.dialogue.interview import Interviewer
from app.dialogue.interviewing.kept import dump, load
from app.dialogue.interviewing.record import Record
from app.dialogue.interviewing.session import Session
from app.dialogue.judging.judgement import Quote
from app.personas.schema import Persona
from app.runtime.talk import Talk
from tests.dialogue.desk import BANK, PERSONAS
from tests.stories import stage
from tests.stories.stage import Story

ALEX = PERSONAS["interviewer"]
CALLS = UUID("6f1dbb26-43ce-4a6a-93a6-2f5b1c6a8f11")
MODEL_ANSWERS = {question.id: question.model_answer for question in BANK.items("general")}
THINKS_S = 1.0
"""Of silence before the candidate answers."""


class Clock:
    """Of the story: what it says is when the call began, and its seconds."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def now(self) -> float:
        return self._story.now

    def utc(self) -> datetime:
        return datetime(2024, 5, 1, tzinfo=UTC) + timedelta(seconds=self._story.now)


class InterviewCall(Story):
    """One call of an interview. `kept`: every session that was stored, the last is the newest; `records_on`: whether
    the recording may be on disk. `judge`: says what the model's judge fills in, or raises; None: there is none."""

    def __init__(
        self,
        who: Persona = ALEX,
        *,
        conversation: str = "00000000-0000-0000-0000-00000000cafe",
        kept: Session | None = None,
        number: int = 1,
        judge: Callable[[Opinion], object] | None = None,
        returned: str = "",
    ) -> None:
        super().__init__(who)
        self.actor.ms_per_char = 12
        self.conversation, self.number = conversation, number
        self.kept: list[Session] = []
        self.records_on = False
        self.judge = judge
        self.call_id = uuid5(CALLS, f"{conversation} {number}")
        self.confidence = 0.9
        flow = Interviewer(who, BANK)
        self.talk = Talk(flow, Beginning(conversation, kept, returned=returned), self.call_id, Clock(self), self._keep)

    def started(self) -> ev.StreamStarted:
        return self.talk.begin()

    @property
    def session(self) -> Session:
        """As the database would have it."""
        return load(dump(self.kept[-1]))

    @property
    def record(self) -> Record:
        return self.session.record

    def model_answer(self) -> str:
        """To the question in hand."""
        return MODEL_ANSWERS[self.record.question.id]

    def candidate(self, words: str, *, lasts: float = 3.0) -> str:
        """Hears the agent out, thinks, answers, and hears out what comes; what that was."""
        self.listens()
        heard = len(self.agent.of("agent"))
        self.caller.says(words, at=self.now + THINKS_S, lasts=lasts)
        self.play(until=self.now + THINKS_S + lasts)
        limit = self.now + 10
        while not self.ended and len(self.agent.of("agent")) == heard:
            assert self.now < limit, "the agent says nothing to it"
            self.play(until=self.now + 0.1)
        self.listens()
        return " ".join(line.heard_text for line in self.agent.of("agent")[heard:])

    def presses(self, keys: str) -> None:
        self.listens()
        self.keys(keys, at=self.now + 0.1)
        self.play(until=self.now + 3.0)
        self.listens()

    def listens(self) -> None:
        """Until the agent has said all that it has to say."""
        limit = self.now + 120
        self.play(until=self.now + 0.2)
        while not self.ended and (self.call.phase is not Phase.WAIT_FOR_USER or self.call._voice.active):
            assert self.now < limit, "the agent never ends"
            self.play(until=self.now + 0.1)

    def is_silent(self, seconds: float) -> None:
        self.play(until=self.now + seconds)

    def line_drops(self) -> None:
        """The caller is gone; what they were saying is still recognised."""
        self.hangs_up(at=self.now)
        self.play(until=self.now + 0.1)
        self.over()

    def over(self) -> InterviewCall:
        """The call has ended: its books are closed, and its timeline gives the same actions again."""
        assert self.ended
        self.talk.break_off(self.call.history)
        self.run(until=self.now)
        return self

    def again(self, *, killed: bool = False, returned: str = "") -> InterviewCall:
        """The next call. `killed`: the process died, and the call never ended. `returned`: it comes back from a person
        whom nobody could reach."""
        if not killed:
            assert self.ended
        return InterviewCall(
            self.persona,
            conversation=self.conversation,
            kept=self.session,
            number=self.number + 1,
            judge=self.judge,
            returned=returned,
        )

    def quoted(self, quote: Quote) -> str:
        """What stands in the transcript where the quote says, in this call."""
        call, turn = quote.segment.split("/")
        assert call == str(self.call_id)
        (line,) = (line for line in self.agent.of("caller") if line.turn == int(turn))
        said = [(b, e) for b, e, words, _ in self.caller.lines if words == line.text]
        assert any(line.started_ms <= b * 1000 + 100 and b < line.ended_ms / 1000 <= e + 3 for b, e in said)
        return line.text[quote.begin : quote.end]

    def _keep(self, session: Session | None, agreed: bool) -> None:
        assert session is not None
        self.kept.append(session)
        self.records_on = agreed

    def _plan(self, ask: act.Ask) -> None:
        plan = self.talk.plan(ask, self.call.history_before(ask.turn), self.now)
        change = self.talk.takes(ask.turn, plan)
        at, text = self.now + self.llm_s, ""
        while plan.opinion is not None:
            self.at(at, ev.ReplyDelta(ask.turn, f"{plan.text} "))
            plan = self._judged(plan.opinion)
            change(plan.state)
        text = plan.text
        self.at(at + 0.01, ev.ReplyDelta(ask.turn, text))
        self.at(at + 0.02, ev.ReplyEnded(ask.turn, plan.end, plan.expects, plan.think_s, plan.transfer))

    def _judged(self, opinion: Opinion) -> Plan:
        try:
            form = self.judge(opinion) if self.judge is not None else None
        except OSError:
            form = None
        return opinion.go_on(form, "stand-in" if form is not None else "")  # type: ignore[arg-type]

    def _do(self, actions: list[act.Action]) -> None:
        for action in actions:
            if isinstance(action, act.RecordSegment):
                self.talk.written(action)
            elif isinstance(action, act.CommitTurn):
                self.talk.sounds(action.turn)
            elif isinstance(action, act.DropTurn):
                self.talk.drop(action)
        self.timeline += self._writer.actions(actions)
        for action in actions:
            self.done.append((self.now, action))
            if isinstance(action, act.Ask):
                self._plan(action)
            elif perform := stage._PERFORM.get(type(action)):
                perform(self, action)
