"""`GET /health`: the process lives. `GET /ready`: it can take a call, and if not, why not.

A house whose lines are all taken is still ready: a caller over `MAX_CALLS` is told so politely, which is an answer,
and the running calls' own webhooks must go on arriving. `full` says it for those who want to know.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse

#: A database that needs longer than this would keep a caller's webhook waiting too long.
DATABASE_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What the house knows about itself without asking anyone. `calls`: slots taken now, of `max_calls`."""

    providers_warm: bool
    draining: bool
    calls: int
    max_calls: int


class House(Protocol):
    """What is asked whether it can take calls."""

    def standing(self) -> Standing:
        """How things stand; at once, without waiting."""

    async def ping_database(self) -> None:
        """Come back when the database has answered; raise if it cannot."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """`reasons`: why no call can be taken, each a short sentence for a person; empty when `ready`."""

    reasons: tuple[str, ...]
    calls: int
    max_calls: int

    @property
    def ready(self) -> bool:
        """Whether a call would be answered, be it by "all lines are taken"."""
        return not self.reasons

    @property
    def full(self) -> bool:
        """Whether the next caller would hear that all lines are taken."""
        return self.calls >= self.max_calls

    def as_json(self) -> dict[str, Any]:
        """The body of `GET /ready`."""
        return {
            "ready": self.ready,
            "reasons": list(self.reasons),
            "full": self.full,
            "calls": self.calls,
            "max_calls": self.max_calls,
        }


async def readiness(house: House) -> Readiness:
    """Ask `house`; takes at most `DATABASE_WITHIN_S` and never raises."""
    standing = house.standing()
    reasons = []
    if standing.draining:
        reasons.append("the server is shutting down")
    if not standing.providers_warm:
        reasons.append("speech is not ready yet")
    if (trouble := await _database_trouble(house)) is not None:
        reasons.append(trouble)
    return Readiness(tuple(reasons), standing.calls, standing.max_calls)


async def _database_trouble(house: House) -> str | None:
    try:
        async with asyncio.timeout(DATABASE_WITHIN_S):
            await house.ping_database()
    except TimeoutError:
        return f"the database did not answer within {DATABASE_WITHIN_S:g} s"
    except Exception as error:  # whatever the driver raises, it means the same here
        structlog.get_logger(__name__).warning("database does not answer", error=error)
        return "the database cannot be reached"
    return None


def health_router(house: House) -> APIRouter:
    """The routes `/health` and `/ready`, for monitors: no password, nothing personal in the answers."""
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def health() -> JSONResponse:
        """200 as long as the process can answer at all."""
        return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})

    @router.get("/ready", responses={503: {"description": "A call would not be answered; the reasons are in it"}})
    async def ready() -> JSONResponse:
        """200 when a call would be answered, else 503 with the reasons."""
        found = await readiness(house)
        return JSONResponse(found.as_json(), 200 if found.ready else 503, headers={"Cache-Control": "no-store"})

    return router
