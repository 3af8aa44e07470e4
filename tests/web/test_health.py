"""The monitors' routes: alive, ready or why not, and the counts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter

from app.web import health
from app.web.health import Standing, health_router
from app.web.metrics import metrics_router


@dataclass
class Lodge:
    """A small house whose database is `prompt`, `slow` or `gone`."""

    database: str = "prompt"
    stands: Standing = field(default_factory=lambda: Standing(True, False, calls=3, max_calls=50))

    def standing(self) -> Standing:
        return self.stands

    async def ping_database(self) -> None:
        if self.database == "slow":
            await asyncio.Event().wait()
        if self.database == "gone":
            raise ConnectionError("postgresql://user:secret@db")


async def get(lodge: Lodge, path: str, **headers: str) -> httpx.Response:
    registry = CollectorRegistry()
    Counter("parley_calls", "Calls by how they ended", ["end"], registry=registry).labels("goodbye").inc()
    app = FastAPI()
    app.include_router(health_router(lodge))
    app.include_router(metrics_router(registry))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        return await client.get(path, headers=headers)


async def test_a_house_that_can_take_a_call_says_so() -> None:
    answer = await get(Lodge(), "/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "reasons": [], "full": False, "calls": 3, "max_calls": 50}


async def test_a_full_house_is_ready_to_say_that_it_is_full() -> None:
    answer = await get(Lodge(stands=Standing(True, False, calls=50, max_calls=50)), "/ready")
    assert answer.status_code == 200
    assert answer.json()["full"] is True


@pytest.mark.parametrize(
    ("lodge", "reason"),
    [
        (Lodge(stands=Standing(False, False, 0, 50)), "speech is not ready yet"),
        (Lodge(stands=Standing(True, True, 0, 50)), "the server is shutting down"),
        (Lodge("gone"), "the database cannot be reached"),
        (Lodge("slow"), "the database did not answer within 0.01 s"),
    ],
)
async def test_a_house_that_cannot_says_why(lodge: Lodge, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "DATABASE_WITHIN_S", 0.01)
    answer = await get(lodge, "/ready")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == [reason]
    assert (await get(lodge, "/health")).status_code == 200


async def test_counts_are_given_in_either_format() -> None:
    plain = await get(Lodge(), "/metrics")
    assert plain.headers["content-type"].startswith("text/plain")
    assert 'parley_calls_total{end="goodbye"} 1.0' in plain.text
    modern = await get(Lodge(), "/metrics", accept="application/openmetrics-text; version=1.0.0")
    assert modern.headers["content-type"].startswith("application/openmetrics-text")
    assert modern.text.endswith("# EOF\n")
