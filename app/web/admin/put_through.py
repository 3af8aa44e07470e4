"""Persons who were asked to take a call over, as its page tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.store.transfer_tables import TransferRow
from app.web.admin.words import Said, duration

_ENDS: Mapping[str, Said] = {
    "asked": Said("About to be put through", "live"),
    "ringing": Said("A person is being rung", "live"),
    "picked-up": Said("Somebody has picked up", "live"),
    "taken": Said("Somebody has taken the call", "live"),
    "no-answer": Said("Nobody answered", "attention"),
    "busy": Said("The line was busy", "attention"),
    "declined": Said("Whoever picked up did not take the call", "attention"),
    "failed": Said("The number could not be reached", "bad"),
    "caller-gone": Said("The caller hung up first", "plain"),
    "lost": Said("The carrier did not tell how it went", "attention"),
}
_ASKED_BY: Mapping[str, str] = {
    "words": "the caller asked for a person",
    "key": "the caller pressed the key for a person",
    "model": "the model took it that they want a person",
}


@dataclass(frozen=True, slots=True)
class PutThrough:
    """`why`: who asked. `back`: the call as which it came back to the agent."""

    ended: Said
    number: str
    why: str
    when: datetime
    back: UUID | None


def put_through_of(rows: Iterable[TransferRow]) -> list[PutThrough]:
    """As the page has them, the first one first."""
    return [
        PutThrough(_ended(row), row.number, _ASKED_BY.get(row.asked_by, ""), row.asked_at, row.back_call_id)
        for row in rows
    ]


def _ended(row: TransferRow) -> Said:
    if row.status == "answered":
        lasted = f" for {duration(row.duration_s)}" if row.duration_s is not None else ""
        return Said(f"Talked with a person{lasted}", "good")
    return _ENDS.get(row.status, Said(row.status, "plain"))
