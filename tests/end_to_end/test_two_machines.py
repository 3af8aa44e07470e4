"""Two machines on one PostgreSQL behind something that sends each connection to either of them: a call whose webhook
one has answered talks with the other, and whoever looks sees it at both."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest

from app.phone.line import Caller
from tests.babble import babble
from tests.databases import POSTGRES_URL, a_postgres_database
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.raw_stream import opened, token_of
from tests.end_to_end.waiting import ended_call, until
from tests.server import RunningServer

pytestmark = pytest.mark.skipif(not POSTGRES_URL, reason="on SQLite there is one machine")
REFUSED = 1008


@dataclass
class Pair:
    """`front`: where both are reached: webhooks at the `first`, streams at the `second`."""

    first: RunningServer
    second: RunningServer
    front: str

    def caller(self) -> Caller:
        return Caller(
            self.front, self.first.auth_token, "+15550100001", "+15550100000", public_url=self.first.public_url
        )


@pytest.fixture(scope="module")
def machines(start_server: StartServer) -> Iterator[tuple[RunningServer, RunningServer]]:
    with a_postgres_database() as url:
        common = {
            "DATABASE_URL": url,
            "SESSION_SECRET": "of both machines, and long enough",
            "PUBLIC_URL": "http://parley.example.org",  # so that the pages' cookies go without TLS
            "MOCK_TRANSCRIPTS": "what are your opening hours",
        }
        first = start_server(**common)
        second = start_server(first, **common)
        yield first, second
        for server in (first, second):
            server.kill()


@pytest.fixture
async def pair(machines: tuple[RunningServer, RunningServer]) -> AsyncIterator[Pair]:
    first, second = machines
    async with balanced(first.port, second.port) as port:
        yield Pair(first, second, f"http://127.0.0.1:{port}")


@asynccontextmanager
async def balanced(webhooks: int, streams: int) -> AsyncIterator[int]:
    """The worst load balancer: it never sends a stream to where its webhook went."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n")
            there = await asyncio.open_connection("127.0.0.1", streams if b"/twilio/stream" in head else webhooks)
            there[1].write(head)
            await asyncio.gather(passed(reader, there[1]), passed(there[0], writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        yield port


async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def signed_in(server: RunningServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=20) as visitor:
        page = await visitor.get("/admin/sign-in")
        found = re.search(r'name="token" value="([^"]+)"', page.text)
        assert found
        form = {"token": found[1], "password": server.admin_password}
        assert (await visitor.post("/admin/sign-in", data=form)).status_code == 303
        yield visitor


async def test_a_call_runs_where_its_stream_comes_and_is_seen_and_ended_from_both(pair: Pair) -> None:
    async with pair.caller() as caller, signed_in(pair.first) as visitor:
        assert await caller.dial(), str(caller.told)
        sid = caller.parties.call_sid
        call = await until(lambda: pair.first.call(sid), lambda call: call["status"] == "in-progress")
        assert calls_at(pair.second) == 1
        await until(lambda: calls_at(pair.first), lambda calls: calls == 0)
        async with visitor.stream("GET", f"/admin/calls/{call['id']}/live") as live:
            lines = live.aiter_lines()
            async with asyncio.timeout(30):
                assert await caller.heard_silence(500)
                caller.speak(babble(1.2))
                assert await caller.heard_reply()
                await seen(lines, "opening hours")
                hung_up = await asyncio.to_thread(pair.first.rest.post, f"/calls/{sid}/hangup")
                assert hung_up.status_code == 202
                await seen(lines, "event: ended")
        assert await caller.ended(5)
        assert caller.faults.total == 0, str(caller.faults)
    ended = await ended_call(pair.first, sid)
    assert (ended["status"], ended["end_reason"]) == ("completed", "operator")
    assert pair.first.transcript(sid) == pair.second.transcript(sid) != []
    for name in ("recording.wav", "timeline.jsonl"):
        await same_at_both(pair, f"/calls/{sid}/{name}")


async def same_at_both(pair: Pair, path: str) -> None:
    """Once all of it is where both read it; and parts of it, too."""

    def at_both() -> list[bytes]:
        return [server.rest.get(path).content for server in (pair.first, pair.second)]

    files = [one.data_dir / "recordings" for one in (pair.first, pair.second)]
    await until(
        lambda: [file for folder in files if folder.is_dir() for file in folder.iterdir()], lambda left: not left
    )
    here, there = await until(at_both, lambda both: both[0] == both[1] != b"")
    part = pair.first.rest.get(path, headers={"range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, there[100:300])
    assert here[:4] in (b"RIFF", b'{"ti')


async def test_a_streams_key_opens_one_stream_on_all_machines_together(pair: Pair) -> None:
    caller = pair.first.parties()
    token = await token_of(pair.first, caller)
    async with opened(pair.second, caller) as stream:
        await stream.start(token)
        await stream.next("media")
        for server in (pair.first, pair.second):
            async with opened(server, caller) as again:
                await again.start(token)
                assert await again.closed() == REFUSED
        await stream.put(stream.writer.stop())
        await stream.closed()
    assert (await ended_call(pair.first, caller.call_sid))["end_reason"] == "caller-hung-up"


def calls_at(server: RunningServer) -> int:
    """How many lines of this machine are taken."""
    standing = json.loads(httpx.get(f"{server.url}/ready", trust_env=False).text)
    return int(standing["calls"])


async def seen(lines: AsyncIterator[str], words: str) -> None:
    """Until a live page is sent a line with these words."""
    async for line in lines:
        if words in line:
            return
    raise AssertionError(f"the page never showed {words!r}")
