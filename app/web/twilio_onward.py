"""Twilio's webhooks for what comes after a stream: the end, a person who takes the call over, or the agent again.

    stream ends → /after-stream?call=… → <Dial> → person picks up → /whisper?transfer=… → joined
                                          └ over → /after-stream?transfer=… → the end, or our stream once more

Messages may come twice, late or in another order: each is answered by what the transfer's row says
(`app.store.transfers`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.carriers.legs import carrier_sid, next_leg
from app.carriers.onward import Onward, StreamOver
from app.carriers.protocol import IncomingCall, IncomingError
from app.dialling.outcome import Disposition
from app.personas.schema import Persona
from app.personas.transfer import Transfer
from app.store import calls, transfers
from app.store.attempts import note_end
from app.store.tables import CallRow
from app.store.transfer_tables import TransferRow
from app.web.elsewhere import closed, refusal
from app.web.reception import Reception
from app.web.twilio import CLOSING_S, NotTakenError, Rows, connect, signed_form, xml

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

_log = structlog.get_logger(__name__)


def build_router(reception: Reception) -> APIRouter:
    """The webhooks' routes."""
    router = APIRouter(prefix="/twilio", include_in_schema=False)

    @router.post("/after-stream")
    async def after_stream(request: Request) -> Response:
        form = await signed_form(request, reception)
        try:
            told = reception.carrier.parse_stream_over(form)
            incoming = reception.carrier.parse_incoming(form)
        except IncomingError:
            return xml(reception.carrier.after_stream())
        transfer = _id(request.query_params.get("transfer"))
        if transfer is not None:
            return xml(await _after_person(reception, transfer, told, incoming))
        return xml(await _after_stream(reception, _id(request.query_params.get("call")), told))

    @router.post("/whisper")
    async def whisper(request: Request) -> Response:
        await signed_form(request, reception)
        transfer = _id(request.query_params.get("transfer"))
        if transfer is None:
            raise HTTPException(404, "There is no such call.")
        return xml(await _whisper(reception, transfer, taken="taken" in request.query_params))

    return router


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


async def _after_stream(reception: Reception, call_id: UUID | None, told: StreamOver) -> str:
    """The talk with the agent is over: the caller is put through if they are to be, else that was all."""
    now = reception.supervisor.clock.utc()
    async with reception.db.transaction() as session:
        call = await calls.get_call(session, call_id) if call_id else await calls.by_sid(session, told.call_sid)
        if call is None or carrier_sid(call.call_sid) != told.call_sid:
            return reception.carrier.after_stream()
        if (turned_away := refusal(reception, call)) is not None:
            return turned_away
        if call.stream_sid is None and not told.over:  # they picked up, heard nothing, and have not hung up either
            await note_end(session, call.id, Disposition.FAILED)
            return reception.carrier.after_stream()
        asked = list(await transfers.transfers_of(session, [call.id]))
        person = _persona(reception, call).transfer
        if not asked or person is None:
            return reception.carrier.after_stream()
        if told.over:
            await transfers.end(session, asked[-1].id, "caller-gone", now)
            return reception.carrier.after_stream()
        if not await transfers.rings(session, asked[-1].id, now):
            return reception.carrier.after_stream()
    return reception.carrier.transfer(_onward(reception, asked[-1], call, person))


def _persona(reception: Reception, call: CallRow) -> Persona:
    return reception.supervisor.casting.persona(call.persona)


def _onward(reception: Reception, asked: TransferRow, call: CallRow, person: Transfer) -> Onward:
    """Carriers let nobody be shown but a number of the account's own: the one that was rung, or rang."""
    ours = call.to_number if call.direction == "inbound" else call.from_number
    here = f"{reception.public_url}/twilio"
    return Onward(
        number=asked.number,
        caller_id=ours if _E164.fullmatch(ours) else None,
        ring_s=person.ring_s,
        maximum_s=person.maximum_s,
        whisper_url=f"{here}/whisper?transfer={asked.id}",
        after_url=f"{here}/after-stream?transfer={asked.id}",
    )


async def _whisper(reception: Reception, transfer_id: UUID, *, taken: bool) -> str:
    """The person has picked up; or, once they pressed a key, has taken the call."""
    now = reception.supervisor.clock.utc()
    async with reception.db.transaction() as session:
        if not await transfers.picked_up(session, transfer_id, now):
            return reception.carrier.after_stream()
        if taken:
            await transfers.taken(session, transfer_id)
        asked = await transfers.find(session, transfer_id)
        call = await calls.get_call(session, asked.call_id) if asked else None
    if asked is None or call is None:
        return reception.carrier.after_stream()
    persona = _persona(reception, call)
    if taken or persona.transfer is None:
        return reception.carrier.joined()
    taken_url = f"{reception.public_url}/twilio/whisper?transfer={transfer_id}&taken=1"
    text = persona.transfer.whisper.replace("{caller}", _spoken(call)).replace("{about}", asked.about)
    language = persona.language if "-" in persona.language else ""
    return reception.carrier.whisper(text, language, taken_url if persona.transfer.confirm else None)


def _spoken(call: CallRow) -> str:
    """The other side's number, digit by digit."""
    number = call.from_number if call.direction == "inbound" else call.to_number
    return " ".join(number[1:]) if _E164.fullmatch(number) else "a withheld number"


async def _after_person(reception: Reception, transfer_id: UUID, told: StreamOver, incoming: IncomingCall) -> str:
    """Somebody was rung: either the two have talked, or the caller is the agent's again."""
    now = reception.supervisor.clock.utc()
    end = "caller-gone" if told.over and told.end != "answered" else told.end or "failed"
    async with reception.db.transaction() as session:
        asked = await transfers.find(session, transfer_id)
        call = await calls.get_call(session, asked.call_id) if asked else None
        if asked is None or call is None or carrier_sid(call.call_sid) != told.call_sid:
            return reception.carrier.after_stream()
        person = _persona(reception, call).transfer
        if end == "answered" and asked.status != "taken" and person is not None and person.confirm:
            end = "declined"  # whoever picked up pressed no key, whether the carrier tells of it or not
        await transfers.end(session, transfer_id, end, now, told.duration_s if end == "answered" else None)
        asked = await transfers.find(session, transfer_id)
        settled = asked.status if asked else end
    leg = next_leg(call.call_sid)
    if settled in ("answered", "caller-gone") or told.over:
        return reception.carrier.after_stream()
    if leg is None:
        _log.error("transferred_too_often", call=str(call.id))
        return reception.carrier.unavailable()
    await closed(reception, (call.id,), CLOSING_S)
    try:
        return await connect(replace(incoming, call_sid=leg), reception, _coming_back(transfer_id, call, leg, now))
    except NotTakenError as refusal:
        return refusal.document


def _coming_back(transfer_id: UUID, before: CallRow, leg: str, now: datetime) -> Rows:
    """Stores the call that goes on with the agent, in the conversation that it left."""

    async def row(session: AsyncSession, _: IncomingCall, reception: Reception) -> CallRow:
        back = await calls.admit(
            session,
            call_id=uuid4(),
            call_sid=leg,
            direction="inbound" if before.direction == "inbound" else "outbound",
            from_number=before.from_number,
            to_number=before.to_number,
            persona=before.persona,
            machine=reception.machine,
            now=now,
            conversation_id=before.conversation_id,
        )
        await transfers.comes_back(session, transfer_id, back.id)
        return back

    return row
