"""What a call was like from the caller's end, reckoned from its log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.phone.line import Caller
from app.phone.log import Entry


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds, as heard. `greeting`: from the stream's start to the first sound, None if there was none.

    `replies`: from the end of what the caller said to the agent's first sound after it, where the agent was not
    already speaking. `interruptions`: from the caller's first sound to the agent's silence, where it was.
    """

    greeting_ms: float | None
    replies_ms: tuple[float, ...]
    interruptions_ms: tuple[float, ...]


def delays(log: Iterable[Entry]) -> Delays:
    """Walks through the call once, in order."""
    walk = _Walk()
    for entry in log:
        walk.take(entry)
    return Delays(walk.greeting_ms, tuple(walk.replies_ms), tuple(walk.interruptions_ms))


class _Walk:
    def __init__(self) -> None:
        self.greeting_ms: float | None = None
        self.replies_ms: list[float] = []
        self.interruptions_ms: list[float] = []
        self._started_s: float | None = None
        self._speaking = False
        self._asked_s: float | None = None
        self._cutting_in_s: float | None = None

    def take(self, entry: Entry) -> None:
        if entry.kind == "started" and self._started_s is None:
            self._started_s = entry.at_s
        elif entry.kind == "agent_started":
            self._agent_started(entry.at_s)
        elif entry.kind == "agent_stopped":
            self._agent_stopped(entry.at_s)
        elif entry.kind == "caller_started":
            self._asked_s = None
            self._cutting_in_s = entry.at_s if self._speaking else None
        elif entry.kind == "caller_stopped":
            self._asked_s = None if self._speaking else entry.at_s

    def _agent_started(self, at_s: float) -> None:
        self._speaking = True
        if self.greeting_ms is None and self._started_s is not None:
            self.greeting_ms = (at_s - self._started_s) * 1000
        elif self._asked_s is not None:
            self.replies_ms.append((at_s - self._asked_s) * 1000)
        self._asked_s = None

    def _agent_stopped(self, at_s: float) -> None:
        self._speaking = False
        if self._cutting_in_s is not None:
            self.interruptions_ms.append((at_s - self._cutting_in_s) * 1000)
        self._cutting_in_s = None


def lines(caller: Caller) -> list[tuple[str, str]]:
    """The summary as pairs of a name and its value, for a person."""
    measured = delays(caller.log)
    gaps = caller.gaps
    table = [
        ("duration", f"{caller.now() if not caller.end_reason else max(caller.log.times('ended')):.1f} s"),
        ("ended", caller.end_reason.replace("_", " ")),
        ("greeting heard after", "never" if measured.greeting_ms is None else f"{measured.greeting_ms:.0f} ms"),
        ("replies heard after", _spread(measured.replies_ms)),
        ("interrupted agent silent after", _spread(measured.interruptions_ms)),
        ("wire faults", str(caller.faults)),
        ("audio gaps", f"{gaps.count} ({gaps.total_ms:.0f} ms)"),
        ("short pauses behind a mark", f"{gaps.marked_count} ({gaps.marked_ms:.0f} ms)"),
        ("most sound queued ahead", f"{caller.deepest_queue_ms / 1000:.1f} s"),
    ]
    if caller.end_reason != "caller_hung_up" and caller.unheard_ms:
        table.append(("cut off at the end", f"{caller.unheard_ms:.0f} ms"))
    return table


def _spread(values_ms: tuple[float, ...]) -> str:
    if not values_ms:
        return "–"
    middle = sorted(values_ms)[len(values_ms) // 2]
    return f"{middle:.0f} ms (median of {len(values_ms)}; worst {max(values_ms):.0f} ms)"
