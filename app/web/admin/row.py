"""A call as one row of the list, the same on the page and in its live updates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.store.tables import ACTIVE, CallRow, SegmentRow
from app.web.admin.transcript import line_key
from app.web.admin.words import Said, ending

AROUND = 70
"""Characters of a found line shown; a row is for finding the call, its page for reading."""


@dataclass(frozen=True, slots=True)
class RowView:
    """`when`: the moment the carrier announced it. `other`: the number that is not ours. `found`: a line of the
    transcript that the search found, and `found_at` the id of its element on the call's page."""

    id: UUID
    when: datetime
    inbound: bool
    other: str
    persona: str
    running: bool
    duration_s: float | None
    ended: Said
    found: str = ""
    found_at: str = ""


def row_of(call: CallRow, line: SegmentRow | None = None, search: str = "") -> RowView:
    """A call's row; with the line that a search found, cut to the part around the searched word."""
    inbound = call.direction == "inbound"
    return RowView(
        id=call.id,
        when=call.created_at,
        inbound=inbound,
        other=call.from_number if inbound else call.to_number,
        persona=call.persona,
        running=call.status in ACTIVE,
        duration_s=call.duration_s if call.started_at else None,
        ended=ending(call.status, call.end_reason),
        found=excerpt(line.text, search) if line else "",
        found_at=line_key(line.id) if line else "",
    )


def excerpt(text: str, search: str) -> str:
    """At most `2 * AROUND` characters of `text`, with the first word of `search` among them if it stands there."""
    word = search.split()[0].casefold() if search.split() else ""
    start = max(0, text.casefold().find(word) - AROUND)
    cut = text[start : start + 2 * AROUND]
    return f"{'…' if start else ''}{cut.strip()}{'…' if start + len(cut) < len(text) else ''}"
