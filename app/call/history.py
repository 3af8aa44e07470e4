"""The talk so far as it was heard: what a model is shown, and nothing that the caller never heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.call.actions import RecordSegment, Role
from app.call.sentences import cut_text


@dataclass(frozen=True, slots=True)
class Said:
    """A line that was heard. `interrupted`: the caller cut the agent off after it."""

    role: Role
    text: str
    interrupted: bool
    turn: int


class History:
    """Lines by segment, in the order in which they began.

    `fillers`: what is said in front of a slow reply. The transcript has it; here it is left out, or a model would
    learn to begin with it, and "say that again" would be answered with it.
    """

    __slots__ = ("_fillers", "_lines")

    def __init__(self, fillers: Iterable[str] = ()) -> None:
        self._fillers = tuple(" ".join(cut_text(filler)) for filler in fillers)
        self._lines: dict[int, Said] = {}

    def record(self, segment: RecordSegment) -> None:
        """Take in a segment, or more of one; a line of which nothing was heard is not history."""
        heard = segment.heard_text if segment.kind != "digits" else ""  # tones are no words
        if segment.role == "agent" and segment.turn:
            heard = self._without_filler(heard)
        if heard:
            self._lines[segment.number] = Said(segment.role, heard, segment.interrupted, segment.turn)

    def _without_filler(self, heard: str) -> str:
        for filler in self._fillers:
            if f"{filler} ".startswith(f"{heard} "):
                return ""
            if heard.startswith(f"{filler} "):
                return heard.removeprefix(f"{filler} ")
        return heard

    def before(self, turn: int) -> tuple[Said, ...]:
        """All but the caller's own line in `turn`."""
        return tuple(said for said in self._lines.values() if said.role != "caller" or said.turn != turn)

    @property
    def lines(self) -> tuple[Said, ...]:
        return tuple(self._lines.values())
