"""Signing in with the one password there is, and signing out."""

from __future__ import annotations

import re

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.web.admin.gate import check_form, read_form, session_of
from app.web.admin.office import Desk
from app.web.api.services import same_secret

FRONT = "/admin/calls"

_PLACE = re.compile(r"/admin/[!-\[\]-~]{0,500}")
"""A path of ours in plain ASCII: no other machine, no backslash that a browser might read as a slash."""

_log = structlog.get_logger(__name__)


def safe_place(wanted: str) -> str:
    """Where to go after signing in: `wanted` if it is a page of ours, else the calls."""
    ours = _PLACE.fullmatch(wanted) and not wanted.startswith("/admin/sign-")
    return wanted if ours else FRONT


async def show(request: Request, desk: Desk) -> Response:
    """The form; whoever is signed in already goes on."""
    if request.state.session is not None:
        return RedirectResponse(safe_place(request.query_params.get("next", "")), 303)
    return _form(request, desk, request.query_params.get("next", ""))


async def take(request: Request, desk: Desk) -> Response:
    """The password comes in."""
    form = await read_form(request)
    wanted = form.get("next", "")
    check_form(request, desk, desk.sessions.visit(request), form)
    address = request.client.host if request.client else "unknown"
    wait_s = desk.attempts.wait_s(address)
    if wait_s:
        minutes = -(-wait_s // 60)
        problem = f"Too many wrong passwords. Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}."
        answer = _form(request, desk, wanted, problem, status=429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    kept = desk.office.password
    if not kept or not same_secret(form.get("password", ""), kept):
        desk.attempts.failed(address)
        _log.warning("sign_in_refused")
        return _form(request, desk, wanted, "This is not the password. It was printed at the first start.", status=403)
    desk.attempts.succeeded(address)
    answer = RedirectResponse(safe_place(wanted), 303)
    desk.sessions.begin(answer)
    return answer


async def sign_out(request: Request, desk: Desk) -> Response:
    """Ends the session everywhere."""
    answer = RedirectResponse("/admin/sign-in", 303)
    desk.sessions.end(session_of(request), answer)
    return answer


def _form(request: Request, desk: Desk, wanted: str, problem: str = "", status: int = 200) -> Response:
    visit = desk.sessions.visit(request)
    answer = desk.pages.page(
        "sign_in.html",
        status=status,
        form_token=desk.sessions.form_token(visit),
        wanted=safe_place(wanted),
        problem=problem,
        token=None,
    )
    desk.sessions.remember_visit(visit, answer)
    return answer
