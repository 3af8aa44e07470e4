"""Arranging calls: one by its form, or many by a sheet."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.runtime.arranging import FORBIDDEN, WishError, arrange
from app.runtime.call_sheet import COLUMNS, VARIABLES, SheetError, read_sheet
from app.runtime.taking_sheets import SheetTaker
from app.store.do_not_call import is_forbidden
from app.store.outbound_tables import ScheduledCallRow
from app.store.scheduling import create_call
from app.web.admin.gate import token_of
from app.web.admin.office import Desk
from app.web.admin.schedule_form import DAY_FIELDS, DELAYS, FIELD_OF, Form, empty_form, typed_form, wish_of, zone_names

ROWS_SHOWN = 200
_ORDER = {"refused": 0, "scheduled": 1, "same": 2}


async def show_new(request: Request, desk: Desk) -> Response:
    """The form of a call that is not arranged yet."""
    return form_page(request, desk, empty_form(next(iter(_personas(desk)), ("", ""))[0]))


async def create(request: Request, desk: Desk) -> Response:
    """Arrange what was typed, or say what is wrong with it."""
    form = typed_form(request.state.form)
    try:
        made = await _arranged(desk, form)
    except WishError as error:
        form = replace(form, wrong={FIELD_OF.get(error.field, error.field): str(error)})
        return form_page(request, desk, form, status=422)
    if isinstance(made, Form):
        return form_page(request, desk, made, status=422)
    desk.office.placing.nudge()
    return RedirectResponse(f"/admin/scheduled/{made.id}?made=1", 303)


async def show_sheet(request: Request, desk: Desk) -> Response:
    """Where a sheet of calls is sent."""
    return _sheet_page(request, desk)


async def take_sheet(request: Request, desk: Desk) -> Response:
    """Arrange what a sheet asks for, and show what became of every row."""
    office, data = desk.office, request.state.sheet
    try:
        if not data:
            raise SheetError("Choose a file.")
        rows = await asyncio.to_thread(lambda: list(read_sheet(data)))
    except SheetError as error:
        return _sheet_page(request, desk, status=422, wrong=str(error))
    judged = await SheetTaker(office.db, office.personas, office.placing, office.clock).take(rows)
    office.placing.nudge()
    counted = [one.verdict for one in judged].count
    return _sheet_page(
        request,
        desk,
        judged=sorted(judged, key=lambda one: (_ORDER[one.verdict], one.line))[:ROWS_SHOWN],
        numbers={row.line: row.wish.to for row in rows if row.wish},
        counts={verdict: counted(verdict) for verdict in ("scheduled", "same", "refused")},
        total=len(judged),
    )


async def _arranged(desk: Desk, form: Form) -> ScheduledCallRow | Form:
    """The call; the same one for a form that is sent twice. Raises WishError."""
    office = desk.office
    wish = wish_of(form)
    if isinstance(wish, Form):
        return wish
    now = office.clock.utc()
    made = arrange(wish, office.personas, office.placing.policy, now, hooks=office.placing.hooks)
    async with office.db.transaction() as session:
        if await is_forbidden(session, made.to_number):
            raise WishError("to", FORBIDDEN)
        row, _ = await create_call(session, made, source="page", now=now, key=form.key, body_hash=form.key[5:])
    return row


def _personas(desk: Desk) -> list[tuple[str, str]]:
    found = ((slug, persona.name) for slug, persona in desk.office.personas.items())
    return sorted(found, key=lambda item: item[1].casefold())


def form_page(
    request: Request, desk: Desk, form: Form, *, status: int = 200, changing: ScheduledCallRow | None = None
) -> Response:
    """The form of a call; of one that waits and is to be `changing`, with its revision."""
    return desk.pages.page(
        "schedule_new.html",
        status=status,
        token=token_of(request, desk),
        form=form,
        changing=changing,
        several=changing is not None and len(changing.windows) > 1,
        personas=_personas(desk),
        zones=zone_names(),
        days=DAY_FIELDS,
        delays=DELAYS,
        dials=desk.office.placing.dialler is not None,
    )


def _sheet_page(
    request: Request,
    desk: Desk,
    *,
    status: int = 200,
    wrong: str = "",
    judged: object = (),
    numbers: object = None,
    counts: object = None,
    total: int = 0,
) -> Response:
    return desk.pages.page(
        "schedule_sheet.html",
        status=status,
        token=token_of(request, desk),
        wrong=wrong,
        judged=judged,
        numbers=numbers or {},
        counts=counts,
        total=total,
        most=ROWS_SHOWN,
        columns=(*COLUMNS, f"{VARIABLES}NAME"),
    )
