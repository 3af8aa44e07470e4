"""Who can answer the telephone, and at which numbers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.store.numbers import all_numbers
from app.web.admin.gate import token_of
from app.web.admin.office import Desk


async def show(request: Request, desk: Desk) -> Response:
    """Every persona, as its file has it; read only."""
    async with desk.office.db.reading() as session:
        numbers = await all_numbers(session)
    given: dict[str, list[str]] = {}
    for number in numbers:
        given.setdefault(number.persona, []).append(number.e164)
    people = sorted(desk.office.personas.values(), key=lambda persona: persona.name.casefold())
    return desk.pages.page("personas.html", token=token_of(request, desk), people=people, numbers=given)
