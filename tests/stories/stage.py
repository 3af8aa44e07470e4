"""A stage for whole calls on a virtual clock: a caller, a line that plays like Twilio's, providers with known delays.

    story = Story(replies={"when do you open": "At eight."})
    story.caller.says("when do you open", at=3.0, lasts=1.2)
    story.run(until=12)
    assert story.agent.heard == [GREETING, "At eight."]

Every run writes the call's timeline and replays it: the core must decide the same again.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, Reading
from app.call import actions as act
from app.call import events as ev
from app.call.machine import Call
from app.call.replay import replay
from app.call.timeline import TimelineWriter
from app.personas.schema import Persona
from tests.stories.actor import MS_PER_CHAR, Actor, Ends, spoken

__all__ = ["GREETING", "MS_PER_CHAR", "Story", "persona"]

GREETING = "Hello, this is the test."
QUIET, VOICE = 40, 2000


def persona(**changes: object) -> Persona:
    """A small persona; `changes` replace whole sections. It says no fillers unless told to."""
    base: dict[str, object] = {
        "id": "tester",
        "name": "Tess",
        "flow": "assistant",
        "metadata": {"source_template_id": "test"},
        "greeting": GREETING,
    }
    changed = base | changes
    changed["patience"] = {"filler_after_ms": 0, "think_ahead": False} | (changes.get("patience") or {})  # type: ignore[operator]
    return Persona.model_validate(changed)


@dataclass
class Caller:
    """Says words at given seconds; each frame in between is voiced at `level`."""

    lines: list[tuple[float, float, str, int]] = field(default_factory=list)

    def says(self, words: str, *, at: float, lasts: float = 1.0, level: int = VOICE) -> None:
        self.lines.append((at, at + lasts, words, level))

    coughs = says

    def level_at(self, at: float) -> int | None:
        return next((level for begin, end, _, level in self.lines if begin <= at < end), None)

    def words_in(self, start_s: float, end_s: float) -> str:
        """What a perfect recogniser makes of this stretch: the lines that lie in it for the most part."""
        inside = [w for b, e, w, _ in self.lines if min(e, end_s) - max(b, start_s) > (e - b) / 2]
        return " ".join(word for word in inside if word)


@dataclass
class Agent:
    """What the agent's side did."""

    segments: dict[int, act.RecordSegment] = field(default_factory=dict)

    def of(self, role: str) -> list[act.RecordSegment]:
        return [segment for segment in self.segments.values() if segment.role == role]

    @property
    def said(self) -> list[str]:
        return [segment.text for segment in self.of("agent")]

    @property
    def heard(self) -> list[str]:
        return [segment.heard_text for segment in self.of("agent")]


class Line:
    """Plays what it is sent, in order, and returns marks as Twilio does."""

    def __init__(self, at: Callable[[float, ev.Event], None]) -> None:
        self._at = at
        self._queue: deque[tuple[float, str]] = deque()
        self.free_at = 0.0
        self.returns_marks = True
        self.played: list[tuple[float, float]] = []

    def audio(self, ms: int, now: float) -> None:
        begin = max(self.free_at, now)
        self.free_at = begin + ms / 1000
        self.played.append((begin, self.free_at))

    def mark(self, name: str, now: float) -> None:
        self._queue.append((max(self.free_at, now), name))

    def clear(self, now: float) -> None:
        self.free_at = now
        self.played = [(b, min(e, now)) for b, e in self.played if b < now]
        self._queue = deque((now, name) for _, name in self._queue)

    def due(self, now: float) -> list[str]:
        names = []
        while self._queue and self._queue[0][0] <= now:
            names.append(self._queue.popleft()[1])
        return names if self.returns_marks else []


