"""`GET /metrics`: counts and durations for Prometheus, without a name, a number or a word of anybody."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

_TEXT = {"schema": {"type": "string"}}
_GIVES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The metrics", "content": {"text/plain": _TEXT, "application/openmetrics-text": _TEXT}}
}


def metrics_router(registry: CollectorRegistry) -> APIRouter:
    """The route `/metrics` over what was registered in `registry`, in the format that the asker prefers."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics", response_class=Response, responses=_GIVES)
    async def metrics(request: Request) -> Response:
        """Prometheus' text format, or OpenMetrics where the `Accept` header asks for it."""
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"Content-Type": content_type, "Cache-Control": "no-store"})

    return router
