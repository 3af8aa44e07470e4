"""Whatever a stream sends in mid-call: it is counted and ignored, and the call goes on."""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
from contextlib import closing, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from app.cli.server import LARGEST_MESSAGE_BYTES
from app.phone.webhook import Parties
from tests.babble import babble
from tests.end_to_end.raw_stream import RawStream, opened, token_of
from tests.end_to_end.waiting import ended_call
from tests.server import RunningServer

SIZES = (1, 37, 161, 5000)


def media(sid: str, payload: bytes | str, **numbers: str) -> dict[str, Any]:
    encoded = payload if isinstance(payload, str) else base64.b64encode(payload).decode()
    message = {"event": "media", "streamSid": sid, "media": {"track": "inbound", "payload": encoded}}
    return message | numbers


def nonsense(stream: RawStream) -> list[str | bytes | dict[str, Any]]:
    """What no carrier sends, or not now, or not here."""
    sid = stream.sid
    frame = b"\xff" * 160
    return [
        *("", "{", "null", "[]", "7", '"media"', "{}", '{"event": 1}', '{"event": "invented"}', "[" * 5000),
        '{"event": "media", "streamSid": "\\ud800"}',
        *(b"", b"\x00\xff\x80", json.dumps(media(sid, frame)).encode()),
        *(json.dumps(media(sid, b"\xff" * size)) for size in (60_000, 1_500_000)),
        {"event": "connected", "protocol": "Call", "version": "1.0.0"},
        stream.writer.start({"call_token": "again"}),
        *(media("MZ" + "0" * 32, frame), media(sid, "no base64!"), media(sid, ""), media(sid, frame) | {"media": 3}),
        media(sid, frame, sequenceNumber="1"),
        media(sid, frame, sequenceNumber="not a number"),
        media(sid, frame, sequenceNumber="999999999999"),
        {"event": "media", "streamSid": sid, "media": {"track": "outbound", "payload": "/w=="}},
        {"event": "mark", "streamSid": sid, "mark": {}},
        {"event": "mark", "streamSid": "MZ" + "1" * 32, "mark": {"name": "g0-1"}},
        {"event": "dtmf", "streamSid": sid, "dtmf": {"digit": "77"}},
        {"event": "stop", "streamSid": "MZ" + "2" * 32, "stop": {}},
    ]


def rejected(server: RunningServer, call_id: str) -> dict[str, int]:
    """What the call's events say about messages that were ignored, read as an operator's own tools would."""
    with closing(sqlite3.connect(server.data_dir / "parley.db")) as db:
        query = "SELECT detail FROM call_event WHERE kind = 'messages-rejected' AND call_id IN (?, ?)"
        rows = db.execute(query, (call_id, call_id.replace("-", ""))).fetchall()
    (detail,) = rows[0]
    counts: dict[str, int] = json.loads(detail)
    return counts


async def speak(stream: RawStream, sound: bytes, sizes: tuple[int, ...] = (160,)) -> None:
    """In pieces of these sizes, in turn, about as fast as a line would bring them."""
    at, turn = 0, 0
    while at < len(sound):
        size = sizes[turn % len(sizes)]
        payload = base64.b64encode(sound[at : at + size]).decode()
        await stream.put({"event": "media", "streamSid": stream.sid, "media": {"payload": payload}})
        at, turn = at + size, turn + 1
        await asyncio.sleep(size / 8000 / 4)


@pytest.mark.parametrize("sizes", [(160,), SIZES])
async def test_the_call_goes_on(server: RunningServer, sizes: tuple[int, ...]) -> None:
    parties: Parties = server.parties()
    async with opened(server, parties) as stream:
        await stream.start(await token_of(server, parties))
        await stream.next("mark")
        bad = nonsense(stream)
        await stream.put(*bad)
        await stream.put(stream.writer.mark(stream.received[-1]["mark"]["name"]))
        with suppress(TimeoutError):  # until the greeting has been heard: no mark for a second
            while message := await stream.next("mark", within_s=1.0):
                await stream.put(stream.writer.mark(message["mark"]["name"]))
        before = len(stream.received)
        await speak(stream, babble(1.0) + b"\xff" * 8000, sizes)
        await stream.next("mark")
        assert any(message["event"] == "media" for message in stream.received[before:]), "an answer"
        await stream.put(stream.writer.stop())
        await stream.closed()
    call = await ended_call(server, parties.call_sid)
    assert (call["status"], call["end_reason"]) == ("completed", "caller-hung-up")
    assert [line["role"] for line in server.transcript(parties.call_sid)] == ["agent", "caller", "agent"]
    counts = rejected(server, call["id"])
    assert sum(counts.values()) == len(bad)
    assert set(counts) == {
        *("malformed", "binary", "oversized", "unknown_event", "duplicate", "out_of_order"),
        *("foreign_stream", "foreign_track"),
    }


async def test_a_message_beyond_all_bounds_costs_its_own_call_alone(server: RunningServer) -> None:
    """What is larger than the socket takes breaks that stream; the server and the other calls do not notice."""
    parties, other = server.parties(), server.parties()
    async with opened(server, other) as bystander:
        await bystander.start(await token_of(server, other))
        async with opened(server, parties) as stream:
            await stream.start(await token_of(server, parties))
            await stream.next("mark")
            with suppress(ConnectionClosed):  # before all of it is sent
                await stream.put("x" * (LARGEST_MESSAGE_BYTES + 1))
            assert await stream.closed() == 1009
        assert (await ended_call(server, parties.call_sid))["end_reason"] == "line-lost"
        await bystander.silence(5)
        await bystander.put(bystander.writer.stop())
        await bystander.closed()
    assert (await ended_call(server, other.call_sid))["end_reason"] == "caller-hung-up"
