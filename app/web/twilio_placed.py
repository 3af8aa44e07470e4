"""Twilio's webhooks for calls that we placed: how they stand, who answered, and what to do with who did.

Each brings the attempt's id in its address, which is signed with the rest; so an attempt is found even if whoever
dialled it died before writing down what the carrier calls it.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.carriers.placing import Report, ReportError
from app.carriers.protocol import IncomingCall, IncomingError
from app.dialling.outcome import Disposition
from app.dialling.progress import FINAL
from app.store import calls, orders
from app.store.attempts import (
    Told,
    apply_status,
    apply_verdict,
    attempt_of_sid,
    is_cancelled,
    note_end,
    record_sid,
)
from app.store.outbound_tables import CallAttemptRow
from app.store.scheduling import find_scheduled
from app.store.settling import find_attempt
from app.store.tables import CallRow
from app.web.reception import Reception
from app.web.twilio import NotTakenError, connect, signed_form, xml

_log = structlog.get_logger(__name__)


def build_router(reception: Reception) -> APIRouter:
    """The webhooks' routes."""
    router = APIRouter(prefix="/twilio", include_in_schema=False)

    @router.post("/status", status_code=204)
    async def status(request: Request) -> Response:
        form = await signed_form(request, reception)
        try:
            told = reception.carrier.parse_status(form)
        except ReportError as error:
            raise HTTPException(400, str(error)) from None
        await _take_status(reception, request.query_params.get("attempt"), told)
        return Response(status_code=204)

    @router.post("/amd", status_code=204)
    async def amd(request: Request) -> Response:
        form = await signed_form(request, reception)
        try:
            told = reception.carrier.parse_verdict(form)
        except ReportError as error:
            raise HTTPException(400, str(error)) from None
        await _take_verdict(reception, request.query_params.get("attempt"), told)
        return Response(status_code=204)

    @router.post("/voice/{attempt_id}")
    async def voice(request: Request, attempt_id: UUID) -> Response:
        form = await signed_form(request, reception)
        try:
            answered = reception.carrier.parse_incoming(form)
        except IncomingError as error:
            raise HTTPException(400, str(error)) from None
        return xml(await _answer_placed(reception, attempt_id, answered))

    return router


async def _take_status(reception: Reception, named: str | None, told: Report) -> None:
    policy, now = reception.placing.policy, reception.supervisor.clock.utc()
    async with reception.db.transaction() as session:
        attempt = await _attempt(session, named, told.call_sid)
        if attempt is None:
            _log.info("status_of_no_attempt", status=told.status)
            return
        said = Told(told.status, told.at or now, told.duration_s, told.answered_by)
        await apply_status(session, attempt.id, told.call_sid, said, policy, now)
    reception.placing.nudge()


async def _take_verdict(reception: Reception, named: str | None, told: Report) -> None:
    policy, now = reception.placing.policy, reception.supervisor.clock.utc()
    async with reception.db.transaction() as session:
        attempt = await _attempt(session, named, told.call_sid)
        if attempt is None or not await _same_call(session, attempt, told.call_sid, reception):
            return
        verdict = told.answered_by or "unknown"
        written = await apply_verdict(session, attempt.id, verdict, "carrier", policy, now)
        if not written and reception.has_others and await calls.still_active(session, [attempt.id]):
            await orders.give(session, attempt.id, "verdict", now, verdict)  # words were first
    reception.supervisor.answered_by(attempt.id, verdict)


async def _same_call(session: AsyncSession, attempt: CallAttemptRow, call_sid: str, reception: Reception) -> bool:
    """Is this message about the call that the attempt made? One whose name is not known yet gets it here."""
    if attempt.status in FINAL:
        return attempt.carrier_sid == call_sid
    now = reception.supervisor.clock.utc()
    return await record_sid(session, attempt.id, call_sid, reception.placing.policy, now)


async def _attempt(session: AsyncSession, named: str | None, call_sid: str) -> CallAttemptRow | None:
    try:
        found = await find_attempt(session, UUID(named)) if named else None
    except ValueError:
        found = None
    return found or await attempt_of_sid(session, call_sid)


async def _answer_placed(reception: Reception, attempt_id: UUID, answered: IncomingCall) -> str:
    """The TwiML for somebody who has picked up: our stream; or the end, for a call that is nobody's any more."""
    policy, now = reception.placing.policy, reception.supervisor.clock.utc()
    async with reception.db.transaction() as session:
        attempt = await find_attempt(session, attempt_id)
        if attempt is None:
            raise HTTPException(404, "There is no such call.")
        if not await _same_call(session, attempt, answered.call_sid, reception):
            _log.error("answered_call_is_nobodys", attempt=str(attempt_id))
            return reception.carrier.after_stream()
        if await is_cancelled(session, attempt_id):  # and the carrier could not be told, or not in time
            await note_end(session, attempt_id, Disposition.CANCELLED)
            return reception.carrier.after_stream()
        await apply_status(session, attempt_id, answered.call_sid, Told("in-progress", now), policy, now)
        persona = (await find_scheduled(session, attempt.scheduled_call_id)).persona

    async def row(session: AsyncSession, incoming: IncomingCall, reception: Reception) -> CallRow:
        return await calls.admit(
            session,
            call_id=attempt_id,
            call_sid=incoming.call_sid,
            direction="outbound",
            from_number=incoming.from_,
            to_number=incoming.to,
            persona=reception.supervisor.casting.persona(persona).id,
            machine=reception.machine,
            now=reception.supervisor.clock.utc(),
        )

    try:
        return await connect(answered, reception, row)
    except NotTakenError:
        await _not_talked_with(reception, attempt_id)
        return reception.carrier.sorry()


async def _not_talked_with(reception: Reception, attempt_id: UUID) -> None:
    """Whoever picked up found no line of ours: that is no talk, and the plan goes on."""
    try:
        async with reception.db.transaction() as session:
            await note_end(session, attempt_id, Disposition.LINES_FULL)
    except Exception as error:  # they are told all the same; the database may be what is away
        _log.error("lines_full_not_noted", attempt=str(attempt_id), error=type(error).__name__)
