"""Whatever answers a call that we placed, and whatever is told of it in whatever order: the core stays within its
tables, replays, and ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.call import actions as act
from app.call import events as ev
from app.call.phases import Phase
from app.call.replay import replay
from tests.properties.test_any_call import STEP, AnyCall

SAID = ("", "hello", "who is calling", "please leave a message after the tone", "state your name", "one moment")
VERDICTS = ("human", "machine_start", "machine_end_beep", "machine_end_silence", "fax", "unknown", "x" * 50)
STEPS = st.lists(
    st.one_of(
        STEP,
        st.tuples(st.just("said"), st.sampled_from(SAID)),
        st.tuples(st.just("verdict"), st.sampled_from(VERDICTS)),
        st.tuples(st.just("opened"), st.sampled_from(["", "I am a machine."])),
        st.tuples(st.just("no-more-calls"), st.just("")),
    ),
    max_size=40,
)
VOICEMAIL = st.sampled_from(["hang_up", "leave_message"])


class AnyPlacedCall(AnyCall):
    """The same for a call that we placed."""

    def __init__(self, voicemail: ev.Voicemail) -> None:
        self.voicemail = voicemail
        self.opens = self.left = self.hung_up = 0
        super().__init__(interruptible_greeting=False)

    def tell(self, event: ev.Event) -> None:
        super().tell(ev.StreamStarted(voicemail=self.voicemail) if isinstance(event, ev.StreamStarted) else event)

    def do(self, step: str, value: object) -> None:
        if step == "said":
            self.hear(40, voiced=True)
            self.hear(40, voiced=False)
            self.tell(ev.TranscriptReady(self.turn, str(value)))
        elif step == "verdict":
            self.tell(ev.AnsweredBy(str(value)))
        elif step == "opened" and self.opens:
            self.tell(ev.TalkOpened(str(value), "Shall we begin?" if value else ""))
        elif step == "no-more-calls":
            self.tell(ev.NoMoreCallsAsked(self.turn))
        elif self.piece or "spoken" not in step:
            super().do(step, value)

    def _did(self, actions: list[act.Action]) -> None:
        super()._did(actions)
        for action in actions:
            self.opens += isinstance(action, act.OpenTalk)
            self.left += isinstance(action, act.MessageLeft)
            self.hung_up += isinstance(action, act.HangUp)
            assert not isinstance(action, act.Ask) or self.opens, "nothing is asked of a flow that has not begun"
        assert self.opens <= 1
        assert self.left <= 1
        assert self.hung_up <= 1


@settings(max_examples=300, deadline=None)
@given(STEPS, VOICEMAIL)
def test_whatever_answers_is_survived(steps: list[tuple[str, object]], voicemail: ev.Voicemail) -> None:
    told = AnyPlacedCall(voicemail)
    for step, value in steps:
        told.do(step, value)
    told.hear(5, voiced=False)
    again = replay([*told.lines, *told.writer.flush()])
    assert again.differences == []
    assert again.actions == told.actions


@settings(max_examples=150, deadline=None)
@given(STEPS, VOICEMAIL)
def test_a_placed_call_left_alone_always_ends(steps: list[tuple[str, object]], voicemail: ev.Voicemail) -> None:
    told = AnyPlacedCall(voicemail)
    for step, value in steps:
        told.do(step, value)
    for _ in range(40):
        if told.call.phase is Phase.ENDED:
            break
        told.wait(60)
    assert told.call.phase is Phase.ENDED
    assert told.call.next_deadline() is None
