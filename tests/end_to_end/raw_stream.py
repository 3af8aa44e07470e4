"""A media stream by hand: messages as a test writes them, in no order but the test's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.phone import webhook
from app.phone.messages import SILENT_FRAME, StreamWriter, connected
from app.phone.twiml import ConnectStream, Verb
from app.phone.webhook import Parties
from tests.server import RunningServer


async def ring(server: RunningServer, parties: Parties) -> tuple[Verb, ...]:
    """A signed webhook; the verbs of the answer. Raises PhoneError."""
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"{server.public_url}/twilio/voice"
        return await webhook.post(client, server.address, url, webhook.form(parties, "ringing"))


async def token_of(server: RunningServer, parties: Parties) -> str:
    """Rings, and takes the stream's token out of the answer."""
    (verb, *_) = await ring(server, parties)
    assert isinstance(verb, ConnectStream)
    (token,) = verb.parameters.values()
    return token


class RawStream:
    """One socket; `writer` writes messages as Twilio would, `put` sends anything whatever."""

    def __init__(self, socket: ClientConnection, parties: Parties) -> None:
        self.socket = socket
        self.sid = f"MZ{parties.call_sid[2:]}"
        self.writer = StreamWriter(self.sid, parties.call_sid, parties.account_sid)
        self.received: list[dict[str, Any]] = []

    async def put(self, *messages: str | bytes | dict[str, Any]) -> None:
        for message in messages:
            await self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    async def start(self, token: str) -> None:
        await self.put(connected(), self.writer.start({"call_token": token}))

    async def silence(self, frames: int) -> None:
        """So many frames of silence, all at once."""
        await self.put(*(self.writer.media(SILENT_FRAME) for _ in range(frames)))

    async def next(self, event: str, within_s: float = 5.0) -> dict[str, Any]:
        """The server's next message of this kind."""
        async with asyncio.timeout(within_s):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                self.received.append(message)
                if message["event"] == event:
                    return message

    async def closed(self, within_s: float = 5.0) -> int | None:
        """Reads on until the server has closed the socket; its close code."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    self.received.append(json.loads(await self.socket.recv()))
        except ConnectionClosed:
            return self.socket.close_code


@asynccontextmanager
async def opened(server: RunningServer, parties: Parties, signature: str | None = None) -> AsyncIterator[RawStream]:
    """A stream's socket, signed as Twilio signs it unless another `signature` is given ('' for none at all)."""
    address = server.address
    public = f"ws{server.public_url.removeprefix('http')}/twilio/stream"
    signed = address.sign(public, {}) if signature is None else signature
    headers = {"x-twilio-signature": signed} if signed else {}
    async with connect(
        address.reach(public), additional_headers=headers, compression=None, proxy=None, ping_interval=None
    ) as socket:
        yield RawStream(socket, parties)
