"""Stepping into a running call: it is ended, which is asked for on a page of its own or in a dialog that holds the same
form; or keys are pressed on its line."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dialling.keys import checked_keys
from app.store.tables import ACTIVE
from app.web.admin.call_page import call_of, view_of
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.office import Desk


async def ask(request: Request, desk: Desk) -> Response:
    """Says what would happen, and has the button that does it."""
    async with desk.office.db.reading() as session:
        call = await call_of(request, session)
    if call.status not in ACTIVE:
        return _to_page(request)
    return desk.pages.page("hang_up.html", token=token_of(request, desk), call=view_of(call))


async def do(request: Request, desk: Desk) -> Response:
    """Ends the call, then shows its page; a call that has ended meanwhile is what was wanted."""
    async with desk.office.db.reading() as session:
        call = await call_of(request, session)
    goodbye = bool(request.state.form.get("goodbye"))
    if call.status in ACTIVE and not await desk.office.hang_up(call.id, politely=goodbye):
        advice = "It is still ringing, or just ending, or its machine does not answer. Look again in a moment."
        raise TroubleError(409, "This call cannot be hung up from here", advice)
    return _to_page(request)


async def press(request: Request, desk: Desk) -> Response:
    """Presses keys on the call's line; a call that has ended meanwhile has no use for them."""
    async with desk.office.db.reading() as session:
        call = await call_of(request, session)
    try:
        keys = checked_keys(request.state.form.get("digits", "").strip())
    except ValueError as error:
        raise TroubleError(422, "These keys cannot be pressed", str(error)) from None
    if keys and call.status in ACTIVE and not await desk.office.send_digits(call.id, keys):
        advice = "It is still ringing, or just ending, or its machine does not answer. Look again in a moment."
        raise TroubleError(409, "No keys can be pressed on this call", advice)
    return _to_page(request)


def _to_page(request: Request) -> Response:
    return RedirectResponse(f"/admin/calls/{request.path_params['call_id']}", 303)
