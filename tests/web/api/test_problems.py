from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.web.api.conftest import House


def is_problem(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, object] = answer.json()
    assert told["type"] == "about:blank"
    assert told["status"] == status
    assert told["title"]
    assert str(told["detail"]).endswith(".")
    assert told["instance"] == answer.request.url.path
    return told


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2/calls", 404),
        ("DELETE", "/api/v1/calls", 405),
        ("GET", "/api/v1/calls/not-an-id", 404),
        ("GET", "/api/v1/calls/00000000-0000-0000-0000-000000000000", 404),
        ("GET", "/api/v1/calls/CA00", 404),
        ("GET", "/api/v1/calls/CA%00/transcript.json", 404),
        ("GET", "/api/v1/calls?limit=0", 422),
        ("GET", "/api/v1/calls?limit=201", 422),
        ("GET", "/api/v1/calls?limit=many", 422),
        ("GET", "/api/v1/calls?direction=sideways", 422),
        ("GET", "/api/v1/calls?since=yesterday", 422),
        ("GET", "/api/v1/calls?since=0.5", 422),
        ("GET", "/api/v1/calls?since=0001-01-01T00:00:00%2B14:00", 422),
        ("GET", "/api/v1/calls?cursor=nonsense", 422),
        ("GET", "/api/v1/calls?personna=assistant", 422),
        ("GET", "/api/v1/numbers/12", 422),
        ("GET", "/api/v1/numbers/+1415x", 422),
    ],
)
async def test_errors_under_api_are_problem_details(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    is_problem(await client.request(method, path), status)


async def test_a_wrong_method_is_told_the_right_ones(client: httpx.AsyncClient) -> None:
    assert (await client.delete("/api/v1/personas")).headers["allow"] == "GET"
    assert (await client.put("/api/v1/calls")).headers["allow"] == "GET, POST"
    assert (await client.post("/api/v1/calls/x")).headers["allow"] == "GET, PUT, PATCH, DELETE"


async def test_all_that_is_wrong_is_told_without_repeating_it(client: httpx.AsyncClient) -> None:
    told = is_problem(await client.get("/api/v1/calls", params={"limit": "s3cret", "direction": "s3cret"}), 422)
    assert {fault["at"] for fault in told["errors"]} == {"query.limit", "query.direction"}  # type: ignore[attr-defined]
    assert "s3cret" not in str(told)


@pytest.mark.parametrize("body", ["", "{", "[]", '{"persona": 5}', '{"persona": "assistant", "colour": "red"}'])
async def test_a_body_that_is_not_understood(client: httpx.AsyncClient, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    is_problem(await client.put("/api/v1/numbers/+14155550100", content=body, headers=headers), 422)


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        raise self.error
        yield


async def test_what_breaks_inside_stays_inside(house: House, client: httpx.AsyncClient) -> None:
    house.db = Failing(RuntimeError("inner details"))  # type: ignore[assignment]
    answer = await client.get("/api/v1/numbers")
    is_problem(answer, 500)
    assert "inner" not in answer.text


async def test_a_database_that_is_away_is_worth_another_try(house: House, client: httpx.AsyncClient) -> None:
    house.db = Failing(OperationalError("SELECT secret", {}, Exception("database is locked")))  # type: ignore[assignment]
    answer = await client.get("/api/v1/numbers")
    is_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0
    assert "secret" not in answer.text


async def test_other_paths_keep_their_manners(stranger: httpx.AsyncClient) -> None:
    for path, status in (("/nowhere", 404), ("/page?broken=maybe", 422), ("/page?broken=1", 500), ("/apiary", 404)):
        answer = await stranger.get(path)
        assert answer.status_code == status
        assert "problem" not in answer.headers["content-type"]
        assert "inner" not in answer.text
