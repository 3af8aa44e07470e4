"""All doors of the house in one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from prometheus_client import CollectorRegistry

from app.web import api, health, problems, stream, twilio, twilio_onward, twilio_placed
from app.web.admin.router import Office
from app.web.admin.router import build_router as admin_router
from app.web.metrics import metrics_router
from app.web.reception import Reception


@dataclass(frozen=True, slots=True)
class Doors:
    """What each door needs behind it. `living`: what runs for as long as the application does."""

    reception: Reception
    services: api.Services
    house: health.House
    office: Office
    registry: CollectorRegistry
    living: Callable[[], AbstractAsyncContextManager[None]]


def create_application(doors: Doors) -> FastAPI:
    """Carrier webhooks and streams, REST with its documentation, pages, and what monitors ask."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with doors.living():
            yield

    application = FastAPI(
        title="Parley",
        summary="An agent you can phone",
        description="Calls, their transcripts and recordings. Send the API key as a bearer token.",
        lifespan=lifespan,
        redoc_url=None,
    )
    application.include_router(twilio.build_router(doors.reception))
    application.include_router(twilio_onward.build_router(doors.reception))
    application.include_router(twilio_placed.build_router(doors.reception))
    application.include_router(stream.build_router(doors.reception))
    application.include_router(api.build_router(doors.services))
    application.include_router(admin_router(doors.office))
    application.include_router(health.health_router(doors.house))
    application.include_router(metrics_router(doors.registry))
    problems.install(application)

    @application.get("/", include_in_schema=False)
    async def front() -> RedirectResponse:
        return RedirectResponse("/admin/calls", 303)

    return application
