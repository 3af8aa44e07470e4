"""The media stream's door when something behind it fails: the stream is closed, its slot freed or kept rightly."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pytest

from app.carriers.protocol import IncomingCall
from app.carriers.registry import carrier
from app.carriers.tokens import StreamTokens
from app.clock import SystemClock
from app.phone.messages import StreamWriter
from app.runtime.admission import UNCLAIMED_S
from app.runtime.providers import Providers
from app.runtime.supervisor import Supervisor
from app.store import calls
from app.store.engine import Database
from app.store.migrate import upgrade
from app.web import stream, twilio
from app.web.reception import Reception

SID, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
FAULT = 1011


class MovedClock(SystemClock):
    """Runs `ahead_s` ahead."""

    ahead_s = 0.0

    def now(self) -> float:
        return super().now() + self.ahead_s


class Socket:
    """Gives `messages`, or raises those that are errors; notes with which codes it was closed."""

    def __init__(self, *messages: str | Exception) -> None:
        self._messages = list(messages)
        self.closed: list[int] = []

    async def receive(self) -> dict[str, Any]:
        message = self._messages.pop(0)
        if isinstance(message, Exception):
            raise message
        return {"type": "websocket.receive", "text": message}

    async def send_text(self, _: str) -> None:
        """Nobody listens."""

    async def close(self, code: int) -> None:
        self.closed.append(code)


def a_supervisor() -> Supervisor:
    """One line; no call can begin, for there is nothing to begin it with."""
    nothing, persona = cast("Any", SimpleNamespace()), SimpleNamespace(id="assistant", flow="assistant", interview=None)
    casting = cast("Any", SimpleNamespace(persona=lambda _: persona, flows={"assistant": nothing}))
    return Supervisor(
        casting,
        Providers((), (), ()),
        writer=nothing,
        hub=nothing,
        disk=nothing,
        files=nothing,
        accounts=nothing,
        clock=MovedClock(),
        maximum_calls=1,
    )


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """One line, a real database."""
    url = f"sqlite:///{tmp_path}/parley.db"
    await asyncio.to_thread(upgrade, url)
    db = Database(url)
    yield Reception(
        carrier("twilio"), a_supervisor(), db, StreamTokens("secret"), "http://h", "ws://h/twilio/stream", "m", "token"
    )
    await db.close()


def incoming() -> IncomingCall:
    form = {"CallSid": SID, "AccountSid": "AC" + "0" * 32, "From": "+15550100001", "To": "+15550100000"}
    return carrier("twilio").parse_incoming(form | {"CallStatus": "ringing", "Direction": "inbound"})


async def answered(reception: Reception) -> str:
    """Rings; the message with which the call's stream starts."""
    document = ElementTree.fromstring(await twilio.answer(incoming(), reception))
    (parameter,) = document.iter("Parameter")
    message = StreamWriter("MZ" + SID[2:], SID, "AC" + "0" * 32).start({"call_token": parameter.attrib["value"]})
    return message if isinstance(message, str) else json.dumps(message)


def slots(reception: Reception) -> int:
    return reception.supervisor.lines_taken


async def serve(socket: Socket, reception: Reception) -> None:
    await stream._serve(cast("Any", socket), reception)


async def test_a_locked_database_is_not_waited_for(
    reception: Reception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CLAIM_S", 0.2)
    socket = Socket(await answered(reception))
    with closing(sqlite3.connect(tmp_path / "parley.db", isolation_level=None)) as someone:
        someone.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        await serve(socket, reception)
        assert time.monotonic() - began < 1.5, "the driver itself would wait for five seconds"
        someone.execute("ROLLBACK")
    await asyncio.gather(*stream._claims, return_exceptions=True)
    async with reception.db.reading() as session:
        row = await calls.by_sid(session, SID)
    assert row is not None
    assert row.status == "ringing", "a claim that was given up takes nothing, however late it gets its turn"
    assert socket.closed == [FAULT]
    assert slots(reception) == 0


async def test_a_socket_that_fails_before_the_start_is_closed(reception: Reception) -> None:
    socket = Socket(RuntimeError("broken"))
    await serve(socket, reception)
    assert socket.closed == [FAULT]


async def test_a_call_that_cannot_begin_keeps_no_slot(reception: Reception) -> None:
    socket = Socket(await answered(reception))
    with pytest.raises(AttributeError):
        await serve(socket, reception)
    assert socket.closed == [1000]
    assert slots(reception) == 0


async def test_a_slot_cannot_run_out_while_its_stream_is_claimed(
    reception: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket, house, claim = Socket(await answered(reception)), reception.supervisor, stream._claim_row
    let_in: list[bool] = []

    async def slow(*given: Any) -> Any:
        claimed = await claim(*given)
        cast("MovedClock", house.clock).ahead_s += UNCLAIMED_S + 1
        let_in.append(house.admission.take(OTHER, house.clock.now()))
        return claimed

    monkeypatch.setattr(stream, "_claim_row", slow)
    with pytest.raises(AttributeError):
        await serve(socket, reception)
    assert let_in == [False]


async def test_a_stream_that_comes_after_its_slot_is_refused(reception: Reception) -> None:
    socket = Socket(await answered(reception))
    reception.supervisor.admission.release(SID)
    await serve(socket, reception)
    assert socket.closed == [1008]


async def test_a_repeated_webhook_that_fails_leaves_the_running_call_its_slot(
    reception: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    await answered(reception)
    assert reception.supervisor.admission.hold(SID, reception.supervisor.clock.now()) is not False

    async def away(*_: Any) -> Any:
        raise OSError("the database is away")

    monkeypatch.setattr(twilio, "_admit", away)
    assert "Connect" not in await twilio.answer(incoming(), reception)
    assert slots(reception) == 1


async def test_connections_are_opened_when_the_phone_rings_and_not_for_a_call_that_is_turned_away(
    reception: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(Providers, "prepare", lambda _: opened.append(slots(reception)))
    await answered(reception)
    assert opened == [1]
    another = dataclasses.replace(incoming(), call_sid="CA" + "9" * 32)
    assert "Stream" not in await twilio.answer(another, reception)
    assert opened == [1], "all lines were taken"
