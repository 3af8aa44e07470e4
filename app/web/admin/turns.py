"""Where the time of each answer went, as bars on one common scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

BAR = 1000
"""Width of the longest bar, in units of the picture."""

STEPS = (
    ("decided_ms", "waited", "Making sure the caller had finished"),
    ("transcript_ms", "recognised", "Recognising the words"),
    ("first_text_ms", "thought", "Finding the answer"),
    ("first_audio_ms", "spoke", "Making speech of it"),
    ("first_heard_ms", "travelled", "On its way to the caller's ear"),
)


class Times(Protocol):
    """One turn's times in ms of the recording, as stored."""

    turn: int
    speech_ended_ms: int | None
    decided_ms: int | None
    transcript_ms: int | None
    first_text_ms: int | None
    first_audio_ms: int | None
    first_heard_ms: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a bar: `x` and `width` in units of the picture, `took_ms` in words' place."""

    kind: str
    title: str
    x: float
    width: float
    took_ms: int


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn's bar: from the end of the caller's speech to the answer's first sound in their ear."""

    turn: int
    at_ms: int
    total_ms: int
    steps: tuple[Step, ...]


def turns_of(measured: Iterable[Times]) -> list[TurnView]:
    """A bar for each turn that was answered; turns without both ends are left out."""
    spans = [(times, spans) for times in measured if (spans := _spans(times))]
    longest = max((sum(took for _, _, took in parts) for _, parts in spans), default=0)
    return [_view(times, parts, longest) for times, parts in spans]


def _spans(times: Times) -> list[tuple[str, str, int]]:
    """Kind, title and length of each step. A step that came before the one it follows took no time of its own."""
    if times.speech_ended_ms is None or times.first_audio_ms is None:
        return []
    reached = times.speech_ended_ms
    spans = []
    for name, kind, title in STEPS:
        at_ms: int | None = getattr(times, name)
        if at_ms is not None:
            spans.append((kind, title, max(0, at_ms - reached)))
            reached = max(reached, at_ms)
    return spans


def _view(times: Times, parts: list[tuple[str, str, int]], longest_ms: int) -> TurnView:
    scale = BAR / max(1, longest_ms)
    steps, total_ms = [], 0
    for kind, title, took_ms in parts:
        steps.append(Step(kind, title, round(total_ms * scale, 1), round(took_ms * scale, 1), took_ms))
        total_ms += took_ms
    return TurnView(times.turn, times.speech_ended_ms or 0, total_ms, tuple(steps))
