"""Twilio's REST API on this machine: one account and its numbers, as far as they are asked for."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

SID = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+15550100000"


@dataclass
class TwilioRest:
    """`answer`: (status, body) for everything, instead of what is right.

    `mute`: it takes requests and answers none; `drips`: it answers a byte every 50 ms.
    """

    account: dict[str, Any] = field(default_factory=lambda: {"sid": SID, "status": "active", "type": "Full"})
    numbers: list[dict[str, Any]] = field(default_factory=list)
    answer: tuple[int, str] | None = None
    mute: bool = False
    drips: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def own(self, voice_url: str, **more: Any) -> None:
        """Let the account have NUMBER."""
        one = {"sid": "PN1", "phone_number": NUMBER, "voice_url": voice_url, "voice_method": "POST"}
        self.numbers.append(one | {"capabilities": {"voice": True, "sms": True}} | more)

    def reply(self, target: str, authorization: str) -> tuple[int, str]:
        if self.answer is not None:
            return self.answer
        if authorization != "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode():
            return 401, json.dumps({"code": 20003, "message": "Authenticate", "status": 401})
        address = urlsplit(target)
        if address.path == f"/2010-04-01/Accounts/{SID}.json":
            return 200, json.dumps(self.account)
        if address.path == f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json":
            wanted = parse_qs(address.query).get("PhoneNumber", [""])[0]
            found = [number for number in self.numbers if wanted in number["phone_number"]]
            return 200, json.dumps({"incoming_phone_numbers": found, "page": 0, "next_page_uri": None})
        return 404, json.dumps({"code": 20404, "message": "not found", "status": 404})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                _, target, _ = head[0].split(" ")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
                self.asked.append(target)
                if self.mute:
                    await reader.read()
                    break
                status, body = self.reply(target, headers.get("authorization", ""))
                data = body.encode()
                whole = f"HTTP/1.1 {status} X\r\ncontent-length: {len(data)}\r\n\r\n".encode() + data
                for piece in [bytes([byte]) for byte in whole] if self.drips else [whole]:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.05 if self.drips else 0)
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()
        self._tasks.discard(task)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def twilio_rest() -> AsyncIterator[TwilioRest]:
    """It on a free port, for as long as the `with` lasts."""
    rest = TwilioRest()
    server = await asyncio.start_server(rest.serve, "127.0.0.1", 0)
    rest.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield rest
    finally:
        server.close()
        await rest.close()
        await server.wait_closed()
