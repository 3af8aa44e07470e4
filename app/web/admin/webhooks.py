"""What the customer's system was told, or could not be told, and the button that sends it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.store.delivering import EventFilters, NoSuchEventError, State, list_events, replay, state_of
from app.store.listing import CursorError
from app.store.outbound_tables import OutboxRow
from app.web.admin.gate import NO_PAGE, TroubleError, token_of
from app.web.admin.office import Desk
from app.web.admin.words import Said

LIST = "/admin/webhooks"
EVENTS_A_PAGE = 50

STATES: Mapping[State, Said] = {
    "waiting": Said("On its way", "live"),
    "delivered": Said("Delivered", "good"),
    "given-up": Said("Given up", "bad"),
}
"""How an event stands; also the choices of the filter."""

EVENTS: Mapping[str, str] = {
    "call.scheduled": "Call arranged",
    "call.started": "Call picked up",
    "call.completed": "Call completed",
    "call.failed": "Call failed",
    "interview.scored": "Interview scored",
}


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as a row. `where`: host and path alone, as a query may hold a key. `again`: what the button says."""

    row: OutboxRow
    what: str
    where: str
    said: Said
    again: str


async def show(request: Request, desk: Desk) -> Response:
    """A page of events, of those that stand as the address says."""
    given = request.query_params.get("state", "")
    state = cast(State, given) if given in STATES else None
    older = request.query_params.get("older")
    try:
        async with desk.office.db.reading() as session:
            page = await list_events(session, EventFilters(state=state), older, EVENTS_A_PAGE)
    except CursorError:
        advice = "The address was cut short on its way. Go to the newest webhooks and turn the pages from there."
        raise TroubleError(400, "There is no such page of webhooks", advice) from None
    return desk.pages.page(
        "webhooks.html",
        token=token_of(request, desk),
        rows=[_view(row) for row in page.items],
        states=[(slug, said.text) for slug, said in STATES.items()],
        state=state or "",
        newest=_link(state) if older else None,
        older=_link(state, older=page.next_cursor) if page.next_cursor else None,
    )


async def send_again(request: Request, desk: Desk) -> Response:
    """Sends one again, then shows the list as it was."""
    event_id: UUID = request.path_params["event_id"]
    try:
        async with desk.office.db.transaction() as session:
            await replay(session, event_id, desk.office.clock.utc())
    except NoSuchEventError:
        raise NO_PAGE from None
    state = request.state.form.get("state", "")
    return RedirectResponse(_link(cast(State, state) if state in STATES else None), 303)


def _link(state: State | None, **turned: str) -> str:
    query = urlencode(({"state": state} if state else {}) | turned)
    return f"{LIST}?{query}" if query else LIST


def _view(row: OutboxRow) -> EventView:
    state = state_of(row)
    said = STATES[state]
    if state == "waiting" and row.tries and row.last_error:
        said = Said("Not taken yet", "attention")
    return EventView(
        row=row,
        what=EVENTS.get(row.event, row.event),
        where=_where(row.url),
        said=said,
        again="Try now" if state == "waiting" else "Send again",
    )


def _where(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "no address"
    return f"{parts.hostname or ''}{parts.path}"
