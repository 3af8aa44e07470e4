"""A call's transcript as the page shows it: lines and notes in the order of the recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.personas.schema import Patience
from app.web.admin.notes import Event, NoteView, notes_of


class Segment(Protocol):
    """A line of the transcript, from the store or straight from the call."""

    @property
    def id(self) -> UUID: ...
    @property
    def seq(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def heard_text(self) -> str: ...
    @property
    def started_ms(self) -> int: ...
    @property
    def ended_ms(self) -> int: ...
    @property
    def interrupted(self) -> bool: ...
    @property
    def final(self) -> bool: ...
    @property
    def kind(self) -> str: ...
    @property
    def confidence(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class LineView:
    """A line: `heard` reached the other's ear, `unheard` never did, `coming` has not yet. `unsure`: a guess at the
    words.

    `key` is the element's id: the same on the page and in every live update of this line.
    """

    key: str
    role: str
    speaker: str
    started_ms: int
    ended_ms: int
    seq: int
    heard: str
    unheard: str
    coming: str
    interrupted: bool
    final: bool
    keys: bool
    unsure: bool


_HOUSE = Patience()
"""Its `unsure_below` says from where on words are shown as a guess."""

Entry = LineView | NoteView


def line_key(segment_id: UUID) -> str:
    """The id of a line's element: half the segment's, which is unique enough within one call."""
    return f"s-{segment_id.hex[:16]}"


def line_of(segment: Segment, agent: str, *, over: bool) -> LineView:
    """A segment as shown. `agent`: the persona's name. `over`: the call has ended, so nothing is still to come."""
    heard, rest = _split(segment)
    done = segment.final or over
    return LineView(
        key=line_key(segment.id),
        role=segment.role,
        speaker={"agent": agent, "caller": "Caller"}.get(segment.role, "System"),
        started_ms=segment.started_ms,
        ended_ms=segment.ended_ms,
        seq=segment.seq,
        heard=heard,
        unheard=rest if done else "",
        coming="" if done else rest,
        interrupted=segment.interrupted,
        final=done,
        keys=segment.kind in ("keys", "digits"),
        unsure=_HOUSE.is_unsure(segment.confidence),
    )


def _split(segment: Segment) -> tuple[str, str]:
    """What was heard, and what is left of the line. Only the agent's lines can go unheard."""
    if segment.role != "agent":
        return segment.text or segment.heard_text, ""
    heard = segment.heard_text.strip()
    if segment.text.startswith(heard):
        return heard, segment.text[len(heard) :].strip()
    return heard, segment.text.strip()  # it was reworded after a part had been heard: keep both


def entries_of(segments: Sequence[Segment], events: Iterable[Event], agent: str, *, over: bool) -> list[Entry]:
    """The whole transcript, in the order of the recording; a note stands before a line of the same moment."""
    lines = [line_of(segment, agent, over=over) for segment in segments]
    return sorted([*lines, *notes_of(events, over=over)], key=place)


def place(entry: Entry) -> tuple[int, int, int]:
    """Where an entry stands: by its time, notes first, then by number. The page's script orders by the same."""
    return (_at(entry), int(isinstance(entry, LineView)), entry.seq)


def _at(entry: Entry) -> int:
    return entry.started_ms if isinstance(entry, LineView) else entry.at_ms
