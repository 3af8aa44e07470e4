"""Bodies that nobody can read, at every operation that takes one: refused in words, whatever the operation is."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from tests.web.api.test_problems import is_problem

JSON = {"Content-Type": "application/json"}
Operation = tuple[str, str]


@pytest.fixture
def operations(app: FastAPI) -> list[Operation]:
    """Method and path of everything that takes JSON, with something in the place of its ids."""
    found = [
        (
            method.upper(),
            path.replace("{e164}", "+14155550100").replace("{place}", "0").replace("{", "").replace("}", ""),
        )
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert len(found) >= 14
    return found


async def test_ten_megabytes_are_read_nowhere(client: httpx.AsyncClient, operations: list[Operation]) -> None:
    for method, path in operations:
        is_problem(await client.request(method, path, content=b" " * 10_000_000, headers=JSON), 413)


@pytest.mark.parametrize("body", [b'{"name": "\xff"}', b"\xef\xbb\xbf{", b"{" * 100, b"[" * 100_000])
async def test_what_is_no_json_in_utf_8_is_named(
    client: httpx.AsyncClient, operations: list[Operation], body: bytes
) -> None:
    for method, path in operations:
        answer = await client.request(method, path, content=body, headers=JSON)
        told = is_problem(answer, 422)
        assert told["errors"][0]["at"].startswith("body"), (method, path)  # type: ignore[index]


async def test_every_operation_with_a_body_says_what_may_become_of_it(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                assert {"401", "413", "422"} <= set(operation["responses"]), (method, path)
