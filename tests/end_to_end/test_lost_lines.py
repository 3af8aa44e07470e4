"""Streams that begin badly or break off: each is closed, its call ended in the books, its slot free again."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from app.phone.messages import connected
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.raw_stream import opened, token_of
from tests.end_to_end.waiting import ended_call, until
from tests.server import RunningServer

LIMIT_S = 10.0
"""A stream that does not start, or falls silent, is given up after so long."""
WITHIN_S = LIMIT_S + 3.0


@pytest.fixture(scope="module")
def lines(start_server: StartServer) -> RunningServer:
    return start_server()


async def never_starts(server: RunningServer, *messages: str) -> None:
    """Whatever else it says."""
    async with opened(server, server.parties()) as stream:
        began = time.monotonic()
        await stream.put(*messages)
        assert await stream.closed(WITHIN_S) == 1008
        assert time.monotonic() - began == pytest.approx(LIMIT_S, abs=1.5)


async def falls_silent(server: RunningServer) -> dict[str, Any]:
    parties = server.parties()
    async with opened(server, parties) as stream:
        await stream.start(await token_of(server, parties))
        await stream.silence(50)
        began = time.monotonic()
        assert await stream.closed(WITHIN_S) is not None
        assert time.monotonic() - began == pytest.approx(LIMIT_S, abs=2.0)
    return await ended_call(server, parties.call_sid)


async def sends_only_marks(server: RunningServer) -> dict[str, Any]:
    """A line without sound is dead, however much else comes over it."""
    parties = server.parties()
    async with opened(server, parties) as stream:
        await stream.start(await token_of(server, parties))
        closed = asyncio.create_task(stream.closed(WITHIN_S))
        while not closed.done():
            await asyncio.wait([closed], timeout=1.0)
            with suppress(ConnectionClosed):  # it may have been closed this very moment
                await stream.put(stream.writer.mark("g0-1"))
        assert await closed is not None
    return await ended_call(server, parties.call_sid)


async def is_cut(server: RunningServer) -> dict[str, Any]:
    """Without a stop, without a close: the connection is simply gone."""
    parties = server.parties()
    async with opened(server, parties) as stream:
        await stream.start(await token_of(server, parties))
        await stream.silence(50)
        await stream.next("media")
        stream.socket.transport.abort()
    return await ended_call(server, parties.call_sid)


async def test_each_is_given_up_in_its_time(lines: RunningServer) -> None:
    *_, silent, marks, cut = await asyncio.gather(
        never_starts(lines),
        never_starts(lines, connected()),
        never_starts(lines, *['{"event": "media"}'] * 30),
        falls_silent(lines),
        sends_only_marks(lines),
        is_cut(lines),
    )
    for call in (silent, marks, cut):
        assert (call["status"], call["end_reason"]) == ("failed", "line-lost")
        assert call["ended_at"] is not None
    assert cut["duration_s"] < LIMIT_S / 2
    assert len(lines.calls()) == 3, "streams that never started left nothing"

    def standing() -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(f"{lines.url}/ready", trust_env=False).json()
        return answer

    assert await until(standing, lambda found: found["calls"] == 0)
