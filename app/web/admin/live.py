"""Live updates as server-sent events: lines of a running call, and the list's calls as they come and go.

An update is the very HTML that a reload would show. Whoever connects, or connects again, is first sent everything
that the page may lack, so no event number has to be remembered: each element is replaced by its id.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from app.runtime.live import CallEnded, Missed, Subscription
from app.store.calls import changed_since, get_call
from app.store.records import SegmentRecord
from app.store.tables import ACTIVE, CallRow
from app.store.transcripts import events_of, segments_of
from app.web.admin.call_page import agent_of, call_of
from app.web.admin.gate import session_of
from app.web.admin.notes import NoteView, notes_of
from app.web.admin.office import Desk
from app.web.admin.row import row_of
from app.web.admin.transcript import Entry, Segment, entries_of, line_of

SETTLE_S = 0.15
"""What was said just before a viewer came is on its way to the database for the writer's gathering and one
transaction; it is read once that has passed."""
END_WITHIN_S = 3.0
UNSEEN, SKEW = timedelta(minutes=1), timedelta(seconds=10)
"""How far back is read where nobody knows since when something is missing; and how far two machines' clocks may be
apart."""
LONGEST_S = 900.0
"""A stream is closed by then; the browser connects again and is asked again who it is."""

Events = AsyncIterator[ServerSentEvent]


async def calls(request: Request, desk: Desk) -> Response:
    """Rows of calls that begin or end from now on."""
    return _stream(_rows(desk, _life_s(request, desk)))


async def call(request: Request, desk: Desk) -> Response:
    """Lines and notes of one call until it has ended."""
    async with desk.office.db.reading() as session:
        found = await call_of(request, session)
    return _stream(_lines(desk, found.id, agent_of(found, desk), _life_s(request, desk)))


def _life_s(request: Request, desk: Desk) -> float:
    return max(0.0, min(LONGEST_S, desk.sessions.remaining_s(session_of(request))))


def _stream(events: Events) -> Response:
    return EventSourceResponse(events, ping=15, send_timeout=30, headers={"Cache-Control": "no-store"})


async def _rows(desk: Desk, life_s: float) -> Events:
    with desk.office.hub.subscribe(None) as updates:
        _end_after(updates, life_s)
        yield ServerSentEvent(comment="listening")
        async for update in updates:
            if isinstance(update, Missed):
                for row in await _calls_since(desk, update.since):
                    yield _row(desk, row)
                continue
            found = await _call_as_of(desk, update.call_id, ended=isinstance(update, CallEnded))
            if found is not None:
                yield _row(desk, found)


def _row(desk: Desk, row: CallRow) -> ServerSentEvent:
    return ServerSentEvent(event="call", data=desk.pages.fragment("row.html", "call_row", row_of(row)))


async def _calls_since(desk: Desk, since: datetime | None) -> list[CallRow]:
    """Calls that may have begun or ended unseen, the oldest first, as they come on the page."""
    begun = desk.office.clock.utc() - UNSEEN if since is None else since
    async with desk.office.db.reading() as session:
        return list(await changed_since(session, begun - SKEW))


async def _lines(desk: Desk, call_id: UUID, agent: str, life_s: float) -> Events:
    with desk.office.hub.subscribe(call_id) as updates:
        _end_after(updates, life_s)
        await asyncio.sleep(SETTLE_S)
        sent: set[str] = set()
        row, entries = await _as_stored(desk, call_id, agent)
        for entry in entries:
            sent.add(entry.key)
            yield _entry(desk, entry)
        if row is None or row.status not in ACTIVE:
            yield _over()
            return
        async for update in updates:
            if isinstance(update, Missed):
                row, entries = await _as_stored(desk, call_id, agent)
                sent.update(entry.key for entry in entries)
                for entry in entries:
                    yield _entry(desk, entry)
                if row is None or row.status not in ACTIVE:
                    yield _over()
                    return
            if isinstance(update, CallEnded):
                await _call_as_of(desk, call_id, ended=True)
                yield _over()
                return
            if isinstance(update, SegmentRecord):
                for note in await _new_notes(desk, update, sent):
                    yield _entry(desk, note)
                yield _line(desk, update, agent)


def _over() -> ServerSentEvent:
    return ServerSentEvent(event="ended", data="reload")


def _line(desk: Desk, segment: Segment, agent: str) -> ServerSentEvent:
    return _entry(desk, line_of(segment, agent, over=False))


def _entry(desk: Desk, entry: Entry) -> ServerSentEvent:
    return ServerSentEvent(event="entry", data=desk.pages.fragment("entry.html", "entry", entry))


async def _new_notes(desk: Desk, update: SegmentRecord, sent: set[str]) -> list[NoteView]:
    """Notes that were stored since; they are looked for when a line is complete, and come with it."""
    if not update.final:
        return []
    async with desk.office.db.reading() as session:
        notes = notes_of(await events_of(session, update.call_id), over=False)
    new = [note for note in notes if note.key not in sent]
    sent.update(note.key for note in new)
    return new


async def _as_stored(desk: Desk, call_id: UUID, agent: str) -> tuple[CallRow | None, list[Entry]]:
    async with desk.office.db.reading() as session:
        row = await get_call(session, call_id)
        segments = await segments_of(session, call_id)
        events = await events_of(session, call_id)
    over = row is None or row.status not in ACTIVE
    return row, entries_of(segments, events, agent, over=over)


async def _call_as_of(desk: Desk, call_id: UUID, *, ended: bool) -> CallRow | None:
    """The call's row; one that has just ended is waited for until the database says so, for a while."""
    loop = asyncio.get_running_loop()
    until = loop.time() + END_WITHIN_S
    while True:
        async with desk.office.db.reading() as session:
            row = await get_call(session, call_id)
        if not ended or row is None or row.status not in ACTIVE or loop.time() > until:
            return row
        await asyncio.sleep(0.05)


def _end_after(updates: Subscription, life_s: float) -> None:
    asyncio.get_running_loop().call_later(life_s, updates.end)
