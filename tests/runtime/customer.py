"""A customer's system on this machine: what it is told, and how it answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
AWAY = b"HTTP/1.1 503 Away\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True)
class Told:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Customer:
    """`answers(nth)`: the raw answer to the `nth` request (from 1); None leaves it without one."""

    answers: Callable[[int], bytes | None] = lambda nth: OK
    told: list[Told] = field(default_factory=list)
    port: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/parley"

    @property
    def events(self) -> list[str]:
        return [one.event["type"] for one in self.told]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.told.append(Told(head[0].split(" ")[1], headers, body))
            self.arrived.set()
            answer = self.answers(len(self.told))
            if answer is None:
                await self.let_go.wait()
            else:
                writer.write(answer)
                await writer.drain()
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()
        self._open.discard(task)

    async def close(self) -> None:
        self.let_go.set()
        for task in set(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


@asynccontextmanager
async def a_customer(answers: Callable[[int], bytes | None] = lambda nth: OK) -> AsyncIterator[Customer]:
    """One for as long as the `with` lasts."""
    customer = Customer(answers)
    server = await asyncio.start_server(customer.serve, "127.0.0.1", 0)
    customer.port = server.sockets[0].getsockname()[1]
    try:
        yield customer
    finally:
        server.close()
        await customer.close()
        await server.wait_closed()
