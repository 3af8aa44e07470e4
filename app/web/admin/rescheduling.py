"""Changing a call while it waits, on the form that arranges one: what nobody touches stays as it is, to the second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dialling.plan import Plan
from app.dialling.window import DAY_MINUTES, Windows, dump
from app.dialling.zones import zone
from app.runtime.arranging import FORBIDDEN, Wish, WishError, arrange
from app.store.do_not_call import is_forbidden
from app.store.outbound_tables import ScheduledCallRow
from app.store.scheduling import (
    NoSuchScheduledCallError,
    NotWaitingError,
    change_call,
    find_scheduled,
    plan_of,
    windows_of,
)
from app.web.admin.gate import TroubleError
from app.web.admin.office import Desk
from app.web.admin.schedule_form import DAY_FIELDS, DELAYS, FIELD_OF, Form, empty_form, typed_form, wish_of
from app.web.admin.scheduled import NO_CALL
from app.web.admin.scheduling import form_page

MOVED = TroubleError(
    409,
    "This call was changed, rung or cancelled meanwhile",
    "Nothing was kept of your changes. Look at the call: Schedule, at the top; it can be changed while it waits.",
)
_TIME = ("when", "at", "time_zone")
_HOURS = (*DAY_FIELDS, "from", "until")
_VARIABLES = ("candidate_name", "role", "variables")


async def show(request: Request, desk: Desk) -> Response:
    """The form with what is arranged; a call that does not wait is shown instead."""
    row = await _found(request, desk)
    if row.status != "waiting":
        return RedirectResponse(f"/admin/scheduled/{row.id}", 303)
    return form_page(request, desk, form_of(row), changing=row)


async def change(request: Request, desk: Desk) -> Response:
    """Arrange the call as it was typed, or say what is wrong with it."""
    row, form, office = await _found(request, desk), typed_form(request.state.form), desk.office
    if row.status != "waiting" or request.state.form.get("revision") != str(row.revision):
        raise MOVED
    try:
        wish = wish_of(form)
        if isinstance(wish, Form):
            return form_page(request, desk, wish, changing=row, status=422)
        await _changed(desk, row, _kept(wish, form, row), known=not _touched(form, row, _TIME))
    except WishError as error:
        form = replace(form, wrong={FIELD_OF.get(error.field, error.field): str(error)})
        return form_page(request, desk, form, changing=row, status=422)
    except NotWaitingError:
        raise MOVED from None
    office.placing.nudge()
    return RedirectResponse(f"/admin/scheduled/{row.id}?changed=1", 303)


async def _changed(desk: Desk, row: ScheduledCallRow, wish: Wish, *, known: bool) -> None:
    """Raises WishError and NotWaitingError. `known`: its time stays as it is, even if it has passed, and so does the
    time at which it is to be tried again."""
    office, placing = desk.office, desk.office.placing
    time, again = (row.scheduled_at, row.next_attempt_at) if known else (None, None)
    wish = replace(wish, scheduled_at=None) if known else wish
    now = office.clock.utc()
    made = arrange(wish, office.personas, placing.policy, now, known_time=time, not_before=again, hooks=placing.hooks)
    async with office.db.transaction() as session:
        if await is_forbidden(session, made.to_number):
            raise WishError("to", FORBIDDEN)
        await change_call(session, row.id, made, now, based_on=row.revision)


async def _found(request: Request, desk: Desk) -> ScheduledCallRow:
    id_: UUID = request.path_params["call_id"]
    try:
        async with desk.office.db.reading() as session:
            return await find_scheduled(session, id_)
    except NoSuchScheduledCallError:
        raise NO_CALL from None


def form_of(row: ScheduledCallRow) -> Form:
    """The form as it would have been filled in for this call; what a form cannot say is near it (minutes for seconds)
    or left out (several windows)."""
    named = {name: row.variables[name] for name in _VARIABLES[:2] if isinstance(row.variables.get(name), str)}
    others = (f"{name}: {value}" for name, value in row.variables.items() if name not in named)
    delays = plan_of(row).delays_s
    typed = {
        **empty_form(row.persona).typed,
        "to": row.to_number,
        "when": "at",
        "at": row.scheduled_at.astimezone(zone(row.time_zone)).strftime("%Y-%m-%dT%H:%M"),
        "time_zone": row.time_zone,
        "max_attempts": str(row.max_attempts),
        "voicemail": row.voicemail,
        "webhook_url": row.webhook_url or "",
        "campaign": row.campaign,
        "send_digits": row.send_digits,
        "variables": "\n".join(others),
        **{name: _minutes(delays.get(kind, ())) for name, kind in DELAYS.items()},
        **named,
        **_hours(windows_of(row)),
    }
    return Form(typed)


def _minutes(delays_s: Iterable[int]) -> str:
    return ", ".join(str(max(1, round(one / 60))) for one in delays_s)


def _hours(windows: Windows) -> dict[str, str]:
    if len(windows) != 1:
        return {}
    (written,), (window,) = dump(windows), windows
    days = {name: "on" if name[4:] in written["days"] else "" for name in DAY_FIELDS}
    if (window.begins, window.ends) == (0, DAY_MINUTES):
        return days
    return days | {"from": str(written["from"]), "until": str(written["until"])}


def _touched(form: Form, row: ScheduledCallRow, names: Iterable[str]) -> bool:
    """Was any of these typed anew? Browsers end lines otherwise than we do."""
    was = form_of(row).typed
    return any(form.typed[name].split() != was[name].split() for name in names)


def _kept(wish: Wish, form: Form, row: ScheduledCallRow) -> Wish:
    """The wish, with everything of the row that was not touched."""
    delays, was = dict(wish.plan.delays_s), plan_of(row).delays_s
    for name, kind in DELAYS.items():
        if not _touched(form, row, (name,)):
            delays.pop(kind, None)
            delays |= {kind: was[kind]} if kind in was else {}
    kept: dict[str, Any] = {"plan": Plan(wish.plan.max_attempts, delays)}
    if not _touched(form, row, _HOURS):
        kept["windows"] = windows_of(row)
    if not _touched(form, row, _VARIABLES):
        kept["variables"] = row.variables
    return replace(wish, **kept)
