"""A server to ring: a webhook, a media stream and an after-stream, each doing what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.carriers.protocol import MarkReturned, StreamEvent, StreamStarted
from app.carriers.twilio import Twilio
from app.carriers.twilio_signature import stream_url, webhook_url

TOKEN = "auth-token"


class Session:
    """One media stream, as the server's side sees it."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.events: list[StreamEvent] = []
        self.stream_sid = ""
        self._twilio = Twilio()
        self._decoder = self._twilio.decoder()

    async def next(self) -> StreamEvent:
        event = self._decoder.decode(await self.socket.receive_text())
        self.events.append(event)
        if isinstance(event, StreamStarted):
            self.stream_sid = event.stream_sid
        return event

    async def until(self, wanted: Callable[[StreamEvent], bool]) -> StreamEvent:
        while not wanted(event := await self.next()):
            pass
        return event

    async def media(self, mulaw: bytes) -> None:
        await self.socket.send_text(self._twilio.encode_media(self.stream_sid, mulaw))

    async def mark(self, name: str) -> None:
        await self.socket.send_text(self._twilio.encode_mark(self.stream_sid, name))

    async def clear(self) -> None:
        await self.socket.send_text(self._twilio.encode_clear(self.stream_sid))

    async def say(self, mulaw: bytes, name: str) -> None:
        """Sound and a mark behind it; returns when that has come back."""
        await self.media(mulaw)
        await self.mark(name)
        await self.until(lambda event: event == MarkReturned(name))


class StandIn:
    """`talk` is run for each stream; when it returns the socket is closed. What was asked is in `requests`."""

    def __init__(self, talk: Callable[[Session], Awaitable[None]] | None = None) -> None:
        self.url = ""
        self.talk = talk
        self.voice: Callable[[], str | Response] = self.answer
        self.after: Callable[[], str | Response] = Twilio().after_stream
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.sessions: list[Session] = []
        self.refused = 0

    def answer(self) -> str:
        return Twilio().answer(stream_url(self.url), webhook_url(self.url, "/twilio/after-stream"), "key", "call")

    async def _webhook(self, request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).items()}
        url = webhook_url(self.url, request.url.path)
        if not Twilio().verify_webhook(url, form, request.headers.get("x-twilio-signature"), TOKEN):
            self.refused += 1
            return Response(status_code=403)
        self.requests.append((request.url.path, form))
        result = (self.voice if request.url.path == "/twilio/voice" else self.after)()
        return result if isinstance(result, Response) else Response(result, media_type="text/xml")

    async def _stream(self, socket: WebSocket) -> None:
        if not Twilio().verify_upgrade(stream_url(self.url), socket.headers.get("x-twilio-signature"), TOKEN):
            self.refused += 1
            await socket.close()
            return
        await socket.accept()
        session = Session(socket)
        self.sessions.append(session)
        try:
            await session.until(lambda event: isinstance(event, StreamStarted))
            if self.talk is not None:
                await self.talk(session)
            await socket.close()
        except WebSocketDisconnect:
            pass

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/twilio/voice", self._webhook, methods=["POST"]),
                Route("/twilio/after-stream", self._webhook, methods=["POST"]),
                WebSocketRoute("/twilio/stream", self._stream),
            ]
        )


@asynccontextmanager
async def running(server: StandIn) -> AsyncIterator[StandIn]:
    config = uvicorn.Config(server.app(), port=0, ws="websockets-sansio", lifespan="off", log_level="critical")
    shell = uvicorn.Server(config)
    task = asyncio.create_task(shell.serve())
    while not shell.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.005)
    server.url = f"http://127.0.0.1:{shell.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        shell.should_exit = True
        await task
