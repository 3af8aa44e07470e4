"""The do-not-call list: who is on it and why, adding one number or a sheet, taking one off."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dialling.numbers import NumberRefusedError, checked
from app.runtime.call_sheet import SheetError
from app.runtime.number_sheet import LONGEST_NOTE, read_numbers
from app.store.do_not_call import (
    LONGEST_REASON,
    SHORTEST_REASON,
    allow_again,
    forbid,
    get_forbidden,
    list_forbidden,
    removed_before,
)
from app.web.admin.gate import token_of
from app.web.admin.office import Desk
from app.web.admin.outbound_words import SOURCES
from app.web.api.do_not_call_sheets import NumbersTaker, NumbersVerdict

NUMBERS_A_PAGE = 50
REFUSED_SHOWN = 100


async def show(request: Request, desk: Desk) -> Response:
    """The list, in the order of the numbers, or the one number that is asked for."""
    return await _page(request, desk)


async def add(request: Request, desk: Desk) -> Response:
    """Never ring a number again, or say why it is none."""
    typed = {name: request.state.form.get(name, "")[:500] for name in ("number", "note")}
    wrong: dict[str, str] = {}
    note = " ".join(typed["note"].split())
    if len(note) > LONGEST_NOTE:
        wrong["note"] = f"This is one line of at most {LONGEST_NOTE} characters."
    try:
        number = checked(_digits(typed["number"]))
    except NumberRefusedError as error:
        wrong["number"] = str(error)
    if wrong:
        return await _page(request, desk, status=422, typed=typed, wrong=wrong)
    async with desk.office.db.transaction() as session:
        await forbid(session, number, source="page", now=desk.office.clock.utc(), note=note)
    return RedirectResponse(f"/admin/do-not-call?{urlencode({'number': number, 'added': 1})}", 303)


async def remove(request: Request, desk: Desk) -> Response:
    """Allow a number again, if somebody says why; one that is not on the list is what was wanted."""
    form = request.state.form
    number, reason = form.get("number", "")[:32].replace("\x00", ""), " ".join(form.get("reason", "")[:500].split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        wrong = {"reason": f"Say why it may be rung again, in {SHORTEST_REASON} to {LONGEST_REASON} letters."}
        return await _page(request, desk, status=422, asked=number, reason=reason, wrong=wrong)
    async with desk.office.db.transaction() as session:
        await allow_again(session, number, source="page", reason=reason, now=desk.office.clock.utc())
    return RedirectResponse(f"/admin/do-not-call?{urlencode({'number': number, 'removed': 1})}", 303)


async def take_sheet(request: Request, desk: Desk) -> Response:
    """Enter a sheet of numbers, and say which of its rows were none."""
    data = request.state.sheet
    try:
        if not data:
            raise SheetError("Choose a file.")
        rows = await asyncio.to_thread(lambda: list(read_numbers(data)))
    except SheetError as error:
        return await _page(request, desk, status=422, wrong={"sheet": str(error)})
    taken = await NumbersTaker(desk.office.db, desk.office.clock).take(rows)
    return await _page(request, desk, taken=taken)


async def _page(
    request: Request,
    desk: Desk,
    *,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    taken: NumbersVerdict | None = None,
    asked: str = "",
    reason: str = "",
) -> Response:
    """`asked`: the number that is shown alone. `reason`: why it may be rung again, as it was typed."""
    asked = asked or request.query_params.get("number", "")[:32].strip()
    after = request.query_params.get("after", "")[:32].replace("\x00", "")
    async with desk.office.db.reading() as session:
        if asked:
            number = _digits(asked).replace("\x00", "")
            one = await get_forbidden(session, number)
            rows = [one] if one else []
            before = await removed_before(session, number)
        else:
            rows = list(await list_forbidden(session, after, NUMBERS_A_PAGE + 1))
            before = ()
    shown = rows[:NUMBERS_A_PAGE]
    return desk.pages.page(
        "do_not_call.html",
        status=status,
        token=token_of(request, desk),
        rows=shown,
        asked=asked,
        added="added" in request.query_params and bool(shown),
        removed="removed" in request.query_params and not shown,
        before=before,
        reason=reason,
        turned=bool(after),
        more=urlencode({"after": shown[-1].e164}) if len(rows) > NUMBERS_A_PAGE else "",
        typed=typed or {"number": "", "note": ""},
        wrong=wrong or {},
        taken=taken,
        most=REFUSED_SHOWN,
        sources=SOURCES,
    )


def _digits(text: str) -> str:
    """A number without what people write between its digits."""
    return re.sub(r"[\s().\-/]", "", text)
