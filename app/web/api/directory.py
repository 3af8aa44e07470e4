"""Who answers, and at which number, by REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Response

from app.store.numbers import all_numbers, delete_number, get_number, put_number
from app.web.api.bounded import BoundedRoute
from app.web.api.schemas import E164, NumberIn, NumberOut, NumberPage, PersonaOut, PersonaPage
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(route_class=BoundedRoute)

Number = Annotated[E164, Path(description="The number: `+`, country code, digits", examples=["+14155550199"])]


@router.get("/personas", tags=["personas"], summary="List the personas")
async def personas(house: House) -> PersonaPage:
    """All of them; there are as many as files in `personas/`."""
    return PersonaPage(items=[PersonaOut.of(persona) for _, persona in sorted(house.personas.items())])


@router.get("/numbers", tags=["numbers"], summary="List the numbers that have a persona")
async def numbers(house: House) -> NumberPage:
    """All of them; a number that is not here is answered by the default persona."""
    async with house.db.reading() as session:
        return NumberPage(items=[NumberOut.of(row) for row in await all_numbers(session)])


@router.get("/numbers/{e164}", tags=["numbers"], summary="Who answers a number", responses=described(404))
async def number(house: House, e164: Number) -> NumberOut:
    """404 if nobody was given it: then the default persona answers."""
    async with house.db.reading() as session:
        row = await get_number(session, e164)
    if row is None:
        raise HTTPException(404, "Nobody was given this number: the default persona answers it.")
    return NumberOut.of(row)


@router.put("/numbers/{e164}", tags=["numbers"], summary="Give a number to a persona", responses=described(413))
async def put(house: House, e164: Number, given: NumberIn) -> NumberOut:
    """From the next call on, whoever had it before. 422 if there is no such persona."""
    if given.persona not in house.personas:
        known = ", ".join(sorted(house.personas))
        raise HTTPException(422, f"There is no persona of this id; there are: {known}.")
    async with house.db.transaction() as session:
        return NumberOut.of(await put_number(session, e164, persona=given.persona, label=given.label))


@router.delete(
    "/numbers/{e164}",
    tags=["numbers"],
    status_code=204,
    response_class=Response,
    summary="Take a number from its persona",
    responses=described(404),
)
async def delete(house: House, e164: Number) -> None:
    """From the next call on the default persona answers it."""
    async with house.db.transaction() as session:
        if not await delete_number(session, e164):
            raise HTTPException(404, "Nobody was given this number.")
