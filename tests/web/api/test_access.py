from __future__ import annotations

import dataclasses
import re
from functools import reduce

import httpx
import pytest
from fastapi import FastAPI

from app.web import problems
from app.web.api import build_router
from tests.web.api.conftest import House

EVERYWHERE = [
    ("GET", "/api/v1/calls"),
    ("GET", "/api/v1/calls/CA1"),
    ("GET", "/api/v1/calls/CA1/transcript.json"),
    ("GET", "/api/v1/calls/CA1/transcript.txt"),
    ("GET", "/api/v1/calls/CA1/recording.wav"),
    ("HEAD", "/api/v1/calls/CA1/recording.wav"),
    ("GET", "/api/v1/calls/CA1/timeline.jsonl"),
    ("POST", "/api/v1/calls/CA1/hangup"),
    ("GET", "/api/v1/personas"),
    ("GET", "/api/v1/numbers"),
    ("PUT", "/api/v1/numbers/+1415"),
    ("DELETE", "/api/v1/numbers/+1415"),
]


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
async def test_nobody_gets_in_without_the_key(stranger: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await stranger.request(method, path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "given", ["Bearer wrong", "Bearer ", "Bearer a-key-for-test", "Basic a-key-for-tests", "x", "Bearer é"]
)
async def test_a_wrong_key_is_no_key(stranger: httpx.AsyncClient, given: str) -> None:
    answer = await stranger.get("/api/v1/calls", headers={"Authorization": given.encode()})
    assert answer.status_code == 401
    assert answer.json()["status"] == 401


async def test_a_house_without_a_key_lets_nobody_in(house: House) -> None:
    app = FastAPI()
    app.include_router(build_router(dataclasses.replace(house, api_key="")))
    problems.install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://parley.test") as client:
        for given in ("Bearer ", "Bearer x"):
            assert (await client.get("/api/v1/personas", headers={"Authorization": given})).status_code == 401


async def test_the_key_opens_and_answers_are_not_kept_by_caches(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/calls")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


async def test_openapi_refers_to_nothing_that_it_does_not_hold(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/openapi.json")
    spec = answer.json()
    named = set(re.findall(r'"\$ref": ?"#/([^"]+)"', answer.text))
    assert named
    for name in named:
        reduce(lambda found, key: found[key], name.split("/"), spec)


async def test_openapi_knows_the_key_and_the_problems(stranger: httpx.AsyncClient) -> None:
    spec = (await stranger.get("/openapi.json")).json()
    assert spec["components"]["securitySchemes"]["API key"]["scheme"] == "bearer"
    for path, methods in spec["paths"].items():
        if not path.startswith("/api/"):
            continue
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert operation["tags"]
            assert operation["security"] == [{"API key": []}]
            assert set(operation["responses"]["422"]["content"]) == {"application/problem+json"}
    assert (await stranger.get("/docs")).status_code == 200
