"""Errors of the REST API as RFC 9457 problem details, for everything under `/api`.

Pages and carrier webhooks have manners of their own: whatever handled their errors before goes on doing so.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2

Handler = Callable[[Request, Any], Awaitable[Response]]

_log = structlog.get_logger(__name__)


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    at: str = Field(description="Where, as `query.limit` or `body.persona`", examples=["query.limit"])
    problem: str = Field(description="What is wrong with it", examples=["Input should be less than or equal to 200"])


class ProblemDetails(BaseModel):
    """RFC 9457: what went wrong, for people and programs."""

    type: str = Field(default="about:blank", description="`about:blank`: the status says what kind of problem it is")
    title: str = Field(description="The status in words", examples=["Not Found"])
    status: int = Field(description="The HTTP status", examples=[404])
    detail: str = Field(description="What happened and what to do", examples=["There is no such call."])
    instance: str = Field(description="The path that was asked for", examples=["/api/v1/calls/CA0"])
    errors: list[Fault] | None = Field(default=None, description="All that is wrong with the request, if that is it")


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[Fault] | None = None,
) -> Response:
    """A problem as a response. `detail` is shown to the client: a sentence, and nothing internal."""
    content = ProblemDetails(
        title=HTTPStatus(status).phrase, status=status, detail=detail, instance=request.url.path, errors=errors
    ).model_dump(exclude_none=True)
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(content, status, headers=kept, media_type=MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These problems, as OpenAPI wants to know about them."""
    schema = ProblemDetails.model_json_schema()
    faults = next(kind for kind in schema["properties"]["errors"]["anyOf"] if "items" in kind)
    faults["items"] = schema.pop("$defs")["Fault"]  # a reference is looked up in the whole document, where it is not
    content = {MEDIA_TYPE: {"schema": schema}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Answer errors under `/api` with problem details. Call it last: handlers set before keep the other paths."""
    for kind, handler in (
        (HTTPException, _refused),
        (RequestValidationError, _malformed),
        (OperationalError, _database_away),
        (Exception, _broken),
    ):
        before = app.exception_handlers.get(kind) or _elsewhere(kind)
        app.add_exception_handler(kind, _under_api(handler, before))


def _under_api(handler: Handler, before: Any) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        if request.url.path == "/api" or request.url.path.startswith("/api/"):
            return await handler(request, error)
        answer: Any = before(request, error)
        response: Response = await answer if inspect.isawaitable(answer) else answer
        return response

    return handle


def _elsewhere(kind: type[Exception]) -> Handler:
    """What becomes, outside `/api`, of an error that nobody handles: what would without us."""

    async def handle(_request: Request, error: Exception) -> Response:
        if kind is Exception:  # the outermost handler: the server has it logged after this
            return PlainTextResponse("Internal Server Error", 500)
        raise error

    return handle


async def _refused(request: Request, error: HTTPException) -> Response:
    status = error.status_code
    phrase = HTTPStatus(status).phrase
    detail = error.detail if error.detail and error.detail != phrase else _SENTENCES.get(status, f"{phrase}.")
    headers = error.headers
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {**(headers or {}), "Allow": ", ".join(_methods(request))}
    return problem(request, status, detail, headers=headers)


def _methods(request: Request) -> list[str]:
    """What the address takes: the router names only those of the first route that is there."""
    described = request.app.openapi()["paths"].get(request.url.path)
    if described is not None:  # `/calls/bulk` is a path of its own, although `/calls/{call_id}` fits it too
        return [one for one in _METHODS if one.lower() in described]
    routes = request.app.router.routes
    asked = {method: {**request.scope, "method": method} for method in _METHODS}
    return [one for one, scope in asked.items() if any(it.matches(scope)[0] is Match.FULL for it in routes)]


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


_SENTENCES = {
    404: "There is nothing at this address: see /docs for what there is.",
    405: "This address does not take this method: see the Allow header.",
}


async def _malformed(request: Request, error: RequestValidationError) -> Response:
    # pydantic's `input` and `ctx` are left out: they repeat what was sent
    faults: dict[str, Fault] = {}
    for found in error.errors():
        # what is in brackets is no field's name: the kind that one of several was taken for
        at = ".".join(str(step) for step in found["loc"] if "[" not in str(step))
        faults.setdefault(at, Fault(at=at, problem=str(found["msg"]).removeprefix("Value error, ")))
    return problem(request, 422, "The request is not understood: see errors.", errors=list(faults.values()))


async def _database_away(request: Request, error: OperationalError) -> Response:
    _log.error("database_away", path_under="/api", error=type(error.orig).__name__)
    detail = "The database does not answer at the moment: try again shortly."
    return problem(request, 503, detail, headers={"Retry-After": str(RETRY_AFTER_S)})


async def _broken(request: Request, _error: Exception) -> Response:
    return problem(request, 500, "Something went wrong here, not with the request. It has been logged.")
