"""Where a call begins that comes back from a person whom nobody could reach: in the talk that it left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.carriers.legs import carrier_sid
from app.dialogue.flow import Beginning, Flow, Message
from app.personas.schema import Persona
from app.runtime.interviews import beginning_of
from app.store import transfers
from app.store.calls import by_sid
from app.store.tables import CallRow
from app.store.transcripts import segments_of

MOST_LINES = 60
"""Of the talk before: what a model can use, and a caller remembers."""

_log = structlog.get_logger(__name__)


async def beginning_for(session: AsyncSession, call: CallRow, persona: Persona, flow: Flow, now: datetime) -> Beginning:
    """Where the call's talk begins."""
    transfer = await transfers.came_back_as(session, call.id)
    first = await by_sid(session, carrier_sid(call.call_sid))
    if transfer is None or persona.transfer is None or first is None:
        return await beginning_of(session, call, persona, flow, now)
    beginning = await beginning_of(session, first, persona, flow, now)  # whom it was arranged for is known of that one
    said, line = await _said_before(session, call), persona.transfer.nobody
    back = replace(beginning, returned=line, parked=transfer.parked, before=said, voicemail="")
    try:
        flow.start(back)
    except Exception as error:  # of another version of ours: then the words alone are known
        _log.warning("parked_state_not_understood", call=str(call.id), error=type(error).__name__)
        return replace(back, parked=None)
    return back


async def _said_before(session: AsyncSession, call: CallRow) -> tuple[Message, ...]:
    """What was heard of the same conversation before this call."""
    earlier = select(CallRow).where(
        col(CallRow.conversation_id) == call.conversation_id, col(CallRow.created_at) < call.created_at
    )
    said: list[Message] = []
    for row in (await session.scalars(earlier.order_by(col(CallRow.created_at)))).all():
        for line in await segments_of(session, row.id):
            text = line.heard_text or (line.text if line.role == "caller" else "")
            if text and line.role != "system":
                said.append(Message("agent" if line.role == "agent" else "caller", text, line.interrupted))
    return tuple(said[-MOST_LINES:])
