"""The media stream's socket: a thin shell that checks who is there, then passes messages to the call and back."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from uuid import UUID

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.carriers.legs import carrier_sid
from app.carriers.protocol import (
    DigitPressed,
    MarkReturned,
    MediaArrived,
    Rejected,
    StreamDecoder,
    StreamStarted,
    StreamStopped,
)
from app.carriers.tokens import TokenError
from app.carriers.twiml import TOKEN_PARAMETER
from app.dialogue.flow import Beginning
from app.runtime.coming_back import beginning_for
from app.runtime.line import Line
from app.runtime.runner import CallRunner
from app.runtime.transferring import hand_over
from app.runtime.verdicts import verdict_looked_for
from app.store import calls
from app.web.elsewhere import turn_away
from app.web.reception import Reception

START_S = 10.0
"""A stream that has not started by then is not a carrier's."""
CLOSE_S = 3.0
CLAIM_S = 3.0
"""A caller hears nothing meanwhile, so the database is not waited for as long as it may take."""
POLICY, NORMAL, FAULT = 1008, 1000, 1011

_log = structlog.get_logger(__name__)


class ClaimFailedError(Exception):
    """The database did not say in time whose stream this is."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call whose stream has been claimed."""

    call_id: UUID
    call_sid: str
    persona: str
    beginning: Beginning


_claims: set[asyncio.Task[Admitted | None]] = set()


def build_router(reception: Reception) -> APIRouter:
    """The stream's route."""
    router = APIRouter()

    @router.websocket("/twilio/stream")
    async def stream(socket: WebSocket) -> None:
        signature = socket.headers.get("x-twilio-signature")
        if not reception.carrier.verify_upgrade(reception.stream_url, signature, reception.auth_token):
            _log.warning("stream_refused", why="signature")
            await socket.close(POLICY)  # before it is accepted, so the handshake itself is answered with 403
            return
        await socket.accept()
        await _serve(socket, reception)

    return router


async def _serve(socket: WebSocket, reception: Reception) -> None:
    decoder = reception.carrier.decoder()
    started = admitted = None
    code = POLICY
    try:
        async with asyncio.timeout(START_S):
            started = await _started(socket, decoder)
        admitted = started and await _claim(started, reception)
    except TimeoutError:
        _log.warning("stream_refused", why="no start")
    except Exception as error:  # the carrier goes on to our next instructions only when its stream is closed
        code = FAULT
        _log.error("stream_refused", why="fault", error=type(error).__name__)
    if not started or not admitted:
        await _close(socket, code)
        return
    reason = "fault"
    try:
        runner = reception.supervisor.begin(admitted.call_id, admitted.persona, admitted.beginning)
        runner.connect(Line(reception.carrier, started.stream_sid, socket.send_text, runner.line_lost))
        placed = bool(admitted.beginning.voicemail)
        async with verdict_looked_for(reception.db, admitted.call_id, runner, placed=placed):
            reason = await _converse(socket, decoder, runner)
        if placed and runner.ended.is_set():  # the carrier's word that the call is over must not be faster than ours
            await reception.supervisor.written(admitted.call_id)
        await _hand_over(runner, admitted, reception)
    finally:
        reception.supervisor.closing(admitted.call_id)
        try:
            await _close(socket, NORMAL)
        finally:
            await reception.supervisor.finish(admitted.call_id, admitted.call_sid, reason)


async def _hand_over(runner: CallRunner, admitted: Admitted, reception: Reception) -> None:
    """If a person is to take the call over, that is written down before the carrier can ask what comes next."""
    if runner.handover is None:
        return
    now = reception.supervisor.clock.utc()
    if not await hand_over(reception.db, admitted.call_id, runner.handover, now):
        runner.end_reason = "fault"


async def _started(socket: WebSocket, decoder: StreamDecoder) -> StreamStarted | None:
    """The stream's start; None if the socket closes before."""
    while (raw := await _receive(socket)) is not None:
        event = decoder.decode(raw)
        if isinstance(event, StreamStarted):
            return event
    return None


