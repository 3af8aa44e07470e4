from __future__ import annotations

import asyncio

from app.personas.schema import Metadata, Persona
from app.store.engine import Database
from app.store.numbers import all_numbers, delete_number, get_number, persona_for, put_number
from app.store.personas import all_personas, content_hash, sync_personas
from tests.store.samples import at


def persona(slug: str, **given: object) -> Persona:
    values = {
        "name": slug.title(),
        "flow": "assistant",
        "greeting": "Hello.",
        "metadata": Metadata(source_template_id="t1"),
    }
    return Persona(id=slug, **(values | given))  # type: ignore[arg-type]


async def test_a_number_is_answered_by_whom_it_was_given_to(db: Database) -> None:
    async with db.transaction() as session:
        assert await persona_for(session, "+14155550100") is None
        await put_number(session, "+14155550100", persona="interviewer", label="Front desk")
    async with db.transaction() as session:
        await put_number(session, "+14155550100", persona="receptionist")
        await put_number(session, "+1415", persona="assistant")
    async with db.reading() as session:
        assert await persona_for(session, "+14155550100") == "receptionist"
        assert [(row.e164, row.label) for row in await all_numbers(session)] == [("+1415", ""), ("+14155550100", "")]


async def test_a_number_can_be_taken_away_once(db: Database) -> None:
    async with db.transaction() as session:
        await put_number(session, "+1415", persona="assistant")
        assert await delete_number(session, "+1415")
        assert not await delete_number(session, "+1415")
        assert await get_number(session, "+1415") is None


async def test_a_number_given_twice_at_once_is_given_once(db: Database) -> None:
    async def gives(slug: str) -> None:
        async with db.transaction() as session:
            await put_number(session, "+1415", persona=slug)

    await asyncio.gather(*(gives(slug) for slug in ("a", "b", "c", "d")))
    async with db.reading() as session:
        assert len(await all_numbers(session)) == 1


async def test_personas_are_stored_when_they_change_and_stay_when_their_file_goes(db: Database) -> None:
    barista, clerk = persona("barista"), persona("clerk")
    async with db.transaction() as session:
        assert await sync_personas(session, [barista, clerk], at(0)) == 2
    async with db.transaction() as session:
        assert await sync_personas(session, [barista, clerk], at(1)) == 0
    renamed = persona("barista", name="Bea")
    async with db.transaction() as session:
        assert await sync_personas(session, [renamed], at(2)) == 1
    async with db.reading() as session:
        rows = {row.id: row for row in await all_personas(session)}
    assert set(rows) == {"barista", "clerk"}
    assert (rows["barista"].name, rows["barista"].updated_at) == ("Bea", at(2))
    assert rows["barista"].content_hash == content_hash(renamed) != content_hash(barista)
    assert rows["clerk"].updated_at == at(0)
    assert rows["clerk"].source_template_id == "t1"
