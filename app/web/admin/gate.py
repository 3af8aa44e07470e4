"""Between the router and the pages: who may come in, that a form is ours, and what a page looks like that failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import structlog
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.web.admin.office import Desk
from app.web.admin.sessions import Session

Page = Callable[[Request, Desk], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]
Reader = Callable[[Request], Awaitable[dict[str, str]]]

SIGN_IN = "/admin/sign-in"
LARGEST_FORM_BYTES = 16_000
"""From somebody who has not signed in."""
LARGEST_OF_OURS_BYTES = 160_000
"""The longest question of the bank takes 15,000 letters, each up to nine bytes on its way (Devanagari, say)."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # no-referrer would make the browser's own forms come without an origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_log = structlog.get_logger(__name__)


class TroubleError(Exception):
    """A page that cannot be shown: `title` says what happened, `advice` what to do."""

    def __init__(self, status: int, title: str, advice: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.advice = advice


def opened(page: Page, desk: Desk) -> Endpoint:
    """`page` for everybody."""

    async def endpoint(request: Request) -> Response:
        request.state.session = desk.sessions.read(request)
        return _dressed(await _answered(page, request, desk))

    return endpoint


def guarded(page: Page, desk: Desk, read: Reader | None = None) -> Endpoint:
    """`page` for those who are signed in; others are sent to sign in first. A POST must bring its form's token, and the
    page finds what was typed in `request.state.form`. `read`: how its form comes, if not as forms mostly do."""

    async def endpoint(request: Request) -> Response:
        session = request.state.session = desk.sessions.read(request)
        if session is None:
            return _dressed(_sign_in_first(request))

        async def checked(request: Request, desk: Desk) -> Response:
            if request.method == "POST":
                form = await (read(request) if read else read_form(request, LARGEST_OF_OURS_BYTES))
                request.state.form = form
                check_form(request, desk, session.id, form)
            return await page(request, desk)

        return _dressed(await _answered(checked, request, desk))

    return endpoint


def session_of(request: Request) -> Session:
    """Who is signed in; only behind `guarded`."""
    session: Session = request.state.session
    return session


async def read_form(request: Request, largest_bytes: int = LARGEST_FORM_BYTES) -> dict[str, str]:
    """The fields of a form, the last of each name. Raises TroubleError for what is no form of ours."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest_bytes:
            raise TroubleError(413, "That was too much", "This form does not hold as much. Go back and shorten it.")
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise TroubleError(400, "That was no form", "Go back, reload the page, and try again.") from None


def check_form(request: Request, desk: Desk, bound_to: str, form: dict[str, str]) -> None:
    """Raises TroubleError unless the form was shown to `bound_to` and sent from our own page."""
    if not _from_here(request) or not desk.sessions.form_is_ours(bound_to, form.get("token", "")):
        advice = "Nothing was changed. Go back, reload the page, and send it again."
        raise TroubleError(403, "This form is out of date", advice)


def _from_here(request: Request) -> bool:
    """Browsers say where a form comes from; one that says nothing still has to know the token."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _sign_in_first(request: Request) -> Response:
    if "text/event-stream" in request.headers.get("accept", ""):
        return Response(status_code=204)  # tells the browser not to try again
    if request.method not in ("GET", "HEAD"):
        return RedirectResponse(SIGN_IN, 303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': wanted})}", 303)


async def _answered(page: Page, request: Request, desk: Desk) -> Response:
    try:
        return await page(request, desk)
    except TroubleError as trouble:
        return trouble_page(request, desk, trouble)
    except HTTPException as error:
        if error.status_code == 404:
            return trouble_page(request, desk, NO_PAGE)
        return Response(error.detail, error.status_code, error.headers, "text/plain")
    except OperationalError as error:
        _log.error("page_without_database", error=type(error.orig).__name__)
        advice = "Calls go on meanwhile, and nothing is lost. Reload in a moment."
        return trouble_page(request, desk, TroubleError(503, "The database does not answer", advice))
    except Exception as error:  # the person who looks at the page is owed an answer; the log has the rest
        _log.error("page_failed", path=request.url.path, error=type(error).__name__, exc_info=error)
        advice = "It has been logged, and calls are not affected. Reload, or go back to the calls."
        return trouble_page(request, desk, TroubleError(500, "This page has a fault", advice))


NO_PAGE = TroubleError(404, "There is no such page", "The address may be mistyped, or the call may have been removed.")


def trouble_page(request: Request, desk: Desk, trouble: TroubleError) -> Response:
    """A page that says what happened and what to do."""
    return desk.pages.page(
        "trouble.html",
        status=trouble.status,
        heading=trouble.title,
        advice=trouble.advice,
        token=token_of(request, desk),
    )


def token_of(request: Request, desk: Desk) -> str | None:
    """The token for this session's forms; None for somebody who is not signed in."""
    session: Session | None = request.state.session
    return None if session is None else desk.sessions.form_token(session.id)


def _dressed(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    return response
