"""Routes that read no more of a request than they can use, and say of a body that is no text where it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException as AnyHTTPException

LARGEST_BODY_BYTES = 256_000
"""The longest text of a turn, 20,000 characters, takes at most 240,000 bytes however a client escapes it."""
_UNREADABLE = "This is no JSON in UTF-8, or it is nested too deeply."


class BoundedRoute(APIRoute):
    """Refuses a larger body with 413 as soon as there is too much of it, and one that cannot be decoded with 422."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            body = bytearray()
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST_BODY_BYTES:
                    raise HTTPException(413, f"The body is too large: at most {LARGEST_BODY_BYTES} bytes are taken.")
            whole = {"type": "http.request", "body": bytes(body), "more_body": False}

            async def receive() -> dict[str, Any]:
                return whole

            try:
                return await handle(Request(request.scope, receive))
            except AnyHTTPException as error:
                if error.status_code != HTTPStatus.BAD_REQUEST:
                    raise
                # FastAPI's word for what is not UTF-8, or nested too deeply; what is no JSON has 422 from it
                raise RequestValidationError([{"loc": ("body",), "msg": _UNREADABLE, "type": "json_invalid"}]) from None

        return bounded
