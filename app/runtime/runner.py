"""Runs one call: tells the core what happens, does what it decides, and cleans up after it.

The core is only ever entered through `_tell` and `_wake`, both synchronous, so nothing can come between an event
and its actions. Slow work runs in tasks of the call's scope and comes back as events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from app.audio.dtmf import tones
from app.audio.ear import Ear
from app.audio.mulaw import FrameCutter
from app.audio.reading import LINE_RATE_HZ
from app.call import actions as act
from app.call import events as ev
from app.call.machine import Call
from app.runtime import work
from app.runtime.alarm import Alarm
from app.runtime.call_parts import CallParts
from app.runtime.call_report import CallReport
from app.runtime.caller_audio import CallerAudio
from app.runtime.line import Line
from app.runtime.replying import Reply
from app.runtime.scope import CallScope
from app.runtime.spoken import SpokenPieces
from app.runtime.talk import Talk
from app.runtime.transferring import Handover, handover_of

_log = structlog.get_logger(__name__)

WRITE_EVERY_S = 1.0
SILENT_LINE_S = 10.0
"""A carrier sends 50 frames a second, silence included; none for this long, and the line is dead."""
AHEAD_S = 10.0
"""How far the line's audio may run ahead of the clock: as much as a carrier may have held back and sent all at once."""
LAST_WORDS_S = 4.0
"""How long after the end the last transcription is waited for."""
KEEP_BEYOND_TURN_S = 30.0
"""Caller audio kept beyond the longest turn: a turn that is taken back grows by what was said before."""


