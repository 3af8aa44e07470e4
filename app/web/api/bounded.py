"""Routes that read no more of a request than they can use."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

LARGEST_BODY_BYTES = 256_000
"""The longest text of a turn, 20,000 characters, takes at most 240,000 bytes however a client escapes it."""


class BoundedRoute(APIRoute):
    """Refuses a larger body with 413 as soon as there is too much of it."""

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

            return await handle(Request(request.scope, receive))

        return bounded