class Story:
    """One call. `stt_s`, `llm_s`, `tts_s`: how long each provider takes; a reply may be a callable of the words."""

    def __init__(
        self,
        who: Persona | None = None,
        *,
        replies: dict[str, str] | None = None,
        stt_s: float = 0.1,
        llm_s: float = 0.1,
        tts_s: float = 0.05,
    ) -> None:
        self.persona = who or persona()
        self.call = Call(self.persona)
        self.caller = Caller()
        self.agent = Agent()
        self.actor = Actor()
        self.replies = replies or {}
        self.fails: set[str] = set()
        self.goodbyes: set[str] = set()
        self.transfers: dict[str, str] = {}
        self.stt_s, self.llm_s, self.tts_s = stt_s, llm_s, tts_s
        self.confidence: float | None = None
        self.unsure_after = float("inf")
        self.silent_dialogue = False
        self.now = 0.0
        self.done: list[tuple[float, act.Action]] = []
        self.line = Line(self.at)
        self.frames_stop_at = float("inf")
        self._later: list[tuple[float, int, ev.Event]] = []
        self._order = itertools.count()
        self._texts: dict[int, tuple[str, Ends]] = {}
        self._writer = TimelineWriter()
        self.timeline: list[str] = [self._writer.header(self.persona)]

    def at(self, when: float, event: ev.Event) -> None:
        """`event` happens at `when` seconds."""
        heapq.heappush(self._later, (when, next(self._order), event))

    def keys(self, keys: str, *, at: float) -> None:
        for index, key in enumerate(keys):
            self.at(at + index * 0.2, ev.DigitPressed(key))

    def hangs_up(self, *, at: float) -> None:
        self.at(at, ev.StreamStopped("caller-hung-up"))

    def run(self, *, until: float) -> Story:
        """Play the call until `until` seconds or its end, then replay its timeline."""
        self.play(until=until)
        self.timeline += self._writer.flush()
        outcome = replay(self.timeline)
        assert outcome.differences == []
        assert outcome.actions == len(self.done)
        return self

    def started(self) -> ev.StreamStarted:
        """What the call begins with."""
        return ev.StreamStarted()

    def play(self, *, until: float) -> None:
        """Play the call until `until` seconds or its end."""
        if self.now == 0.0:
            self._tell(self.started(), 0.0)
        frame = round(self.now * 1000 / FRAME_MS)
        while self.now < until and not self.ended:
            frame += 1
            frame_at = round(frame * FRAME_MS / 1000, 4)
            self._catch_up(frame_at)
            self.now = frame_at
            if frame_at < self.frames_stop_at:
                self._tell(ev.FrameArrived(self._reading(frame - 1)), frame_at)
        self._catch_up(self.now + 1.0 if self.ended else self.now)

    @property
    def ended(self) -> bool:
        return self.call.phase.value == "ENDED"

    def actions(self, kind: type) -> list[act.Action]:
        return [action for _, action in self.done if isinstance(action, kind)]

    def when(self, kind: type) -> list[float]:
        return [at for at, action in self.done if isinstance(action, kind)]

    def notes(self, kind: str) -> list[dict[str, object]]:
        return [a.detail for a in self.actions(act.Note) if isinstance(a, act.Note) and a.kind == kind]

    @property
    def end_reason(self) -> str | None:
        ends = self.actions(act.HangUp)
        return ends[0].reason if ends and isinstance(ends[0], act.HangUp) else None

    def _reading(self, index: int) -> Reading:
        level = self.caller.level_at(index * FRAME_MS / 1000)
        return Reading(index * FRAME_LINE_SAMPLES, level or QUIET, level is not None, QUIET)

    def _catch_up(self, until: float) -> None:
        """Everything due before the next frame, in the order of its time."""
        while True:
            deadline = self.call.next_deadline()
            queued = self._later[0][0] if self._later else float("inf")
            marks_at = self.line._queue[0][0] if self.line._queue else float("inf")
            first = min(deadline if deadline is not None else float("inf"), queued, marks_at)
            if first > until:
                return
            self.now = max(self.now, first)
            if first == marks_at:
                for name in self.line.due(max(self.now, first)):
                    self._tell(ev.MarkReturned(name), self.now)
            elif first == queued:
                self._tell(heapq.heappop(self._later)[2], self.now)
            else:
                self.timeline += self._writer.deadline(self.now)
                self._do(self.call.handle_deadline(self.now))

    def _tell(self, event: ev.Event, now: float) -> None:
        self.timeline += self._writer.event(event, now)
        self._do(self.call.handle(event, now))

    def _do(self, actions: list[act.Action]) -> None:
        self.timeline += self._writer.actions(actions)
        for action in actions:
            self.done.append((self.now, action))
            perform = _PERFORM.get(type(action))
            if perform:
                perform(self, action)

    def _transcribe(self, action: act.Transcribe) -> None:
        if "transcribe" in self.fails:
            self.at(self.now + self.stt_s, ev.ProviderFailed("transcribe", action.turn, "timeout"))
            return
        words = self.caller.words_in(action.start / 8000, action.end / 8000)
        self.at(
            self.now + self.stt_s,
            ev.TranscriptReady(action.turn, words, 0.2 if self.now > self.unsure_after else self.confidence),
        )

    def _ask(self, action: act.Ask) -> None:
        if self.silent_dialogue:
            return
        if "reply" in self.fails:
            self.at(self.now + self.llm_s, ev.ProviderFailed("reply", action.turn, "timeout"))
            return
        said = action.digits or action.text
        for part in self.replies.get(said, f"You said {said}.").split("|"):
            self.at(self.now + self.llm_s, ev.ReplyDelta(action.turn, part))
        self.at(
            self.now + self.llm_s,
            ev.ReplyEnded(action.turn, end=said in self.goodbyes, transfer=self.transfers.get(said, "")),
        )

    def _synthesize(self, action: act.Synthesize) -> None:
        self._texts[action.piece] = (action.text, self.actor.ends(action.text))
        if "speak" in self.fails:
            self.at(self.now + self.tts_s, ev.ProviderFailed("speak", action.piece, "timeout"))
            return
        for after_s, event in self.actor.speaks(action.piece, action.text):
            self.at(self.now + self.tts_s + after_s, event)

    def words_played(self) -> list[str]:
        """What could be understood of the agent's speech on the line, word by word."""
        stretches: list[tuple[int, int, int]] = []
        for action in self.actions(act.SendAudio):
            assert isinstance(action, act.SendAudio)
            piece, start_ms, end_ms = stretches[-1] if stretches else (0, 0, 0)
            if piece == action.piece and end_ms == action.start_ms:
                stretches[-1] = (piece, start_ms, action.end_ms)
            else:
                assert action.start_ms == 0, "a piece is sent from its start, and without gaps"
                stretches.append((action.piece, action.start_ms, action.end_ms))
        return [word for piece, *stretch in stretches for word in spoken(*self._texts[piece], *stretch)]

    def _record(self, action: act.RecordSegment) -> None:
        self.agent.segments[action.number] = action


_PERFORM: dict[type, Callable[..., None]] = {
    act.Transcribe: Story._transcribe,
    act.Ask: Story._ask,
    act.Synthesize: Story._synthesize,
    act.RecordSegment: Story._record,
    act.SendAudio: lambda s, a: s.line.audio(a.end_ms - a.start_ms, s.now),
    act.SendMark: lambda s, a: s.line.mark(a.name, s.now),
    act.ClearPlayback: lambda s, a: s.line.clear(s.now),
}