async def _claim(started: StreamStarted, reception: Reception) -> Admitted | None:
    """The call that this stream's token was made for, once, with its slot held; None for any other stream.

    Raises ClaimFailedError if the database does not say so in time.
    """
    supervisor = reception.supervisor
    try:
        token = reception.tokens.read(started.parameters.get(TOKEN_PARAMETER, ""), supervisor.clock.utc().timestamp())
    except TokenError as error:
        _log.warning("stream_refused", why=f"token {error.kind}")
        return None
    if carrier_sid(token.call_sid) != started.call_sid:
        _log.warning("stream_refused", why="token of another call")
        return None
    # Held before the database is asked: while it is, the slot could run out and be given to someone else.
    if not _hold(token.call_sid, reception):
        _log.warning("stream_refused", why="no slot, or another stream has it")
        if reception.has_others and not supervisor.admission.has(token.call_sid, supervisor.clock.now()):
            await turn_away(reception, UUID(token.call_id))
        return None
    admitted = None
    try:
        admitted = await _claim_in_time(UUID(token.call_id), started.stream_sid, reception)
    finally:
        if admitted is None:
            supervisor.admission.release(token.call_sid)
    return admitted


def _hold(call_sid: str, reception: Reception) -> bool:
    """The slot that was kept for this stream; or, if another machine may have answered its webhook, one of ours, as
    long as there is one. Whether the token was used before is the database's to say."""
    admission, now = reception.supervisor.admission, reception.supervisor.clock.now()
    if admission.hold(call_sid, now):
        return True
    return reception.has_others and admission.take(call_sid, now) and admission.hold(call_sid, now)


async def _claim_in_time(call_id: UUID, stream_sid: str, reception: Reception) -> Admitted | None:
    """A task of its own that is never cancelled: a driver that waits for a lock does not come back before it has it,
    and cancelled in its midst it may not come back at all. Given up, it ends by itself and changes nothing."""
    given_up = asyncio.Event()
    task = asyncio.create_task(_claim_row(call_id, stream_sid, reception, given_up))
    _claims.add(task)  # the loop itself holds its tasks weakly
    task.add_done_callback(_claim_over)
    done: set[asyncio.Task[Admitted | None]] = set()
    try:
        done, _ = await asyncio.wait({task}, timeout=CLAIM_S)
    finally:
        if not done:
            given_up.set()
    if not done:
        raise ClaimFailedError
    return task.result()


def _claim_over(task: asyncio.Task[Admitted | None]) -> None:
    _claims.discard(task)
    if not task.cancelled():
        task.exception()  # taken note of here, for nobody may be left to ask


async def _claim_row(call_id: UUID, stream_sid: str, reception: Reception, given_up: asyncio.Event) -> Admitted | None:
    """In the database, and in one statement: only there a token's single use holds across machines and restarts."""
    async with reception.db.transaction() as session:
        row = await calls.get_call(session, call_id)
        supervisor, machine = reception.supervisor, reception.machine
        now = supervisor.clock.utc()
        if row is None or not await calls.claim_stream(session, call_id, stream_sid, now, machine):
            _log.warning("stream_refused", why="token used")
            return None
        persona = supervisor.casting.persona(row.persona)
        flow = supervisor.casting.flows[persona.id]
        beginning = await beginning_for(session, row, persona, flow, supervisor.clock.utc())
        if given_up.is_set():
            raise ClaimFailedError  # undoes the claim: the row rings on, and housekeeping lets it expire
        return Admitted(call_id, row.call_sid, row.persona, beginning)


async def _converse(socket: WebSocket, decoder: StreamDecoder, runner: CallRunner) -> str:
    """Pass messages on until the stream stops, the socket is lost, or the call has ended; returns why."""
    reading = asyncio.create_task(_read(socket, decoder, runner))
    ended = asyncio.create_task(runner.ended.wait())
    try:
        await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
        return await reading if reading.done() else "completed"
    finally:
        for task in (reading, ended):
            task.cancel()
        await asyncio.gather(reading, ended, return_exceptions=True)


async def _read(socket: WebSocket, decoder: StreamDecoder, runner: CallRunner) -> str:
    while (raw := await _receive(socket)) is not None:
        event = decoder.decode(raw)
        if isinstance(event, MediaArrived):
            runner.media(event.payload, event.timestamp_ms)
        elif isinstance(event, MarkReturned):
            runner.mark(event.name)
        elif isinstance(event, DigitPressed):
            runner.digit(event.digit)
        elif isinstance(event, StreamStopped):
            return "caller-hung-up"
        elif isinstance(event, Rejected):
            runner.reject(event.reason)
    return "line-lost"


async def _receive(socket: WebSocket) -> str | bytes | None:
    """The next message; None once the socket is closed."""
    message = await socket.receive()
    if message["type"] != "websocket.receive":
        return None
    text: str | None = message.get("text")
    return text if text is not None else message.get("bytes", b"")


async def _close(socket: WebSocket, code: int) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await socket.close(code)
