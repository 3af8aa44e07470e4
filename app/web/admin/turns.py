"""Where the time of each answer went, as bars on one common scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.runtime.turn_steps import Times, steps_of

BAR = 1000
"""Width of the longest bar, in units of the picture."""

WORDS = {
    "decided": ("waited", "Making sure the caller had finished"),
    "transcript": ("recognised", "Recognising the words"),
    "first_text": ("thought", "Finding the answer"),
    "first_clause": ("worded", "Waiting for enough words to speak"),
    "first_audio": ("spoke", "Making speech of it"),
    "first_heard": ("travelled", "On its way to the caller's ear"),
}
"""What each step is called: in the style sheet, and by people."""


class Turn(Times, Protocol):
    """A turn's times, as stored."""

    @property
    def turn(self) -> int: ...


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


def turns_of(measured: Iterable[Turn]) -> list[TurnView]:
    """A bar for each turn that was answered; turns without both ends are left out."""
    answered = [(times, took) for times in measured if (took := steps_of(times))]
    longest_ms = max((sum(took.values()) for _, took in answered), default=0)
    return [_view(times, took, longest_ms) for times, took in answered]


def _view(times: Turn, took: Mapping[str, int], longest_ms: int) -> TurnView:
    scale = BAR / max(1, longest_ms)
    steps, total_ms = [], 0
    for step, took_ms in took.items():
        kind, title = WORDS[step]
        steps.append(Step(kind, title, round(total_ms * scale, 1), round(took_ms * scale, 1), took_ms))
        total_ms += took_ms
    return TurnView(times.turn, times.speech_ended_ms or 0, total_ms, tuple(steps))
