"""What happened on a call, as the caller's end of the line knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

EntryKind = Literal[
    "dialled",
    "refused",
    "told",  # the carrier's own voice read a <Say> to the caller
    "opened",
    "started",
    "agent_started",
    "agent_stopped",
    "caller_started",
    "caller_stopped",
    "digit",
    "mark",
    "clear",
    "stopped",
    "closed",
    "after_stream",
    "put_through",  # somebody else is rung for the caller
    "after_person",
    "ended",
]


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """`at_s`: seconds since the number was dialled. `text`: what is known of it: words, a mark's name, a reason."""

    at_s: float
    kind: EntryKind = field(compare=False)
    text: str = field(default="", compare=False)


class Log:
    """Entries, read in the order of their times: an end of speech is known only a while after it."""

    def __init__(self, listener: Callable[[Entry], None] | None = None) -> None:
        self._entries: list[Entry] = []
        self._listener = listener

    def add(self, at_s: float, kind: EntryKind, text: str = "") -> None:
        entry = Entry(at_s, kind, text)
        self._entries.append(entry)
        if self._listener is not None:
            self._listener(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def times(self, kind: EntryKind) -> list[float]:
        """When entries of this kind happened, in order."""
        return sorted(entry.at_s for entry in self._entries if entry.kind == kind)
