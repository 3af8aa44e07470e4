"""The routes of the admin pages."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.web.admin import (
    call_list,
    call_page,
    costs,
    downloads,
    forbidden,
    hanging_up,
    interview_downloads,
    interview_list,
    interview_page,
    interview_scoring,
    live,
    people,
    questions,
    rescheduling,
    scheduled,
    scheduling,
    sign_in,
    text_talk,
    webhooks,
)
from app.web.admin.assets import PREFIX
from app.web.admin.gate import NO_PAGE, Page, guarded, opened
from app.web.admin.office import Desk, Office
from app.web.admin.uploads import read_upload

__all__ = ["Office", "build_router"]

CALL = "/admin/calls/{call_id:uuid}"
INTERVIEW = "/admin/interviews/{interview_id:uuid}"
QUESTION = "/admin/questions/{question_id}"
SCHEDULED = "/admin/scheduled/{call_id:uuid}"

OPEN: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/admin/sign-in", sign_in.show),
    ("POST", "/admin/sign-in", sign_in.take),
)

GUARDED: tuple[tuple[str, str, Page], ...] = (
    ("POST", "/admin/sign-out", sign_in.sign_out),
    ("GET", "/admin/calls", call_list.show),
    ("GET", "/admin/live", live.calls),
    ("GET", CALL, call_page.show),
    ("GET", f"{CALL}/live", live.call),
    ("GET", f"{CALL}/hang-up", hanging_up.ask),
    ("POST", f"{CALL}/hang-up", hanging_up.do),
    ("POST", f"{CALL}/digits", hanging_up.press),
    ("GET", f"{CALL}/recording.wav", downloads.recording),
    ("GET", f"{CALL}/timeline.jsonl", downloads.timeline),
    ("GET", f"{CALL}/transcript.{{form}}", downloads.transcript),
    ("GET", "/admin/scheduled", scheduled.show),
    ("GET", "/admin/scheduled/new", scheduling.show_new),
    ("POST", "/admin/scheduled/new", scheduling.create),
    ("GET", "/admin/scheduled/sheet", scheduling.show_sheet),
    ("POST", "/admin/scheduled/resume", scheduled.resume),
    ("GET", SCHEDULED, scheduled.show_one),
    ("GET", f"{SCHEDULED}/edit", rescheduling.show),
    ("POST", f"{SCHEDULED}/edit", rescheduling.change),
    ("POST", f"{SCHEDULED}/cancel", scheduled.cancel),
    ("GET", f"{SCHEDULED}/invite.ics", scheduled.invite),
    ("GET", "/admin/do-not-call", forbidden.show),
    ("POST", "/admin/do-not-call", forbidden.add),
    ("POST", "/admin/do-not-call/remove", forbidden.remove),
    ("GET", "/admin/interviews", interview_list.show),
    ("GET", INTERVIEW, interview_page.show),
    ("GET", f"{INTERVIEW}/print", interview_page.show_printed),
    ("GET", f"{INTERVIEW}/scorecard.{{form}}", interview_downloads.scorecard),
    ("POST", f"{INTERVIEW}/questions/{{place:int}}/overrule", interview_scoring.take_overrule),
    ("POST", f"{INTERVIEW}/rescore", interview_scoring.take_rescoring),
    ("GET", "/admin/personas", people.show),
    ("GET", "/admin/questions", questions.show),
    ("GET", "/admin/new-question", questions.show_new),
    ("POST", "/admin/new-question", questions.create),
    ("GET", QUESTION, questions.show_one),
    ("POST", QUESTION, questions.change),
    ("POST", f"{QUESTION}/retire", questions.retire),
    ("POST", f"{QUESTION}/restore", questions.restore),
    ("GET", "/admin/costs", costs.show),
    ("GET", "/admin/webhooks", webhooks.show),
    ("POST", "/admin/webhooks/{event_id:uuid}/replay", webhooks.send_again),
    ("GET", "/admin/interviews/new", text_talk.show_new),
    ("POST", "/admin/interviews/new", text_talk.create),
    ("GET", "/admin/interviews/{interview_id:uuid}/talk", text_talk.show),
    ("POST", "/admin/interviews/{interview_id:uuid}/talk", text_talk.say),
)

UPLOADS: tuple[tuple[str, Page], ...] = (
    ("/admin/scheduled/sheet", scheduling.take_sheet),
    ("/admin/do-not-call/sheet", forbidden.take_sheet),
)


def build_router(office: Office) -> APIRouter:
    """Every page under `/admin`, its styles and scripts with them. Nothing of it is in the REST description."""
    desk = Desk.of(office)
    router = APIRouter(include_in_schema=False)
    for method, path, page in OPEN:
        router.add_route(path, opened(page, desk), methods=[method])
    for method, path, page in GUARDED:
        router.add_route(path, guarded(page, desk), methods=[method])
    for path, page in UPLOADS:
        router.add_route(path, guarded(page, desk, read_upload), methods=["POST"])
    router.add_route(PREFIX + "/{version}/{name}", opened(_asset, desk), methods=["GET"])
    router.add_route("/admin", opened(_front, desk), methods=["GET"])
    # whatever is left: a page of ours says so, also to those who mistyped the last letter
    router.add_route("/admin/{rest:path}", guarded(_nowhere, desk), methods=["GET"])
    return router


async def _front(_request: Request, _desk: Desk) -> Response:
    return RedirectResponse("/admin/calls", 303)


async def _asset(request: Request, desk: Desk) -> Response:
    found = desk.assets.response(request.path_params["version"], request.path_params["name"])
    if found is None:
        raise NO_PAGE
    return found


async def _nowhere(_request: Request, _desk: Desk) -> Response:
    raise NO_PAGE
