"""The dialogue's side of a call: what the flow is told, what it plans, what holds, and what of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from app.call.actions import Ask, DropTurn, RecordSegment
from app.call.endpointing import Expects
from app.call.events import StreamStarted, TalkOpened
from app.call.history import Said
from app.clock import Clock
from app.dialogue.flow import Beginning, Flow, FlowState, Heard, Message, Plan
from app.dialogue.interviewing.session import Session
from app.runtime.talk_state import TalkState
from app.runtime.unanswered import Unanswered

_log = structlog.get_logger(__name__)


class Talk:
    """One call's. `keep(session, agreed)`: the state has changed; `session` is what of it outlives the call, or None,
    and `agreed` whether the call may be recorded."""

    def __init__(
        self,
        flow: Flow,
        beginning: Beginning,
        call_id: UUID,
        clock: Clock,
        keep: Callable[[Session | None, bool], None],
    ) -> None:
        self._flow = flow
        self._clock = clock
        self._keep = keep
        self._state = TalkState(flow.start(beginning), self._changed)
        self._unanswered = Unanswered(call_id)
        self._returned, self._before = beginning.returned, beginning.before
        self._voicemail = beginning.voicemail
        self.slow = False

    @property
    def now(self) -> FlowState:
        """What holds."""
        return self._state.now

    @property
    def parked(self) -> dict[str, Any] | None:
        """What of it goes on if the call leaves us for a person and comes back."""
        return self._flow.parked(self._state.now)

    @property
    def expected(self) -> tuple[str, ...]:
        """What good answers to the questions of this talk are made of, as spoken."""
        session = self._flow.kept(self._state.now)
        points = [point for record in session.records for point in record.question.key_points] if session else []
        return tuple(wording for point in points for wording in point.wordings)

    def begin(self) -> StreamStarted:
        """The line is open: what the flow says first; later, if nobody knows yet whether anybody is there."""
        if self._voicemail:
            self._changed()
            return StreamStarted(voicemail=self._voicemail)
        return StreamStarted(*self._first())

    def open(self) -> TalkOpened:
        """Somebody is there: what the flow says first."""
        return TalkOpened(*self._first())

    def _first(self) -> tuple[str, str, Expects, float | None]:
        try:
            opening = self._flow.opening(self._state.now)
        except Exception as error:  # the persona's greeting is there for every caller
            _log.error("flow_failed", flow=type(self._flow).__name__, error=type(error).__name__, exc_info=error)
            opening = None
        if opening is not None:
            self._state.now = opening.state
            self.slow = opening.slow
        self._changed()
        if opening is None:
            return self._returned, "", "", None
        greeting = f"{self._returned} {opening.greeting}".strip()
        return greeting, opening.question, opening.expects, opening.think_s

    def plan(self, ask: Ask, history: Iterable[Said], elapsed_s: float) -> Plan:
        """What the flow says to what was said, keyed or not said. Raises whatever a flow's fault raises."""
        heard = Heard(
            ask.text,
            ask.digits,
            ask.confidence,
            elapsed_s,
            lines=() if ask.digits or ask.silent else self._unanswered.asked(ask),
            at=self._clock.utc().isoformat(),
            silent=ask.silent,
        )
        return self._flow.reply(self._state.now, heard, (*self._before, *_messages(history)))

    def takes(self, turn: int, plan: Plan) -> Callable[[FlowState], None]:
        """This is the plan for `turn`; gives what changes its state afterwards."""
        self._state.plan(turn, plan.state)
        self.slow = plan.slow
        return partial(self._state.change, turn)

    def written(self, segment: RecordSegment) -> None:
        """A line of the transcript."""
        self._unanswered.written(segment)

    def sounds(self, turn: int) -> None:
        """The reply to `turn` sounds."""
        self._unanswered.answered(turn)
        self._state.sounds(turn)

    def drop(self, action: DropTurn) -> None:
        """There will be no reply to it."""
        self._state.drop(action.turn)

    def break_off(self, history: Iterable[Said]) -> None:
        """The call is over; what was said last may be without an answer."""
        lines = self._unanswered.lines()
        heard = Heard(" ".join(line.text for line in lines), lines=lines, at=self._clock.utc().isoformat())
        try:
            self._state.now = self._flow.broke_off(self._state.now, heard, _messages(history))
        except Exception as error:  # what was kept before holds
            _log.error("flow_failed", flow=type(self._flow).__name__, error=type(error).__name__, exc_info=error)
            return
        self._changed()

    def _changed(self) -> None:
        state = self._state.now
        self._keep(self._flow.kept(state), self._flow.may_be_recorded(state))


def _messages(history: Iterable[Said]) -> tuple[Message, ...]:
    return tuple(Message(said.role, said.text, said.interrupted) for said in history if said.role != "system")
