"""The list of calls, newest first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.store.listing import CursorError
from app.store.personas import all_personas
from app.store.turning import found_lines, turn_to
from app.web.admin.choices import read_choices
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.office import Desk
from app.web.admin.row import row_of
from app.web.admin.words import ENDINGS, RUNNING

CALLS_A_PAGE = 50


async def show(request: Request, desk: Desk) -> Response:
    """A page of calls, searched and filtered as the address says."""
    choices = read_choices(request.query_params)
    older, newer = request.query_params.get("older"), request.query_params.get("newer")
    search = choices.filters.search
    try:
        async with desk.office.db.reading() as session:
            leaf = await turn_to(session, choices.filters, older=older, newer=newer, limit=CALLS_A_PAGE)
            found = await found_lines(session, [call.id for call in leaf.items], search) if search else {}
            remembered = await all_personas(session)
    except CursorError:
        advice = "The address was cut short on its way. Go to the newest calls and turn the pages from there."
        raise TroubleError(400, "There is no such page of calls", advice) from None
    personas = {row.id: row.name for row in remembered} | {id_: who.name for id_, who in desk.office.personas.items()}
    return desk.pages.page(
        "calls.html",
        token=token_of(request, desk),
        rows=[row_of(call, found.get(call.id), search or "") for call in leaf.items],
        choices=choices,
        newer=choices.link(newer=leaf.newer) if leaf.newer else None,
        older=choices.link(older=leaf.older) if leaf.older else None,
        first=leaf.newer is None,
        personas=sorted(personas.items(), key=lambda item: item[1].casefold()),
        outcomes=[("in-progress", RUNNING["in-progress"].text)] + [(slug, said.text) for slug, said in ENDINGS.items()],
        number=desk.office.number,
    )
