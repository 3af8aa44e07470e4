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
FILLERS = ("Hold the line.", "Let me see, please.")
REPLY = st.sampled_from(["Yes.", "One, two, three, and four. Five, six.", "", "A long answer, with clauses. " * 5])

STEP = st.one_of(
    st.tuples(st.just("speech"), st.integers(1, 120)),
    st.tuples(st.just("quiet"), st.integers(1, 120)),
    st.tuples(st.just("transcript"), WORDS),
    st.tuples(st.just("stale-transcript"), st.integers(0, 9)),
    st.tuples(st.just("judged"), st.integers(0, 100)),
    st.tuples(st.just("reply"), REPLY),
    st.tuples(st.just("last-reply"), REPLY),
    st.tuples(st.just("transfer"), REPLY),
    st.tuples(st.just("press"), st.sampled_from(["•", "•••"])),
    st.tuples(st.just("words"), st.sampled_from(["", " ", "A whole sentence. And the", " beginning of another"])),
    st.tuples(st.just("broken"), st.booleans()),
    st.tuples(st.just("spoken"), st.integers(0, 6000)),
    st.tuples(st.just("next-spoken"), st.integers(1, 3000)),
    st.tuples(st.just("half-spoken"), st.integers(1, 900)),
    st.tuples(st.just("mark"), st.integers(0, 3)),
    st.tuples(st.just("key"), st.sampled_from("0123456789*#A")),
    st.tuples(st.just("fail"), st.sampled_from(["transcribe", "reply", "speak"])),
    st.tuples(st.just("hang-up"), st.booleans()),
)


BEGUN = st.sampled_from(["nothing", "greeted", "asked", "filled", "filler-heard"])
"""How far the call has got before the steps: few random walks would lead to a filler by themselves."""


