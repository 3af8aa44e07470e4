"""A scorecard as a file, for whoever is signed in: the same that REST gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from app.store.cards import StoredCard
from app.web.admin.gate import NO_PAGE
from app.web.admin.interview_page import card_of
from app.web.admin.office import Desk
from app.web.api.scorecard_csv import as_csv
from app.web.api.scorecard_schemas import ScorecardOut

FORMS: Mapping[str, tuple[str, Callable[[StoredCard], str]]] = {
    "csv": ("text/csv", as_csv),
    "json": ("application/json", lambda stored: ScorecardOut.of(stored).model_dump_json(indent=1)),
}


async def scorecard(request: Request, desk: Desk) -> Response:
    """The scorecard in the form that the address ends with."""
    form = FORMS.get(request.path_params["form"])
    if form is None:
        raise NO_PAGE
    media_type, render = form
    stored = await card_of(request, desk)
    name = f"interview-{stored.interview.id}.{request.path_params['form']}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(render(stored), headers=headers, media_type=f"{media_type}; charset=utf-8")
