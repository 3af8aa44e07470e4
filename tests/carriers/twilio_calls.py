"""Twilio's `Calls` on this machine: whom it rings, how often, what comes of it, and what it tells of that."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

SID = "AC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
CALLS = f"/2010-04-01/Accounts/{SID}/Calls"

Form = dict[str, list[str]]
Deliver = Callable[[str, dict[str, str]], Awaitable[None]]


@dataclass(frozen=True)
class Behaviour:
    """`answer`: to the request: `taken`, an HTTP status, an error code, `mute` (no answer at all), `empty` (201 that
    names no call). `rings`: whether somebody is rung all the same; `late_s`: so long after the request came. `ends`:
    what becomes of the call; None: it goes on.
    """

    answer: str | int = "taken"
    rings: bool = True
    late_s: float = 0.0
    ends: str | None = "completed"
    answered_by: str | None = None
    told: tuple[str, ...] = ()


@dataclass
class TwilioCalls:
    """`behave(to, nth)`: what the `nth` request (from 1) for a number meets."""

    behave: Callable[[str, int], Behaviour] = lambda to, nth: Behaviour()
    deliver: Deliver | None = None
    unreachable_lists: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    rung: Counter[str] = field(default_factory=Counter)
    forms: list[Form] = field(default_factory=list)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    hung_up: list[str] = field(default_factory=list)
    url: str = ""
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def reply(self, method: str, target: str, form: Form) -> tuple[int, dict[str, Any]] | None:
        """Status and body; None for a request that is left without an answer."""
        address = urlsplit(target)
        if address.path == f"{CALLS}.json":
            return self._create(form) if method == "POST" else self._list(parse_qs(address.query))
        sid = address.path.removeprefix(f"{CALLS}/").removesuffix(".json")
        call = self.calls.get(sid)
        if call is None:
            return 404, {"code": 20404, "message": "The requested resource was not found", "status": 404}
        if method == "POST":
            if call["status"] in ("completed", "busy", "failed", "no-answer", "canceled"):
                return 400, {"code": 21220, "message": "Call is not in-progress", "status": 400}
            call["status"] = form["Status"][0]
            self.hung_up.append(sid)
        return 200, call

    def _list(self, query: Form) -> tuple[int, dict[str, Any]]:
        if self.unreachable_lists:
            return 503, {"code": 20500, "message": "away", "status": 503}
        found = [call for call in self.calls.values() if call["to"] == query["To"][0]]
        return 200, {"calls": found[::-1], "page": 0, "next_page_uri": None}

    def _create(self, form: Form) -> tuple[int, dict[str, Any]] | None:
        to = form["To"][0]
        self.asked[to] += 1
        self.forms.append(form)
        met = self.behave(to, self.asked[to])
        call: dict[str, Any] = {}
        if met.rings and (met.answer in ("taken", "mute", "empty") or met.answer == 500):
            if met.late_s:
                self._keep(asyncio.ensure_future(self._ring_late(form, met)))
            else:
                call = self._ring(form, met)
        if isinstance(met.answer, int):
            status = met.answer if met.answer < 1000 else 400
            if status == 500:
                return 500, {}
            return status, {"code": met.answer if met.answer >= 1000 else 20429, "message": f"no: {met.answer}"}
        if met.answer == "mute":
            return None
        return 201, call if met.answer == "taken" else {}

    def _ring(self, form: Form, met: Behaviour) -> dict[str, Any]:
        to = form["To"][0]
        self.rung[to] += 1
        sid = f"CA{len(self.calls):032x}"
        now = format_datetime(datetime.now(UTC))
        call = {"sid": sid, "to": to, "from": form["From"][0], "status": met.ends or "ringing", "date_created": now}
        if met.ends == "completed":
            call |= {"duration": "42", "answered_by": met.answered_by, "end_time": now}
        self.calls[sid] = call
        if self.deliver is not None:
            self._keep(asyncio.ensure_future(self._tell(form, sid, met)))
        return dict(call, status="queued")

    async def _ring_late(self, form: Form, met: Behaviour) -> None:
        await asyncio.sleep(met.late_s)
        self._ring(form, met)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, form: Form, sid: str, met: Behaviour) -> None:
        assert self.deliver is not None
        for number, status in enumerate(met.told):
            told = {"CallSid": sid, "CallStatus": status, "SequenceNumber": str(number), "AccountSid": SID}
            if status == "verdict":
                verdict = {"CallSid": sid, "AccountSid": SID, "AnsweredBy": met.answered_by or "unknown"}
                await self.deliver(form["AsyncAmdStatusCallback"][0], verdict)
            else:
                await self.deliver(form["StatusCallback"][0], told)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split(" ")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                answer = self.reply(method, target, parse_qs(body.decode(), keep_blank_values=True))
                if answer is None:
                    await reader.read()
                    break
                data = json.dumps(answer[1]).encode() if answer[1] else b"<html>Bad Gateway</html>"
                data = b"{}" if answer[0] == 201 and not answer[1] else data
                writer.write(f"HTTP/1.1 {answer[0]} X\r\ncontent-length: {len(data)}\r\n\r\n".encode() + data)
                await writer.drain()
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()
        self._tasks.discard(task)

    async def told(self) -> None:
        """Until everything has been told."""
        while waiting := [task for task in self._tasks if self._tells(task)]:
            await asyncio.wait(waiting)

    @staticmethod
    def _tells(task: asyncio.Task[Any]) -> bool:
        return getattr(task.get_coro(), "__name__", "") == "_tell"

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def twilio_calls(**given: Any) -> AsyncIterator[TwilioCalls]:
    """It on a free port, for as long as the `with` lasts."""
    rest = TwilioCalls(**given)
    server = await asyncio.start_server(rest.serve, "127.0.0.1", 0)
    rest.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield rest
    finally:
        server.close()
        await rest.close()
        await server.wait_closed()
