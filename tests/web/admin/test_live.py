from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from app.runtime.live import CallEnded, CallStarted
from app.store.calls import finish
from app.store.records import EventRecord
from app.store.tables import CallRow
from app.store.transcripts import record_event, record_segments, segments_of
from app.web.admin import live
from tests.store.samples import talking
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse, said, serving

Event = tuple[str, str]


class Listener:
    """Reads a stream of events, in the background, as a browser would."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        kind = ""
        async for line in self.answer.aiter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                self._events.put_nowait((kind, line.removeprefix("data: ")))

    async def next(self) -> Event:
        async with asyncio.timeout(5):
            return await self._events.get()


@asynccontextmanager
async def listening(house: TestHouse, path: str) -> AsyncIterator[tuple[Listener, Visitor]]:
    async with serving(house) as address, Visitor(base_url=address) as visitor:
        await visitor.sign_in()
        async with visitor.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
            assert answer.status_code == 200
            listener = Listener(answer)
            yield listener, visitor
            listener.reading.cancel()
            await asyncio.gather(listener.reading, return_exceptions=True)


@pytest.fixture
async def call(house: TestHouse) -> CallRow:
    """A running call with one line."""
    async with house.db.transaction() as session:
        made = await talking(session)
        await record_segments(
            session, [said(made.id, 1, "agent", "Hello, how are you?", 0, heard_text="Hello,", final=False)]
        )
    return made


async def _end(house: TestHouse, call: CallRow) -> None:
    async with house.db.transaction() as session:
        await finish(session, call.id, status="completed", end_reason="operator", ended_at=NOW, duration_s=3.0)


def _id(event: Event) -> str:
    found = re.search(r'id="([^"]+)"', event[1])
    assert found
    return found[1]


async def test_a_line_that_grows_replaces_itself_in_the_very_html_of_a_reload(house: TestHouse, call: CallRow) -> None:
    async with listening(house, f"/admin/calls/{call.id}/live") as (listener, visitor):
        first = await listener.next()
        assert 'Hello, <span class="coming">how are you?</span>' in first[1]
        whole = said(call.id, 1, "agent", "Hello, how are you?", 0)
        async with house.db.reading() as session:
            whole = replace(whole, id=(await segments_of(session, call.id))[0].id)
        async with house.db.transaction() as session:
            await record_segments(session, [whole])
        house.hub.publish(whole)
        grown = await listener.next()
        assert _id(grown) == _id(first)
        page = " ".join((await visitor.get(f"/admin/calls/{call.id}")).text.split())
        assert grown[1] in page


async def test_notes_come_with_the_next_finished_line_and_once(house: TestHouse, call: CallRow) -> None:
    async with listening(house, f"/admin/calls/{call.id}/live") as (listener, _):
        await listener.next()
        async with house.db.transaction() as session:
            await record_event(session, EventRecord(call.id, 2500, "noise", {"voiced_ms": 90}))
        house.hub.publish(said(call.id, 2, "caller", "Hello <b>", 3))
        note, line = await listener.next(), await listener.next()
        assert "A sound without words" in note[1]
        assert "Hello &lt;b&gt;" in line[1]
        house.hub.publish(said(call.id, 3, "agent", "Well", 6))
        assert "Well" in (await listener.next())[1]


async def test_the_end_is_told_once_the_database_knows_it(house: TestHouse, call: CallRow) -> None:
    async with listening(house, f"/admin/calls/{call.id}/live") as (listener, _):
        await listener.next()
        house.hub.publish(CallEnded(call.id, "operator"))
        await asyncio.sleep(0.1)  # the books are written behind the call's back
        await _end(house, call)
        assert await listener.next() == ("ended", "reload")
        async with asyncio.timeout(5):
            await listener.reading  # the server closes the stream


async def test_who_comes_after_the_end_is_told_at_once(house: TestHouse, call: CallRow) -> None:
    await _end(house, call)
    async with listening(house, f"/admin/calls/{call.id}/live") as (listener, _):
        assert "not heard: </span>how are you?" in (await listener.next())[1]
        assert await listener.next() == ("ended", "reload")


async def test_the_list_hears_of_calls_that_begin_and_end(house: TestHouse, call: CallRow) -> None:
    async with listening(house, "/admin/live") as (listener, _):
        await asyncio.sleep(0.05)
        house.hub.publish(CallStarted(call.id))
        kind, row = await listener.next()
        assert kind == "call"
        assert row.startswith(f'<tr id="c-{call.id}"')
        assert "Talking now" in row
        await _end(house, call)
        house.hub.publish(CallEnded(call.id, "operator"))
        assert "Hung up from here" in (await listener.next())[1]


async def test_a_stream_is_closed_in_time_so_that_its_viewer_is_asked_again_who_they_are(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LONGEST_S", 0.05)
    async with listening(house, "/admin/live") as (listener, _), asyncio.timeout(5):
        await listener.reading


async def test_a_viewer_who_leaves_is_forgotten(house: TestHouse, call: CallRow) -> None:
    async with serving(house) as address, Visitor(base_url=address) as visitor:
        await visitor.sign_in()
        async with visitor.stream("GET", f"/admin/calls/{call.id}/live") as answer:
            await anext(answer.aiter_lines())
            assert house.hub._viewers
        async with asyncio.timeout(5):
            while house.hub._viewers:  # noqa: ASYNC110 - the hub tells nobody that a viewer has left
                await asyncio.sleep(0.02)
