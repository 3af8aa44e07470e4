from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.store.calls import finish
from app.store.engine import Database
from app.store.listing import (
    CallFilters,
    CursorError,
    count_calls,
    counts_by_status,
    end_reasons,
    list_calls,
)
from app.store.transcripts import record_segment
from tests.store.samples import at, line, ringing, talking


async def ids(db: Database, **filters: object) -> list[str]:
    async with db.reading() as session:
        chosen = CallFilters(**filters)  # type: ignore[arg-type]
        page = await list_calls(session, chosen)
        assert await count_calls(session, chosen) == len(page.items)
    return [row.call_sid for row in page.items]


@pytest.fixture
async def three(db: Database) -> Database:
    """CA1: an assistant's, completed. CA2: an interviewer's, outbound, in progress. CA3: an assistant's, busy."""
    async with db.transaction() as session:
        one = await talking(session, call_sid="CA1", now=at(1), from_number="+14155550111")
        two = await talking(session, call_sid="CA2", now=at(2), persona="interviewer", direction="outbound")
        three = await ringing(session, call_sid="CA3", now=at(3), to_number="sip:desk_1%@example.com")
        done = {"ended_at": at(9), "duration_s": 8.0}
        await finish(session, one.id, status="completed", end_reason="caller-hung-up", **done)
        await finish(session, three.id, status="busy", end_reason="all-lines-taken", **done)
        await record_segment(session, line(one.id, "I would like a Café crème, please"))
        await record_segment(session, line(one.id, "100% sure", seq=2))
        await record_segment(session, line(two.id, "Tell me about caches", heard_text="Tell me"))
    return db


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["CA3", "CA2", "CA1"]),
        ({"persona": "assistant"}, ["CA3", "CA1"]),
        ({"direction": "outbound"}, ["CA2"]),
        ({"outcome": "busy"}, ["CA3"]),
        ({"outcome": "caller-hung-up"}, ["CA1"]),
        ({"since": at(2)}, ["CA3", "CA2"]),
        ({"until": at(2)}, ["CA1"]),
        ({"since": at(1), "until": at(3), "persona": "assistant"}, ["CA1"]),
        ({"phone": "550111"}, ["CA1"]),
        ({"phone": "+1 415 555 0111"}, ["CA1"]),
        ({"phone": "_1%"}, ["CA3"]),
        ({"phone": "%"}, ["CA3"]),
        ({"search": "cafe"}, ["CA1"]),
        ({"search": "CRÈME  café"}, ["CA1"]),
        ({"search": "cafe sure"}, []),
        ({"search": "100%"}, ["CA1"]),
        ({"search": "%"}, ["CA1"]),
        ({"search": "_"}, []),
        ({"search": "cache"}, ["CA2"]),
        ({"search": "   "}, ["CA3", "CA2", "CA1"]),
        ({"search": "' OR 1=1 --"}, []),
        ({"search": "a\x00b \ud800"}, []),
        ({"persona": "assis\x00tant\ud800"}, []),
        ({"outcome": "\x00", "phone": "\ud800"}, []),
        ({"search": "cafe", "persona": "interviewer"}, []),
    ],
)
async def test_calls_are_found(three: Database, filters: dict[str, object], found: list[str]) -> None:
    assert await ids(three, **filters) == found


async def test_what_there_is_to_choose_from(three: Database) -> None:
    async with three.reading() as session:
        assert await counts_by_status(session) == {"completed": 1, "in-progress": 1, "busy": 1}
        assert await end_reasons(session) == ["all-lines-taken", "caller-hung-up"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.lists(st.integers(0, 3), max_size=12), limit=st.integers(1, 5))
async def test_turning_pages_shows_every_call_once_newest_first(db: Database, seconds: list[int], limit: int) -> None:
    async with db.transaction() as session:
        before = await count_calls(session)
        for second in seconds:
            await ringing(session, now=at(second), persona="paged")
    seen: list[tuple[datetime, UUID]] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        async with db.reading() as session:
            page = await list_calls(session, CallFilters(), cursor, limit)
        assert len(page.items) == limit or page.next_cursor is None
        seen += [(row.created_at, row.id) for row in page.items]
        cursor, pages = page.next_cursor, pages + 1
    assert len(set(seen)) == len(seen) == before + len(seconds)
    assert [when for when, _ in seen] == sorted((when for when, _ in seen), reverse=True)


async def test_a_call_that_arrives_between_two_pages_shifts_nothing(three: Database) -> None:
    async with three.reading() as session:
        first = await list_calls(session, CallFilters(), None, 1)
    async with three.transaction() as session:
        await ringing(session, call_sid="CA4", now=at(4))
    async with three.reading() as session:
        second = await list_calls(session, CallFilters(), first.next_cursor, 1)
    assert [row.call_sid for row in (*first.items, *second.items)] == ["CA3", "CA2"]


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!",
        "é",
        "AAAA",
        _encoded("2026-03-01T12:00:00|no-uuid"),
        _encoded("2026-03-01T12:00:00|00000000-0000-0000-0000-000000000000"),
        _encoded("0001-01-01T00:00:00+14:00|00000000-0000-0000-0000-000000000000"),
        _encoded("|"),
    ],
)
async def test_a_cursor_that_we_never_gave_is_refused(db: Database, cursor: str) -> None:
    async with db.reading() as session:
        with pytest.raises(CursorError, match="start again"):
            await list_calls(session, CallFilters(), cursor)


async def test_a_page_has_its_bounds(three: Database) -> None:
    async with three.reading() as session:
        assert len((await list_calls(session, CallFilters(), limit=0)).items) == 1
        assert len((await list_calls(session, CallFilters(), limit=10**9)).items) == 3
