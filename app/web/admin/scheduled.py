"""Calls that were arranged: which wait, ring, went wrong or will be tried again; one with its attempts; cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.runtime.cancelling import cancel_and_hang_up
from app.store.campaigns import get_campaign, resume_campaign, stopped_campaigns
from app.store.listing import CursorError
from app.store.scheduled_counts import campaign_names, counts_by_status
from app.store.scheduling import (
    NoSuchScheduledCallError,
    NotWaitingError,
    ScheduledFilters,
    attempts_of,
    find_scheduled,
    list_scheduled,
    plan_of,
    windows_of,
)
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.office import Desk
from app.web.admin.outbound_words import AGAIN, SOURCES, STOPPED, attempt_ended, stands
from app.web.admin.plan_words import delays_in_words, windows_in_words
from app.web.invitation import MEDIA_TYPE, file_name, invitation

CALLS_A_PAGE = 50
LONGEST = 60
KINDS = (
    ("", "All"),
    ("waiting", "Waiting"),
    ("again", "To be tried again"),
    ("calling", "Ringing now"),
    ("failed", "Went wrong"),
    ("completed", "Done"),
    ("cancelled", "Cancelled"),
)
NO_CALL = TroubleError(404, "There is no such call", "Look for it in the list: Schedule, at the top.")


async def show(request: Request, desk: Desk) -> Response:
    """A page of arranged calls, narrowed as the address says, and the campaigns that stand still."""
    typed = {
        name: request.query_params.get(name, "")[:LONGEST].strip() for name in ("kind", "persona", "campaign", "to")
    }
    cursor = request.query_params.get("older")
    try:
        async with desk.office.db.reading() as session:
            page = await list_scheduled(session, _filters(typed), cursor, CALLS_A_PAGE)
            counts = await counts_by_status(session)
            campaigns = await campaign_names(session)
            stopped = await stopped_campaigns(session)
    except CursorError:
        advice = "The address was cut short on its way. Go to Schedule and turn the pages from there."
        raise TroubleError(400, "There is no such page of calls", advice) from None
    return desk.pages.page(
        "scheduled.html",
        token=token_of(request, desk),
        rows=[(row, stands(row)) for row in page.items],
        typed=typed,
        kinds=[(slug, label, _link(typed | {"kind": slug}), counts.get(slug)) for slug, label in KINDS],
        older=_link(typed | {"older": page.next_cursor}) if page.next_cursor else None,
        newest=_link(typed) if cursor else None,
        active=any(typed.values()),
        personas=sorted((slug, persona.name) for slug, persona in desk.office.personas.items()),
        campaigns=campaigns,
        stopped={row.name: row for row in stopped},
        reasons=STOPPED,
        dials=desk.office.placing.dialler is not None,
    )


async def show_one(request: Request, desk: Desk) -> Response:
    """One call, what was arranged for it, and every attempt."""
    try:
        async with desk.office.db.reading() as session:
            row = await find_scheduled(session, request.path_params["call_id"])
            attempts = await attempts_of(session, row.id)
            campaign = await get_campaign(session, row.campaign)
    except NoSuchScheduledCallError:
        raise NO_CALL from None
    return desk.pages.page(
        "scheduled_call.html",
        token=token_of(request, desk),
        call=row,
        stands=stands(row),
        attempts=[(one, attempt_ended(one)) for one in attempts],
        windows=windows_in_words(windows_of(row)),
        delays=delays_in_words(plan_of(row)),
        source=SOURCES.get(row.source, row.source),
        stopped=campaign if campaign is not None and campaign.stopped_at else None,
        reasons=STOPPED,
        made="made" in request.query_params,
        changed="changed" in request.query_params,
    )


async def cancel(request: Request, desk: Desk) -> Response:
    """Ring no more; a call that is over already is not changed."""
    office, id_ = desk.office, request.path_params["call_id"]
    try:
        await cancel_and_hang_up(office.db, office.placing, office.clock, id_)
    except NoSuchScheduledCallError:
        raise NO_CALL from None
    except NotWaitingError:
        pass  # it ended meanwhile: its page says how
    return RedirectResponse(f"/admin/scheduled/{id_}", 303)


async def invite(request: Request, desk: Desk) -> Response:
    """The call as a calendar entry."""
    try:
        async with desk.office.db.reading() as session:
            row = await find_scheduled(session, request.path_params["call_id"])
    except NoSuchScheduledCallError:
        raise NO_CALL from None
    personas = desk.office.personas
    name = personas[row.persona].name if row.persona in personas else row.persona
    headers = {"Content-Disposition": f'attachment; filename="{file_name(row)}"'}
    return Response(invitation(row, name), headers=headers, media_type=MEDIA_TYPE)


async def resume(request: Request, desk: Desk) -> Response:
    """Set a campaign going again; one that goes already is what was wanted."""
    async with desk.office.db.transaction() as session:
        await resume_campaign(session, request.state.form.get("campaign", "")[:LONGEST], desk.office.clock.utc())
    desk.office.placing.nudge()
    return RedirectResponse("/admin/scheduled", 303)


def _filters(typed: Mapping[str, str]) -> ScheduledFilters:
    again = typed["kind"] == "again"
    return ScheduledFilters(
        status="waiting" if again else typed["kind"] or None,
        persona=typed["persona"] or None,
        campaign=typed["campaign"] or None,
        to_number=typed["to"].replace(" ", "") or None,
        reasons=sorted(AGAIN) if again else (),
    )


def _link(typed: Mapping[str, str | None]) -> str:
    query = urlencode({name: value for name, value in typed.items() if value})
    return f"/admin/scheduled?{query}" if query else "/admin/scheduled"