class CallRunner:
    """One running call. `connect` gives it its line; then it is told of every message of the stream."""

    def __init__(self, parts: CallParts) -> None:
        self.persona = parts.persona
        self.end_reason: str | None = None
        self.ended = asyncio.Event()
        self.rejected: dict[str, int] = {}
        self.handover: Handover | None = None
        self._parts = parts
        self._books = parts.books
        self._call = Call(parts.persona)
        self._scope = CallScope(str(parts.books.call_id))
        self._ear = Ear()
        self._cutter = FrameCutter()
        self._heard = CallerAudio(parts.persona.patience.maximum_utterance_s + KEEP_BEYOND_TURN_S)
        self._spoken = SpokenPieces()
        self._providers = parts.providers.for_call(
            parts.voice or parts.persona, CallReport(parts.books, lambda: self.position // 8)
        )
        self._talk = Talk(parts.flow, parts.beginning, parts.books.call_id, parts.clock, parts.books.keep)
        self._providers.expect(self._talk.expected)
        self._began = self._heard_at = 0.0
        self._line: Line | None = None
        self._verdict = ""
        self._alarm = Alarm(self._wake)
        self._ticker: asyncio.TimerHandle | None = None

    # what the stream says

    def connect(self, line: Line) -> None:
        """The stream has started: the call begins, and `line` leads to the caller's ear."""
        self._line = line
        self._began = self._heard_at = self._parts.clock.now()
        self._scope.start("line", line.run())
        self._tick()
        started = self._talk.begin()
        self._providers.speak_slowly(self._talk.slow)
        self._tell(started)

    def media(self, payload: bytes, timestamp_ms: int | None) -> None:
        """Caller audio of any length: 8 kHz μ-law. What runs ahead of the clock by more than `AHEAD_S` is not taken."""
        self._heard_at = now = self._parts.clock.now()
        furthest = int((now - self._began + AHEAD_S) * LINE_RATE_HZ) - len(payload)
        if self._cutter.position > furthest:
            self.reject("too-fast")
            return
        for frame in self._cutter.push(payload, timestamp_ms, furthest):
            self._heard.add(frame.position, frame.mulaw)
            self._books.recorder.caller(frame.position, frame.mulaw)
            self._tell(ev.FrameArrived(self._ear.hear(frame.mulaw, frame.position)))

    def mark(self, name: str) -> None:
        self._tell(ev.MarkReturned(name))

    def digit(self, digit: str) -> None:
        self._tell(ev.DigitPressed(digit))

    def answered_by(self, verdict: str) -> None:
        """The carrier's verdict on who answered a call that we placed; the same again changes nothing."""
        if verdict != self._verdict:
            self._verdict = verdict
            self._tell(ev.AnsweredBy(verdict))

    def reject(self, reason: str) -> None:
        """A message that was ignored: counted, by reason."""
        self.rejected[reason] = self.rejected.get(reason, 0) + 1

    def hang_up(self, reason: str, *, politely: bool) -> None:
        """Someone of ours wants the call over."""
        self._tell(ev.HangUpAsked(reason, politely))

    def send_digits(self, keys: str, shown: str) -> None:
        """Someone of ours wants `keys` pressed, of which `shown` may be seen. Raises ValueError for what is no key."""
        self._tell(ev.DigitsAsked(self._spoken.keep(tones(keys)), shown))

    # the core

    @property
    def now(self) -> float:
        """Seconds of the call, as exact as the timeline keeps them."""
        return round(self._parts.clock.now() - self._began, 4)

    @property
    def position(self) -> int:
        return self._call.position

    def _tell(self, event: ev.Event) -> None:
        now = self.now
        self._books.happened(event, now)
        self._do(self._call.handle(event, now))

    def _wake(self) -> None:
        now = max(self.now, self._call.next_deadline() or 0.0)
        self._books.woken(now)
        self._do(self._call.handle_deadline(now))

    def _do(self, actions: list[act.Action]) -> None:
        if actions:
            self._books.decided(actions)
            for action in actions:
                _DO[type(action)](self, action)
        self._alarm.set(self._call.next_deadline(), self.now)

    # what the core decides

    def _transcribe(self, action: act.Transcribe) -> None:
        self._providers.prepare()
        sound = self._heard.cut(action.start, action.end)
        words = work.transcribe(action.turn, sound, self._providers, self._tell, early=action.early)
        self._scope.start(f"transcribe-{action.turn}", words)

    def _open_talk(self, _: act.OpenTalk) -> None:
        opened = self._talk.open()
        self._providers.speak_slowly(self._talk.slow)
        asyncio.get_running_loop().call_soon(self._tell, opened)

    def _ask(self, action: act.Ask) -> None:
        try:
            whole = self._talk.plan(action, self._call.history_before(action.turn), self.now)
        except Exception as error:  # a fault of a flow costs a sentence, not the call
            _log.error("flow_failed", flow=self.persona.flow, error=type(error).__name__, exc_info=error)
            self._no_reply(action.turn, "flow-fault")
            return
        plan = whole.without_tools() if action.early else whole
        if plan is None:
            self._no_reply(action.turn, "wants-tools")
            return
        turn, keep = action.turn, self._talk.takes(action.turn, plan)
        self._providers.speak_slowly(plan.slow)
        reply = Reply(turn, plan, self._providers, tell=self._tell, note=self._note, keep=keep)
        self._scope.start(f"reply-{turn}", reply.run())

    def _no_reply(self, turn: int, why: str) -> None:
        asyncio.get_running_loop().call_soon(self._tell, ev.ProviderFailed("reply", turn, why))

    def _note(self, note: act.Note) -> None:
        self._books.note(note, self.position // 8)

    def _drop_turn(self, action: act.DropTurn) -> None:
        self._talk.drop(action)
        self._scope.cancel(f"transcribe-{action.turn}")
        self._scope.cancel(f"reply-{action.turn}")

    def _synthesize(self, action: act.Synthesize) -> None:
        speech = work.speak(action.piece, action.text, self._providers, self._spoken, self._tell)
        self._scope.start(f"speak-{action.piece}", speech)

    def _send_digits(self, action: act.SendDigits) -> None:
        ready = ev.SpeechReady(action.piece, self._spoken.take(action.ref, action.piece), final=True)
        asyncio.get_running_loop().call_soon(self._tell, ready)

    def _drop_speech(self, action: act.DropSpeech) -> None:
        self._scope.cancel(f"speak-{action.piece}")
        self._spoken.drop(action.piece)

    def _send_audio(self, action: act.SendAudio) -> None:
        sound = self._spoken.cut(action.piece, action.start_ms, action.end_ms)
        if self._line is not None and sound:
            self._line.media(sound)
            self._books.recorder.agent(self.position, sound)

    def _send_mark(self, action: act.SendMark) -> None:
        if self._line is not None:
            self._line.mark(action.name)

    def _clear(self, _: act.ClearPlayback) -> None:
        if self._line is not None:
            self._line.clear()
        self._books.recorder.cleared(self.position)

    def _segment(self, segment: act.RecordSegment) -> None:
        self._talk.written(segment)
        self._books.segment(segment)
        if self._books.no_more_calls(segment):
            asyncio.get_running_loop().call_soon(self._tell, ev.NoMoreCallsAsked(segment.turn))

    def _hang_up(self, action: act.HangUp | act.Transfer) -> None:
        self.handover = handover_of(self.persona, action, self._call.history, self._talk.parked)
        self.end_reason = self.end_reason or action.reason
        self.ended.set()

    # the watch and the end

    def _tick(self) -> None:
        """Once a second: write what is settled, and see whether the line still lives."""
        self._ticker = asyncio.get_running_loop().call_later(WRITE_EVERY_S, self._tick)
        self._books.write(self.position)
        if self._parts.clock.now() - self._heard_at > SILENT_LINE_S:
            self.line_lost()

    def line_lost(self) -> None:
        """The socket is dead, or nothing has come for too long."""
        if not self.ended.is_set():
            self.end_reason = self.end_reason or "line-lost"
            self.ended.set()

    async def close(self, reason: str) -> None:
        """The stream is over; `reason` holds unless the call had ended by itself. Writes the books and frees
        everything."""
        self.end_reason = self.end_reason or reason
        self.ended.set()
        if self._ticker is not None:
            self._ticker.cancel()
        ended_at, duration_s, position = self._parts.clock.utc(), self.now, self.position
        try:
            self._tell(ev.StreamStopped(self.end_reason))
            position = self.position
            await self._scope.wait_for("transcribe-", LAST_WORDS_S)
        finally:  # whatever fails above, nothing of the call may run on, and its row may not stay open
            self._alarm.cancel()
            try:
                await self._scope.aclose()
            finally:
                self._talk.break_off(self._call.history)
                self._finish_books(self.end_reason, ended_at, duration_s, position)

    def _finish_books(self, end_reason: str, ended_at: datetime, duration_s: float, position: int) -> None:
        if self.rejected:
            self._books.note(act.Note("messages-rejected", dict(self.rejected)), int(duration_s * 1000))
        self._books.write(position, last=True)
        self._books.finish(
            end_reason,
            ended_at=ended_at,
            duration_s=round(duration_s, 3),
            recording_ms=position // 8,
            quality=replace(self._ear.quality(), echo_rms=self._call.echo_rms),
        )


_DO: dict[type, Callable[..., None]] = {
    act.Transcribe: CallRunner._transcribe,
    act.Ask: CallRunner._ask,
    act.CommitTurn: lambda run, turn: run._talk.sounds(turn.turn),
    act.DropTurn: CallRunner._drop_turn,
    act.Synthesize: CallRunner._synthesize,
    act.SendDigits: CallRunner._send_digits,
    act.DropSpeech: CallRunner._drop_speech,
    act.SendAudio: CallRunner._send_audio,
    act.SendMark: CallRunner._send_mark,
    act.ClearPlayback: CallRunner._clear,
    act.RecordSegment: CallRunner._segment,
    act.MeasureTurn: lambda run, turn: run._books.measured(turn),
    act.Note: CallRunner._note,
    act.OpenTalk: CallRunner._open_talk,
    act.Recognised: lambda run, known: run._books.recognised(known.who),
    act.MessageLeft: lambda run, _: run._books.message_left(),
    act.HangUp: CallRunner._hang_up,
    act.Transfer: CallRunner._hang_up,
}
