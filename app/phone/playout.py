"""The caller's ear: Twilio's playout buffer, told by arithmetic instead of by a ticking clock.

Sound plays at 8 kHz from the moment it arrives, or behind what is queued. So when each piece begins and ends, and when
each mark comes back, is settled at arrival, until a clear. All times are seconds on the caller's own scale.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.audio.reading import LINE_RATE_HZ
from app.phone.sounds import loud_runs, mulaw_to_pcm

QUEUE_LIMIT_S = 600.0
"""Twilio drops what exceeds ten minutes (warning 31931)."""
GAP_LIMIT_S = 0.4
"""A longer silence between two pieces is a pause somebody meant."""
GAP_FLOOR_S = 0.001
SPEECH_JOIN_S = 0.5
"""Sounds closer than this are one piece of speech: synthesizers leave some 300 ms between sentences."""


@dataclass(frozen=True, slots=True)
class MarkPlayed:
    """All that was queued before the mark has been played, at `at_s` seconds."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The first sound of a piece of speech was heard."""

    at_s: float


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The last sound of a piece of speech was heard; known half a second later."""

    at_s: float


PlayoutEvent = MarkPlayed | SpeechStarted | SpeechStopped


@dataclass(slots=True)
class Gaps:
    """Times the queue ran dry inside an utterance: more sound came within 400 ms, and no mark stood in between.

    `marked_*` counts the same with a mark in between: a pause between sentences, or a gap that a mark excuses.
    """

    count: int = 0
    total_ms: float = 0.0
    marked_count: int = 0
    marked_ms: float = 0.0

    def add(self, other: Gaps) -> None:
        self.count += other.count
        self.total_ms += other.total_ms
        self.marked_count += other.marked_count
        self.marked_ms += other.marked_ms


@dataclass(slots=True)
class _Piece:
    start_s: float
    mulaw: bytes

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.mulaw) / LINE_RATE_HZ


@dataclass(slots=True)
class _Span:
    """Sound one hears as one piece of speech."""

    start_s: float
    end_s: float
    started: bool = False


class Playout:
    """`queue`, `mark` and `clear` as they arrive; `advance` tells what has come to pass until now."""

    def __init__(self) -> None:
        self.gaps = Gaps()
        self.deepest_s = 0.0
        self._pieces: list[_Piece] = []
        self._marks: deque[MarkPlayed] = deque()
        self._spans: deque[_Span] = deque()
        self._quiet_since_s: float | None = None
        self._free_at_s = float("-inf")
        self._marked = True  # whether the next sound begins something new: after a mark, a clear, or nothing at all
        self._in_utterance = False

    def queue(self, mulaw: bytes, now: float) -> int:
        """Queues μ-law; how many bytes had no room."""
        room = int((QUEUE_LIMIT_S - self.queued_s(now)) * LINE_RATE_HZ)
        kept = mulaw[: max(0, room)]
        if not kept:
            return len(mulaw)
        self._note_gap(now)
        piece = _Piece(max(now, self._free_at_s), kept)
        self._pieces.append(piece)
        self._free_at_s = piece.end_s
        self._marked = False
        self._in_utterance = True
        self.deepest_s = max(self.deepest_s, self.queued_s(now))
        for start_s, end_s in loud_runs(kept):
            self._add_span(piece.start_s + start_s, piece.start_s + end_s)
        return len(mulaw) - len(kept)

    def mark(self, name: str, now: float) -> None:
        """Due when all that is queued has been played: at once if nothing is."""
        self._marks.append(MarkPlayed(name, max(now, self._free_at_s)))
        self._marked = True

    def clear(self, now: float) -> list[str]:
        """Empties the queue; every mark that was pending, in order."""
        while self._pieces and self._pieces[-1].start_s >= now:
            self._pieces.pop()
        if self._pieces and self._pieces[-1].end_s > now:
            last = self._pieces[-1]
            last.mulaw = last.mulaw[: round((now - last.start_s) * LINE_RATE_HZ)]
        while self._spans and self._spans[-1].start_s >= now:
            self._spans.pop()
        if self._spans:
            self._spans[-1].end_s = min(self._spans[-1].end_s, now)
        self._free_at_s = min(self._free_at_s, now)
        self._in_utterance = False
        pending = [mark.name for mark in self._marks]
        self._marks.clear()
        return pending

    def advance(self, now: float) -> list[PlayoutEvent]:
        """What happened up to `now`. A piece of speech is known to have stopped half a second behind its end."""
        events: list[PlayoutEvent] = []
        while self._marks and self._marks[0].at_s <= now:
            events.append(self._marks.popleft())
        while self._spans and self._spans[0].start_s <= now:
            span = self._spans[0]
            if not span.started:
                span.started = True
                events.append(SpeechStarted(span.start_s))
            if now < span.end_s + (SPEECH_JOIN_S if len(self._spans) == 1 else 0.0):
                break
            events.append(SpeechStopped(span.end_s))
            self._quiet_since_s = span.end_s
            self._spans.popleft()
        return events

    def next_mark_s(self) -> float | None:
        """When the next mark is due."""
        return self._marks[0].at_s if self._marks else None

    def queued_s(self, now: float) -> float:
        """Seconds of sound not yet played."""
        return max(0.0, self._free_at_s - now)

    def idle(self, now: float) -> bool:
        """Nothing left to play and no mark pending."""
        return not self._marks and self._free_at_s <= now

    def quiet_s(self, now: float) -> float | None:
        """For how long the ear has heard nothing: 0 while it hears something, None before the first sound."""
        begun = [span for span in self._spans if span.start_s <= now]
        if begun:
            return max(0.0, now - begun[-1].end_s)
        return None if self._quiet_since_s is None else now - self._quiet_since_s

    def ear(self, until_s: float) -> NDArray[np.int16]:
        """All that was heard from 0 to `until_s`: 8 kHz, 16-bit."""
        heard = np.zeros(max(0, round(until_s * LINE_RATE_HZ)), dtype=np.int16)
        for piece in self._pieces:
            at = round(piece.start_s * LINE_RATE_HZ)
            samples = mulaw_to_pcm(piece.mulaw)[: max(0, len(heard) - at)]
            heard[at : at + len(samples)] = samples
        return heard

    def _note_gap(self, now: float) -> None:
        dry_s = now - self._free_at_s
        if not self._in_utterance or not GAP_FLOOR_S < dry_s <= GAP_LIMIT_S:
            return
        if self._marked:
            self.gaps.marked_count += 1
            self.gaps.marked_ms += dry_s * 1000
        else:
            self.gaps.count += 1
            self.gaps.total_ms += dry_s * 1000

    def _add_span(self, start_s: float, end_s: float) -> None:
        if self._spans and start_s - self._spans[-1].end_s <= SPEECH_JOIN_S:
            self._spans[-1].end_s = end_s
        else:
            self._spans.append(_Span(start_s, end_s))
