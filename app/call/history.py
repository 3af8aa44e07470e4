"""The talk so far as it was heard: what a model is shown, and nothing that the caller never heard."""

from __future__ import annotations

from dataclasses import dataclass

from app.call.actions import RecordSegment, Role


@dataclass(frozen=True, slots=True)
class Said:
    """A line that was heard. `interrupted`: the caller cut the agent off after it."""

    role: Role
    text: str
    interrupted: bool
    turn: int


class History:
    """Lines by segment, in the order in which they began."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: dict[int, Said] = {}

    def record(self, segment: RecordSegment) -> None:
        """Take in a segment, or more of one; a line of which nothing was heard is not history."""
        if segment.heard_text:
            self._lines[segment.number] = Said(segment.role, segment.heard_text, segment.interrupted, segment.turn)

    def before(self, turn: int) -> tuple[Said, ...]:
        """All but the caller's own line in `turn`."""
        return tuple(said for said in self._lines.values() if said.role != "caller" or said.turn != turn)

    @property
    def lines(self) -> tuple[Said, ...]:
        return tuple(self._lines.values())
