"""Twilio's webhooks: each request is signed, and nothing is stored or taken before its signature has been checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.carriers.protocol import IncomingCall, IncomingError
from app.personas.schema import Persona
from app.runtime.interviews import BrokenOff, broken_off, candidate_key
from app.store import calls, numbers
from app.store.tables import CallRow
from app.web.elsewhere import closed
from app.web.reception import Reception

LARGEST_FORM_BYTES = 64_000
"""Twilio's own requests have under two thousand."""
CLOSING_S = 6.0
"""A call's last words are waited for 4 s at its end; Twilio gives a webhook 15 s."""


class NotTakenError(Exception):
    """The call cannot be talked on now; `document` is what to say to somebody who rang us."""

    def __init__(self, document: str) -> None:
        super().__init__("no line is free, or the call cannot be stored")
        self.document = document


Rows = Callable[[AsyncSession, IncomingCall, Reception], Awaitable[CallRow]]

_log = structlog.get_logger(__name__)


async def signed_form(request: Request, reception: Reception) -> Mapping[str, str]:
    """The request's form, if its signature is Twilio's. Raises HTTPException 403, or 413 for what is no webhook."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            raise HTTPException(413, "A webhook is smaller than this.")
    form = reception.parse_form(bytes(body), request.headers.get("content-type", ""))
    url = f"{reception.public_url}{request.url.path}"
    if request.url.query:
        url = f"{url}?{request.url.query}"
    signature = request.headers.get("x-twilio-signature")
    if form is None or not reception.carrier.verify_webhook(url, form, signature, reception.auth_token):
        _log.warning("webhook_refused", path=request.url.path)
        raise HTTPException(403, "The signature does not match: check TWILIO_AUTH_TOKEN and PUBLIC_URL.")
    return form


def build_router(reception: Reception) -> APIRouter:
    """The webhooks' routes."""
    router = APIRouter(prefix="/twilio", include_in_schema=False)

    @router.post("/voice")
    async def voice(request: Request) -> Response:
        form = await signed_form(request, reception)
        try:
            incoming = reception.carrier.parse_incoming(form)
        except IncomingError as error:
            raise HTTPException(400, str(error)) from None
        return xml(await answer(incoming, reception))

    return router


async def answer(incoming: IncomingCall, reception: Reception) -> str:
    """The TwiML for an incoming call: our stream, or a polite refusal. Raises HTTPException 403 for a replayed one."""
    try:
        return await connect(incoming, reception, _row)
    except NotTakenError as refusal:
        return refusal.document


async def connect(incoming: IncomingCall, reception: Reception, row: Rows) -> str:
    """The TwiML that connects a call to our stream; `row` stores the call, or finds it. Raises NotTakenError, and
    HTTPException 403 for a replayed one."""
    supervisor, carrier = reception.supervisor, reception.carrier
    if not supervisor.open:
        raise NotTakenError(carrier.unavailable())
    now = supervisor.clock.now()
    had_slot = supervisor.admission.has(incoming.call_sid, now)
    if not supervisor.admission.take(incoming.call_sid, now):
        await _store_busy(incoming, reception, row)
        raise NotTakenError(carrier.busy())
    supervisor.ringing()
    try:
        call_id = await _admit(incoming, reception, row)
    except HTTPException:
        if not had_slot:  # a replayed webhook must not keep a line busy
            supervisor.admission.give_back(incoming.call_sid)
        raise
    except Exception as error:  # without its row a call would leave no trace: better none than that
        if not had_slot:
            supervisor.admission.give_back(incoming.call_sid)
        _log.error("call_not_admitted", error=type(error).__name__)
        raise NotTakenError(carrier.unavailable()) from None
    token = reception.tokens.mint(str(call_id), incoming.call_sid, supervisor.clock.utc().timestamp())
    return carrier.answer(
        reception.stream_url, f"{reception.public_url}/twilio/after-stream?call={call_id}", token, f"parley-{call_id}"
    )


async def _admit(incoming: IncomingCall, reception: Reception, row: Rows) -> UUID:
    if row is _row:
        await _until_closed(incoming, reception)
    async with reception.db.transaction() as session:
        call = await row(session, incoming, reception)
    if call.status != "ringing":
        _log.warning("webhook_replayed", call=str(call.id))
        raise HTTPException(403, "This call was answered before.")
    return call.id


async def _persona(session: AsyncSession, incoming: IncomingCall, reception: Reception) -> Persona:
    return reception.supervisor.casting.persona(await numbers.persona_for(session, incoming.to))


async def _store_busy(incoming: IncomingCall, reception: Reception, row: Rows) -> None:
    """Someone found all lines taken: the operator should see that."""
    now = reception.supervisor.clock.utc()
    try:
        async with reception.db.transaction() as session:
            call = await row(session, incoming, reception)
            await calls.finish(
                session, call.id, status="busy", end_reason="all-lines-busy", ended_at=now, duration_s=0.0
            )
    except Exception as error:  # the caller gets the polite answer all the same
        _log.error("busy_call_not_stored", error=type(error).__name__)


async def _until_closed(incoming: IncomingCall, reception: Reception) -> None:
    """Someone who rings again at once takes up what their last call is still writing down."""
    async with reception.db.reading() as session:
        found = await _broken_off(session, incoming, reception, locked=False)
    if found is not None and found.busy:
        await closed(reception, found.busy, CLOSING_S)


async def _broken_off(
    session: AsyncSession, incoming: IncomingCall, reception: Reception, *, locked: bool
) -> BrokenOff | None:
    persona = await _persona(session, incoming, reception)
    key = candidate_key("inbound", incoming.from_, incoming.to)
    return await broken_off(session, persona, key, reception.supervisor.clock.utc(), locked=locked)


async def _row(session: AsyncSession, incoming: IncomingCall, reception: Reception) -> CallRow:
    persona = await _persona(session, incoming, reception)
    found = await _broken_off(session, incoming, reception, locked=True)
    return await calls.admit(
        session,
        call_id=uuid4(),
        call_sid=incoming.call_sid,
        direction="inbound",
        from_number=incoming.from_,
        to_number=incoming.to,
        persona=persona.id,
        machine=reception.machine,
        now=reception.supervisor.clock.utc(),
        conversation_id=found.conversation if found is not None and not found.busy else None,
    )


def xml(document: str) -> Response:
    """TwiML as a response."""
    return Response(document, media_type="text/xml")
