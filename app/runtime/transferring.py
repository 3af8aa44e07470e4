"""A call that is handed over to a person: what is written down before the line leaves us."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog

from app.call.actions import HangUp, Transfer
from app.call.history import Said
from app.personas.schema import INTERVIEW, Persona
from app.store import transfers
from app.store.engine import Database

WRITE_S = 4.0
"""The caller waits, and the carrier asks only once: longer than any healthy database takes."""
_A_MATTER = 3
"""Words; in fewer nobody says what they are calling about."""
_LONGEST_ABOUT = 200

_log = structlog.get_logger(__name__)
_writing: set[asyncio.Task[None]] = set()


@dataclass(frozen=True, slots=True)
class Handover:
    """`by`: what asked for the person (`words`, `key`, `model`). `parked`: what the flow needs to go on, should the
    call come back. `about`: what the person is told that the caller wants."""

    number: str = field(repr=False)
    by: str
    about: str = field(repr=False)
    parked: dict[str, Any] | None = field(repr=False)


def handover_of(
    persona: Persona, end: HangUp | Transfer, history: Iterable[Said], parked: dict[str, Any] | None
) -> Handover | None:
    """What is known when the last sentence was heard; None for a call that ends, or that nobody can take over."""
    if persona.transfer is None or not isinstance(end, Transfer):
        return None
    by, said = end.by, [line.text for line in history if line.role == "caller"]
    return Handover(persona.transfer.number, by, _about(persona, said[:-1] if by == "words" else said), parked)


def _about(persona: Persona, said: list[str]) -> str:
    """The last thing that the caller said at any length. An answer in an interview is nobody else's business."""
    if persona.flow == INTERVIEW:
        return "nothing yet, for they were in an interview."
    matter = next((text for text in reversed(said) if len(text.split()) >= _A_MATTER), "")
    return matter[:_LONGEST_ABOUT] or "nothing yet."


async def hand_over(db: Database, call_id: UUID, handover: Handover, now: datetime) -> bool:
    """Write down whom to ring, so that whichever machine is asked next knows it. False if that failed.

    In a task of its own that is never cancelled: a driver cancelled in its midst may not come back.
    """
    task = asyncio.create_task(_written(db, call_id, handover, now))
    _writing.add(task)
    task.add_done_callback(_writing.discard)
    done, _ = await asyncio.wait({task}, timeout=WRITE_S)
    error = task.exception() if done else TimeoutError()
    if error is not None:
        _log.error("transfer_not_written", call=str(call_id), error=type(error).__name__)
    return error is None


async def _written(db: Database, call_id: UUID, handover: Handover, now: datetime) -> None:
    async with db.transaction() as session:
        await transfers.ask(
            session,
            id_=uuid4(),
            call_id=call_id,
            number=handover.number,
            asked_by=handover.by,
            about=handover.about,
            parked=handover.parked,
            now=now,
        )
