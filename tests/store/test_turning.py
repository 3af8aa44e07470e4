from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.store.calls import finish
from app.store.engine import Database
from app.store.listing import CallFilters, CursorError
from app.store.tables import CallRow
from app.store.transcripts import record_segment
from app.store.turning import Leaf, found_lines, turn_to
from tests.store.samples import at, line, ringing

EVERY = CallFilters()


async def _store(session: AsyncSession, count: int) -> list[CallRow]:
    """`count` calls, newest first; two by two they came in the same instant."""
    made = [await ringing(session, now=at(number // 2)) for number in range(count)]
    return sorted(made, key=lambda call: (call.created_at, call.id), reverse=True)


def _ids(leaf: Leaf) -> list[object]:
    return [call.id for call in leaf.items]


async def test_pages_turn_forth_and_back_over_the_same_calls(db: Database) -> None:
    async with db.transaction() as session:
        ids = [call.id for call in await _store(session, 12)]
        first = await turn_to(session, EVERY, limit=5)
        second = await turn_to(session, EVERY, older=first.older, limit=5)
        third = await turn_to(session, EVERY, older=second.older, limit=5)
        assert (_ids(first), _ids(second), _ids(third)) == (ids[:5], ids[5:10], ids[10:])
        assert first.newer is None
        assert third.older is None
        back = await turn_to(session, EVERY, newer=third.newer, limit=5)
        assert _ids(back) == ids[5:10]
        assert back.older is not None


async def test_turning_back_to_the_beginning_shows_what_came_in_since(db: Database) -> None:
    async with db.transaction() as session:
        await _store(session, 6)
        first = await turn_to(session, EVERY, limit=3)
        second = await turn_to(session, EVERY, older=first.older, limit=3)
        new = await ringing(session, now=at(100))
        leaf = await turn_to(session, EVERY, newer=second.newer, limit=3)
        assert leaf.newer is not None  # the new call stands before these
        leaf = await turn_to(session, EVERY, newer=leaf.newer, limit=3)
        assert leaf.items[0].id == new.id
        assert (leaf.newer, len(leaf.items)) == (None, 3)


async def test_filters_hold_in_both_directions(db: Database) -> None:
    async with db.transaction() as session:
        for number in range(8):
            await ringing(session, now=at(number), persona=("assistant", "interviewer")[number % 2])
        wanted = CallFilters(persona="interviewer")
        first = await turn_to(session, wanted, limit=2)
        second = await turn_to(session, wanted, older=first.older, limit=2)
        assert second.older is None
        back = await turn_to(session, wanted, newer=second.newer, limit=2)
        assert {call.persona for call in [*first.items, *second.items, *back.items]} == {"interviewer"}
        assert _ids(back) == _ids(first)


async def test_a_cursor_of_someone_elses_is_refused(db: Database) -> None:
    async with db.reading() as session:
        for given in ({"older": "nonsense"}, {"newer": "bm9uc2Vuc2U"}):
            with pytest.raises(CursorError):
                await turn_to(session, EVERY, **given)


async def test_a_search_shows_the_first_line_it_found_in_each_call(db: Database) -> None:
    async with db.transaction() as session:
        one, other = await ringing(session), await ringing(session)
        await record_segment(session, line(one.id, "A Café, please", seq=2))
        await record_segment(session, line(one.id, "please, the café again", seq=3))
        await record_segment(session, line(other.id, "no coffee", seq=1))
        found = await found_lines(session, [one.id, other.id], "CAFE please")
        assert {call_id: row.text for call_id, row in found.items()} == {one.id: "A Café, please"}
        assert await found_lines(session, [], "café") == {}
        assert await found_lines(session, [one.id], "  ") == {}


async def test_a_goodbye_is_not_mistaken_for_every_call_that_ended_well(db: Database) -> None:
    async with db.transaction() as session:
        for reason in ("completed", "caller-hung-up"):
            call = await ringing(session)
            await finish(session, call.id, status="completed", end_reason=reason, ended_at=at(9), duration_s=9.0)
        said_goodbye = await turn_to(session, CallFilters(end_reason="completed"))
        assert [call.end_reason for call in said_goodbye.items] == ["completed"]
        assert len((await turn_to(session, CallFilters(outcome="completed"))).items) == 2
