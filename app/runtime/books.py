"""What a call leaves behind: its lines for the database and the pages, its diary, its recording."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from app.audio.metrics import LineQuality
from app.call.actions import Action, MeasureTurn, Note, RecordSegment
from app.call.events import Event
from app.call.timeline import TimelineWriter
from app.clock import Clock
from app.dialogue.interviewing.session import Session
from app.dialogue.no_more_calls import wants_no_more_calls
from app.personas.schema import Persona
from app.runtime.accounts import Account
from app.runtime.disk import Disk, LineFile, WavFile
from app.runtime.files import CallFiles
from app.runtime.live import CallEnded, LiveHub
from app.runtime.recorder import Recorder
from app.runtime.reporting import Fault, Spent
from app.store.records import (
    EventRecord,
    FinalStatus,
    FinishRecord,
    InterviewRecord,
    MessageLeftRecord,
    MetricsRecord,
    NoMoreCallsRecord,
    RecognisedRecord,
    SegmentRecord,
)
from app.store.writer import StoreWriter

_FAILED = frozenset({"fault", "line-lost"})


class CallBooks:
    """Keeps one call's books. Nothing here waits: the database and the disk have their own tasks and threads."""

    def __init__(
        self,
        call_id: UUID,
        persona: Persona,
        *,
        account: Account,
        writer: StoreWriter,
        hub: LiveHub,
        disk: Disk,
        files: CallFiles,
        clock: Clock,
    ) -> None:
        self.call_id = call_id
        self._clock = clock
        self._account = account
        self._answered: set[int] = set()
        self._writer = writer
        self._hub = hub
        self._disk = disk
        self._diary = TimelineWriter()
        self._diary_file = LineFile(files.timeline(call_id))
        self._lines = [self._diary.header(persona, call_id=str(call_id))]
        self.recorder = Recorder(disk, WavFile(files.recording(call_id)))
        self._persona = persona
        self._no_more_calls = False
        self._agreed = True
        self._kept: Session | None = None

    def happened(self, event: Event, now: float) -> None:
        self._lines += self._diary.event(event, now)

    def woken(self, now: float) -> None:
        self._lines += self._diary.deadline(now)

    def decided(self, actions: list[Action]) -> None:
        self._lines += self._diary.actions(actions)

    def segment(self, segment: RecordSegment) -> None:
        """A line of the transcript, or more of one: to the database and to whoever is looking."""
        fields = asdict(segment)
        number = fields.pop("number")
        record = SegmentRecord(call_id=self.call_id, id=uuid5(self.call_id, str(number)), seq=number, **fields)
        self._writer.put_nowait(record)
        self._hub.publish(record)

    def recognised(self, who: Literal["human", "machine"]) -> None:
        """Who has answered a call that we placed, by what was heard."""
        self._writer.put_nowait(RecognisedRecord(self.call_id, who, self._clock.utc()))

    def message_left(self) -> None:
        """A machine has the whole of our message."""
        self._writer.put_nowait(MessageLeftRecord(self.call_id))

    def no_more_calls(self, segment: RecordSegment) -> bool:
        """Does the other side want no more calls, by this line of theirs? Then that is kept; it is told once."""
        said = segment.role == "caller" and segment.kind == "speech" and not self._no_more_calls
        if not said or self._persona.patience.is_unsure(segment.confidence):
            return False
        self._no_more_calls = wants_no_more_calls(segment.text, self._persona.language)
        if self._no_more_calls:
            self._writer.put_nowait(NoMoreCallsRecord(self.call_id, segment.text, self._clock.utc()))
        return self._no_more_calls

    def keep(self, session: Session | None, agreed: bool) -> None:
        """What of the talk outlives the call, as it is from now on; and may the call be recorded? Until it may, nothing
        of it is on disk."""
        self._agreed = agreed
        if session is not None and session is not self._kept:
            self._kept = session
            self._writer.put_nowait(InterviewRecord(self.call_id, session, self._clock.utc()))

    def note(self, note: Note, at_ms: int) -> None:
        self._writer.put_nowait(EventRecord(self.call_id, at_ms, note.kind, note.detail))

    def measured(self, turn: MeasureTurn) -> None:
        """Times of a turn, as far as they are known; once the answer was heard, it is told to the figures."""
        record = MetricsRecord(call_id=self.call_id, **asdict(turn))
        self._writer.put_nowait(record)
        if turn.first_heard_ms is not None and turn.turn not in self._answered:
            self._answered.add(turn.turn)
            self._account.answered(record)

    def spent(self, spent: Spent) -> None:
        """A provider served a request of this call."""
        self._account.spent(spent)

    def failed(self, fault: Fault) -> None:
        """A provider could not do its work for this call; the note on the call's page is the runner's."""
        self._account.failed(fault)

    def write(self, position: int, *, last: bool = False) -> None:
        """Put on disk what is settled at `position` (samples of the recording)."""
        if last:
            self._lines += self._diary.flush()
        if self._lines:
            lines, self._lines = self._lines, []
            self._disk.do(lambda: self._diary_file.append(lines))
        if self._agreed:
            self.recorder.write(position, last=last)

    def finish(
        self, end_reason: str, *, ended_at: datetime, duration_s: float, recording_ms: int, quality: LineQuality
    ) -> None:
        """The call is over."""
        if not self._agreed:
            self.note(Note("recording-not-kept"), recording_ms)
        status: FinalStatus = "failed" if end_reason in _FAILED else "completed"
        self._writer.put_nowait(
            FinishRecord(
                call_id=self.call_id,
                status=status,
                end_reason=end_reason,
                ended_at=ended_at,
                duration_s=duration_s,
                recording_ms=recording_ms if self._agreed else None,
                line_quality=asdict(quality),
            )
        )
        self._hub.publish(CallEnded(self.call_id, end_reason))
