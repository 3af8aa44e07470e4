"""A call's page: who rang whom, how it ended, the recording as a picture, and what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from app.store import transfers
from app.store.calls import get_call
from app.store.interview_list import interview_in
from app.store.tables import ACTIVE, CallRow
from app.store.transcripts import events_of, segments_of, turn_metrics_of
from app.store.usage import usage_of
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.money import call_cost
from app.web.admin.office import Desk
from app.web.admin.put_through import put_through_of
from app.web.admin.transcript import Entry, LineView, entries_of
from app.web.admin.turns import turns_of
from app.web.admin.waveform import COLUMNS, LANE, Waveform
from app.web.admin.words import Said, ending, line_quality

NO_CALL = TroubleError(404, "There is no such call", "Its address may be mistyped. All calls are in the list.")


@dataclass(frozen=True, slots=True)
class CallView:
    """The head of a call's page."""

    id: UUID
    call_sid: str
    inbound: bool
    from_number: str
    to_number: str
    persona: str
    when: datetime
    duration_s: float | None
    running: bool
    ended: Said
    line: list[Said]


async def call_of(request: Request, session: AsyncSession) -> CallRow:
    """The call that the address names. Raises TroubleError."""
    row = await get_call(session, request.path_params["call_id"])
    if row is None:
        raise NO_CALL
    return row


def agent_of(call: CallRow, desk: Desk) -> str:
    """Who spoke for us, by name."""
    persona = desk.office.personas.get(call.persona)
    return persona.name if persona else call.persona


async def show(request: Request, desk: Desk) -> Response:
    """The page, whether the call still runs or has ended."""
    async with desk.office.db.reading() as session:
        call = await call_of(request, session)
        segments = await segments_of(session, call.id)
        events = await events_of(session, call.id)
        measured = await turn_metrics_of(session, call.id)
        uses = await usage_of(session, call.id)
        interview = await interview_in(session, call.conversation_id)
        people = await transfers.transfers_of(session, [call.id])
        came_back = await transfers.came_back_as(session, call.id)
    view = view_of(call)
    agent = agent_of(call, desk)
    entries = entries_of(segments, events, agent, over=not view.running)
    wave = None if view.running else await desk.waveforms.of(call.id, desk.office.archive)
    context: dict[str, Any] = {
        "call": view,
        "agent": agent,
        "entries": entries,
        "wave": wave,
        "blocks": blocks_of(entries, wave),
        "columns": COLUMNS,
        "lane": LANE,
        "turns": turns_of(measured),
        "cost": call_cost(uses),
        "interview": interview,
        "people": put_through_of(people),
        "left_as": came_back.call_id if came_back else None,
        "has_timeline": bool(await desk.office.archive.having("timeline", [call.id])),
    }
    return desk.pages.page("call.html", token=token_of(request, desk), **context)


def view_of(call: CallRow) -> CallView:
    """A call's row as the page's head."""
    return CallView(
        id=call.id,
        call_sid=call.call_sid,
        inbound=call.direction == "inbound",
        from_number=call.from_number,
        to_number=call.to_number,
        persona=call.persona,
        when=call.created_at,
        duration_s=call.duration_s if call.started_at else None,
        running=call.status in ACTIVE,
        ended=ending(call.status, call.end_reason),
        line=line_quality(call.line_quality),
    )


def blocks_of(entries: Sequence[Entry], wave: Waveform | None) -> Mapping[str, str]:
    """Where the lines lie in the picture, as the `d` of one SVG path for each lane."""
    blocks = {"caller": "", "agent": ""}
    if wave is None or not wave.duration_ms:
        return blocks
    scale = COLUMNS / wave.duration_ms
    for line in entries:
        if isinstance(line, LineView) and line.role in blocks:
            width = (min(line.ended_ms, wave.duration_ms) - line.started_ms) * scale
            if width > 0:
                blocks[line.role] += f"M{line.started_ms * scale:.1f} 0h{width:.1f}v{LANE}h-{width:.1f}z"
    return blocks