class AnyCall:
    """Drives a core with steps, answering what it asked for last."""

    def __init__(self, interruptible_greeting: bool) -> None:
        self.persona = persona(
            barge_in={"greeting_interruptible": interruptible_greeting},
            patience={"filler_after_ms": 500, "think_ahead": True},
            lines={"fillers": FILLERS},
        )
        self.call = Call(self.persona)
        self.now = 0.0
        self.frames = 0
        self.turn = self.asked = self.piece = 0
        self.transcribing: set[int] = set()
        self.making: dict[int, str] = {}
        self.texts: dict[int, str] = {}
        self.committed: set[int] = set()
        self.dropped: set[int] = set()
        self.filled: set[int] = set()
        self.sounding = False
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

    def begin(self, how_far: str) -> AnyCall:
        """Play the opening so far."""
        if how_far == "nothing":
            return self
        self.speak_all()
        if how_far == "greeted":
            return self
        self.hear(60, voiced=True)
        self.hear(60, voiced=False)
        self.tell(ev.TranscriptReady(self.turn, "when do you open"))
        if how_far == "asked":
            return self
        self.hear(30, voiced=False)
        if how_far == "filler-heard":
            self.speak_all()
        else:
            self.do("spoken", 900)
        return self

    def speak_all(self) -> None:
        """Everything that is wanted is made, sent and heard."""
        while self.making:
            self.do("next-spoken", 1000)
            self.hear(60, voiced=False)
            for name in self.marks:
                self.tell(ev.MarkReturned(name))

    def let_down(self) -> None:
        """Nothing works any more: all that is waited for fails, or never comes."""
        for _ in range(12):
            self.hear(150, voiced=False)
            for turn in sorted(self.transcribing):
                self.tell(ev.ProviderFailed("transcribe", turn, "late"))
            self.transcribing.clear()
            for piece in sorted(self.making):
                self.tell(ev.ProviderFailed("speak", piece, "late"))
            self.wait(8)

    def do(self, step: str, value: object) -> None:
        if isinstance(value, int) and step in ("speech", "quiet"):
            self.hear(value, step == "speech")
        elif step in ("transcript", "judged", "stale-transcript"):
            self._recognise(step, value)
        elif step in ("reply", "last-reply", "transfer", "words", "broken"):
            self._reply(step, str(value))
        elif step in ("spoken", "half-spoken", "next-spoken"):
            self._speak(step, int(str(value)))
        elif step == "mark" and self.marks:
            self.tell(ev.MarkReturned(self.marks[min(int(str(value)), len(self.marks) - 1)]))
        elif step == "press":
            self.tell(ev.DigitsAsked(0, str(value)))
        elif step == "key":
            self.tell(ev.DigitPressed(str(value)))
        elif step == "fail":
            stage: ev.Stage = "speak" if value == "speak" else "reply" if value == "reply" else "transcribe"
            ref = {"speak": self.piece, "reply": self.asked, "transcribe": self.turn}[stage]
            self.making.pop(ref, None) if stage == "speak" else None
            self.tell(ev.ProviderFailed(stage, ref, "timeout"))
        elif step == "hang-up":
            self.tell(ev.HangUpAsked("operator", politely=bool(value)))

    def _recognise(self, step: str, value: object) -> None:
        if step == "transcript":
            self.tell(ev.TranscriptReady(self.turn, str(value)))
        elif step == "judged":
            self.tell(ev.PauseJudged(self.turn, int(str(value))))
        else:
            self.tell(ev.TranscriptReady(self.turn - int(str(value)), "old words"))

    def _reply(self, step: str, text: str) -> None:
        if step == "broken":
            self.tell(ev.ReplyBroken(self.asked, "The flow's own words.", end=text == "True"))
            return
        self.tell(ev.ReplyDelta(self.asked, text))
        if step != "words":
            by = "words" if step == "transfer" else ""
            self.tell(ev.ReplyEnded(self.asked, end=step == "last-reply", transfer=by))

    def _speak(self, step: str, ms: int) -> None:
        """Speech of the piece that was asked for last, or of the one that waits longest."""
        piece = min(self.making, default=self.piece) if step == "next-spoken" else self.piece
        final = step != "half-spoken"
        if final:
            self.making.pop(piece, None)
        made_ms = self.made[piece] = max(self.made.get(piece, 0), ms)
        ends = ((made_ms // 2, len(self.texts[piece]) // 2),) if step == "next-spoken" else ()
        self.tell(ev.SpeechReady(piece, made_ms, final, ends))

    def _did(self, actions: list[act.Action]) -> None:
        self.lines += self.writer.actions(actions)
        self.actions += len(actions)
        for action in actions:
            self._note_turn(action)
            if isinstance(action, act.Synthesize):
                self.piece = action.piece
                self.making[action.piece] = self.texts[action.piece] = action.text
            elif isinstance(action, act.SendDigits):
                self.piece = action.piece
                self.making[action.piece] = self.texts[action.piece] = "•••"
            elif isinstance(action, act.DropSpeech):
                self.making.pop(action.piece, None)
            elif isinstance(action, act.SendMark):
                self.marks = [*self.marks[-5:], action.name]
            elif isinstance(action, act.SendAudio):
                assert action.start_ms < action.end_ms <= self.made[action.piece], "only what was made is sent"
            elif isinstance(action, act.RecordSegment):
                assert action.text.startswith(action.heard_text), "what was heard is a part of what was said"
                assert action.ended_ms >= action.started_ms
                self.segments[action.number] = action

    def _note_turn(self, action: act.Action) -> None:
        if isinstance(action, act.Transcribe):
            self.turn = action.turn
            self.transcribing.add(action.turn)
        elif isinstance(action, act.Ask):
            self.turn = self.asked = action.turn
        elif isinstance(action, act.DropTurn):
            self.dropped.add(action.turn)
            self.transcribing.discard(action.turn)
        elif isinstance(action, act.CommitTurn):
            assert action.turn == self.asked, "only the turn that was asked last is answered"
            assert action.turn not in self.committed | self.dropped
            self.committed.add(action.turn)
            self.sounding = True
        elif isinstance(action, act.SendAudio) and self.sounding:
            assert self.texts[action.piece] not in FILLERS, "a filler settles nothing"
            self.sounding = False
        elif isinstance(action, act.Note) and action.kind == "filler":
            assert action.detail["turn"] not in self.filled | self.committed
            self.filled.add(int(action.detail["turn"]))
        elif isinstance(action, act.MeasureTurn) and action.first_audio_ms is not None:
            assert action.turn in self.committed, "a filler is not measured"


@settings(max_examples=300, deadline=None)
@given(st.lists(STEP, max_size=40), st.booleans(), BEGUN)
def test_any_order_of_events_is_survived(steps: list[tuple[str, object]], interruptible: bool, begun: str) -> None:
    told = AnyCall(interruptible).begin(begun)
    for step, value in steps:
        told.do(step, value)
    told.hear(5, voiced=False)
    again = replay([*told.lines, *told.writer.flush()])
    assert again.differences == []
    assert again.actions == told.actions


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=25), BEGUN)
def test_whatever_fails_the_floor_comes_back_to_the_caller(steps: list[tuple[str, object]], begun: str) -> None:
    told = AnyCall(False).begin(begun)
    for step, value in steps:
        told.do(step, value)
    told.let_down()
    assert told.call.phase in (Phase.WAIT_FOR_USER, Phase.CLOSING, Phase.ENDED)


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=25), st.booleans(), BEGUN)
def test_a_call_left_alone_always_ends(steps: list[tuple[str, object]], interruptible: bool, begun: str) -> None:
    told = AnyCall(interruptible).begin(begun)
    for step, value in steps:
        told.do(step, value)
    for _ in range(40):
        if told.call.phase is Phase.ENDED:
            break
        told.wait(60)
    assert told.call.phase is Phase.ENDED
    assert told.call.next_deadline() is None


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=25), BEGUN)
def test_after_the_end_nothing_is_wanted_but_the_last_words(steps: list[tuple[str, object]], begun: str) -> None:
    told = AnyCall(False).begin(begun)
    for step, value in steps[: len(steps) // 2]:
        told.do(step, value)
    told.tell(ev.StreamStopped("caller-hung-up"))
    before = len(told.lines)
    for step, value in steps[len(steps) // 2 :]:
        told.do(step, value)
    later = [json.loads(line) for line in told.lines[before:] if '"action"' in line]
    assert {record["action"] for record in later} <= {"RecordSegment", "Note"}
