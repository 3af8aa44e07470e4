"""Whatever happens in whatever order, the core stays within its tables, hears no more than it said, and ends."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.reading import FRAME_LINE_SAMPLES, Reading
from app.call import actions as act
from app.call import events as ev
from app.call.machine import Call
from app.call.phases import Phase
from app.call.replay import replay
from app.call.timeline import TimelineWriter
from tests.stories.stage import persona

WORDS = st.sampled_from(["", "yeah", "stop", "when do you open", "no wait i mean something else entirely"])
REPLY = st.sampled_from(["Yes.", "One, two, three, and four. Five, six.", "", "A long answer, with clauses. " * 5])

STEP = st.one_of(
    st.tuples(st.just("speech"), st.integers(1, 120)),
    st.tuples(st.just("quiet"), st.integers(1, 120)),
    st.tuples(st.just("transcript"), WORDS),
    st.tuples(st.just("stale-transcript"), st.integers(0, 9)),
    st.tuples(st.just("reply"), REPLY),
    st.tuples(st.just("last-reply"), REPLY),
    st.tuples(st.just("spoken"), st.integers(0, 6000)),
    st.tuples(st.just("half-spoken"), st.integers(1, 900)),
    st.tuples(st.just("mark"), st.integers(0, 3)),
    st.tuples(st.just("key"), st.sampled_from("0123456789*#A")),
    st.tuples(st.just("fail"), st.sampled_from(["transcribe", "reply", "speak"])),
    st.tuples(st.just("hang-up"), st.booleans()),
)


class AnyCall:
    """Drives a core with steps, answering what it asked for last."""

    def __init__(self, interruptible_greeting: bool) -> None:
        self.persona = persona(barge_in={"greeting_interruptible": interruptible_greeting})
        self.call = Call(self.persona)
        self.now = 0.0
        self.frames = 0
        self.turn = self.piece = 0
        self.marks: list[str] = []
        self.segments: dict[int, act.RecordSegment] = {}
        self.sent: dict[int, int] = {}
        self.made: dict[int, int] = {}
        self.actions = 0
        self.writer = TimelineWriter()
        self.lines = [self.writer.header(self.persona)]
        self.tell(ev.StreamStarted())

    def tell(self, event: ev.Event) -> None:
        self.lines += self.writer.event(event, self.now)
        self._did(self.call.handle(event, self.now))

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while (due := self.call.next_deadline()) is not None and due <= until:
            self.now = max(self.now, due)
            self.lines += self.writer.deadline(self.now)
            self._did(self.call.handle_deadline(self.now))
        self.now = until

    def hear(self, frames: int, voiced: bool) -> None:
        for _ in range(frames):
            self.wait(0.02)
            level = 2000 if voiced else 30
            self.tell(ev.FrameArrived(Reading(self.frames * FRAME_LINE_SAMPLES, level, voiced, 30)))
            self.frames += 1

    def do(self, step: str, value: object) -> None:
        if isinstance(value, int) and step in ("speech", "quiet"):
            self.hear(value, step == "speech")
        elif step == "transcript":
            self.tell(ev.TranscriptReady(self.turn, str(value)))
        elif step == "stale-transcript":
            self.tell(ev.TranscriptReady(self.turn - int(str(value)), "old words"))
        elif step in ("reply", "last-reply"):
            self.tell(ev.ReplyDelta(self.turn, str(value)))
            self.tell(ev.ReplyEnded(self.turn, end=step == "last-reply"))
        elif step in ("spoken", "half-spoken"):
            self.made[self.piece] = max(self.made.get(self.piece, 0), int(str(value)))
            self.tell(ev.SpeechReady(self.piece, self.made[self.piece], final=step == "spoken"))
        elif step == "mark" and self.marks:
            self.tell(ev.MarkReturned(self.marks[min(int(str(value)), len(self.marks) - 1)]))
        elif step == "key":
            self.tell(ev.DigitPressed(str(value)))
        elif step == "fail":
            stage: ev.Stage = "speak" if value == "speak" else "reply" if value == "reply" else "transcribe"
            self.tell(ev.ProviderFailed(stage, self.piece if stage == "speak" else self.turn, "timeout"))
        elif step == "hang-up":
            self.tell(ev.HangUpAsked("operator", politely=bool(value)))

    def _did(self, actions: list[act.Action]) -> None:
        self.lines += self.writer.actions(actions)
        self.actions += len(actions)
        for action in actions:
            if isinstance(action, act.Transcribe | act.Ask):
                self.turn = action.turn
            elif isinstance(action, act.Synthesize):
                self.piece = action.piece
            elif isinstance(action, act.SendMark):
                self.marks = [*self.marks[-5:], action.name]
            elif isinstance(action, act.SendAudio):
                assert action.start_ms < action.end_ms <= self.made[action.piece], "only what was made is sent"
            elif isinstance(action, act.RecordSegment):
                assert action.text.startswith(action.heard_text), "what was heard is a part of what was said"
                assert action.ended_ms >= action.started_ms
                self.segments[action.number] = action


@settings(max_examples=300, deadline=None)
@given(st.lists(STEP, max_size=40), st.booleans())
def test_any_order_of_events_is_survived(steps: list[tuple[str, object]], interruptible: bool) -> None:
    told = AnyCall(interruptible)
    for step, value in steps:
        told.do(step, value)
    told.hear(5, voiced=False)
    again = replay([*told.lines, *told.writer.flush()])
    assert again.differences == []
    assert again.actions == told.actions


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=25), st.booleans())
def test_a_call_left_alone_always_ends(steps: list[tuple[str, object]], interruptible: bool) -> None:
    told = AnyCall(interruptible)
    for step, value in steps:
        told.do(step, value)
    for _ in range(40):
        if told.call.phase is Phase.ENDED:
            break
        told.wait(60)
    assert told.call.phase is Phase.ENDED
    assert told.call.next_deadline() is None


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_after_the_end_nothing_is_wanted_but_the_last_words(steps: list[tuple[str, object]]) -> None:
    told = AnyCall(False)
    for step, value in steps[: len(steps) // 2]:
        told.do(step, value)
    told.tell(ev.StreamStopped("caller-hung-up"))
    before = len(told.lines)
    for step, value in steps[len(steps) // 2 :]:
        told.do(step, value)
    later = [json.loads(line) for line in told.lines[before:] if '"action"' in line]
    assert {record["action"] for record in later} <= {"RecordSegment", "Note"}
