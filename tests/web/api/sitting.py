"""What tests of interviews over REST send again and again."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx

from app.web.problems import MEDIA_TYPE

ADA = {"persona": "interviewer", "candidate_name": "Ada Lovelace", "role": "Analyst", "candidate_id": "p-1"}


async def begin(client: httpx.AsyncClient, **more: Any) -> str:
    answer = await client.post("/api/v1/interviews", json=ADA | more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def event(
    client: httpx.AsyncClient, id_: str, type_: str = "user_turn", text: str = "", event_id: str = ""
) -> httpx.Response:
    body = {"event_type": type_, "event_id": event_id or uuid4().hex} | ({"text": text} if text else {})
    return await client.post(f"/api/v1/interviews/{id_}/turns", json=body)


async def asking(client: httpx.AsyncClient) -> str:
    """An interview whose first question is open."""
    id_ = await begin(client)
    await event(client, id_, "start", event_id="e-1")
    await event(client, id_, text="yes, I agree", event_id="e-2")
    return id_


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE), answer.text
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    return found
