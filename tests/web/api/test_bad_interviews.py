"""Interviews over REST: nothing bad that comes to one changes a row."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.runtime.text_interviews import LONGEST_TEXT
from tests.runtime.interviewed import fill_bank, interviewer, rows
from tests.web.api.conftest import House, persona
from tests.web.api.sitting import ADA, asking, begin, event, problem


@pytest.fixture(autouse=True)
async def bank(house: House) -> None:
    house.personas = {"interviewer": interviewer(), "assistant": persona("assistant")}
    await fill_bank(house.db)


OUT_OF_ORDER = [
    ("new", "user_turn", "hello", 409, "start"),
    ("new", "timeout", "", 409, "start"),
    ("asking", "start", "", 409, "started"),
    ("paused", "user_turn", "hello", 409, "paused"),
    ("paused", "timeout", "", 409, "paused"),
    ("over", "start", "", 409, "over"),
    ("over", "user_turn", "hello", 409, "over"),
    ("over", "timeout", "", 409, "over"),
]


@pytest.mark.parametrize(("phase", "type_", "text", "status", "says"), OUT_OF_ORDER)
async def test_turns_out_of_order_change_nothing(
    client: httpx.AsyncClient, house: House, phase: str, type_: str, text: str, status: int, says: str
) -> None:
    id_ = await begin(client) if phase == "new" else await asking(client)
    if phase == "paused":
        for _ in range(4):
            await event(client, id_, "timeout")
    if phase == "over":
        await event(client, id_, text="stop")
        await event(client, id_, text="yes")
    before = await rows(house.db)
    assert says in problem(await event(client, id_, type_, text), status)["detail"]
    assert await rows(house.db) == before
    assert (await client.get(f"/api/v1/interviews/{id_}/messages")).json()["state"]["phase"] == phase


MALFORMED: list[tuple[Any, str]] = [
    ({}, "body.event_type"),
    ([], "body"),
    ("user_turn", "body"),
    (None, "body"),
    ({"event_type": "user_turn", "event_id": "e", "text": ""}, "body.text"),
    ({"event_type": "user_turn", "event_id": "e"}, "body.text"),
    ({"event_type": "user_turn", "event_id": "e", "text": " \n\t\u00a0\u2003\0"}, "body.text"),
    ({"event_type": "user_turn", "event_id": "e", "text": "\u200b\u2060\ufeff"}, "body.text"),
    ({"event_type": "user_turn", "event_id": "e", "text": "x" * (LONGEST_TEXT + 1)}, "body.text"),
    ({"event_type": "user_turn", "event_id": "e", "text": 7}, "body.text"),
    ({"event_type": "user_turn", "event_id": "e", "text": ["hello"]}, "body.text"),
    ({"event_type": "user_turn", "event_id": "e", "text": None}, "body.text"),
    ({"event_type": "start", "event_id": "e", "text": "hello"}, "body.text"),
    ({"event_type": "timeout", "event_id": "e", "text": " "}, "body.text"),
    ({"event_type": "judged", "event_id": "e"}, "body.event_type"),
    ({"event_type": "USER_TURN", "event_id": "e", "text": "hello"}, "body.event_type"),
    ({"event_type": "user_turn", "text": "hello"}, "body.event_id"),
    ({"event_type": "user_turn", "event_id": "", "text": "hello"}, "body.event_id"),
    ({"event_type": "user_turn", "event_id": "x" * 101, "text": "hello"}, "body.event_id"),
    ({"event_type": "user_turn", "event_id": "a b", "text": "hello"}, "body.event_id"),
    ({"event_type": "user_turn", "event_id": "e\n", "text": "hello"}, "body.event_id"),
    ({"event_type": "user_turn", "event_id": 7, "text": "hello"}, "body.event_id"),
    ({"event_type": "user_turn", "event_id": "e", "text": "hello", "points": 90}, "body.points"),
    ({"event_type": "user_turn", "event_id": "e", "text": "hello", "digits": "1"}, "body.digits"),
]


@pytest.mark.parametrize(("body", "at"), MALFORMED)
async def test_what_is_no_event_is_named_and_changes_nothing(
    client: httpx.AsyncClient, house: House, body: Any, at: str
) -> None:
    id_ = await asking(client)
    before = await rows(house.db)
    answer = problem(await client.post(f"/api/v1/interviews/{id_}/turns", json=body), 422)
    assert at in {fault["at"] for fault in answer["errors"]}
    assert await rows(house.db) == before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"event_type": "start", "event_id": "\\ud800"}', b"[" * 9999]
)
async def test_what_is_no_json_changes_nothing(client: httpx.AsyncClient, house: House, body: bytes) -> None:
    id_ = await begin(client)
    before = await rows(house.db)
    headers = {"content-type": "application/json"}
    answer = await client.post(f"/api/v1/interviews/{id_}/turns", content=body, headers=headers)
    assert problem(answer, answer.status_code)["status"] in (400, 422)
    assert await rows(house.db) == before


async def test_half_a_character_is_refused(client: httpx.AsyncClient, house: House) -> None:
    id_ = await asking(client)
    before = await rows(house.db)
    body = b'{"event_type": "user_turn", "event_id": "e", "text": "half \\ud83d of one"}'
    headers = {"content-type": "application/json"}
    problem(await client.post(f"/api/v1/interviews/{id_}/turns", content=body, headers=headers), 422)
    assert await rows(house.db) == before


async def test_a_body_that_is_too_large_is_not_even_read(client: httpx.AsyncClient, house: House) -> None:
    id_ = await asking(client)
    before = await rows(house.db)
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 50_000_000:
            sent += 65_536
            yield b" " * 65_536

    headers = {"content-type": "application/json"}
    answer = await client.post(f"/api/v1/interviews/{id_}/turns", content=endless(), headers=headers)
    problem(answer, 413)
    for path in ("interviews", f"interviews/{id_}/turns"):
        problem(await client.post(f"/api/v1/{path}", json={"persona": "x" * 300_000}), 413)
    assert await rows(house.db) == before


async def test_the_longest_text_goes_in_however_it_is_written(client: httpx.AsyncClient) -> None:
    id_ = await asking(client)
    body = {"event_type": "user_turn", "event_id": "e", "text": "\U0001f600" * LONGEST_TEXT}
    content = json.dumps(body, ensure_ascii=True)
    headers = {"content-type": "application/json"}
    answer = await client.post(f"/api/v1/interviews/{id_}/turns", content=content, headers=headers)
    assert answer.status_code == 200
    said = (await client.get(f"/api/v1/interviews/{id_}/messages")).json()["items"]
    assert next(item["text"] for item in reversed(said) if item["role"] == "candidate") == body["text"]


@pytest.mark.parametrize("id_", ["00000000-0000-4000-8000-000000000000", "1", "%00", "..", "' or 1=1", "x" * 3000])
async def test_other_peoples_interviews_are_not_there(client: httpx.AsyncClient, house: House, id_: str) -> None:
    await asking(client)
    before = await rows(house.db)
    problem(await client.post(f"/api/v1/interviews/{id_}/turns", json={"event_type": "start", "event_id": "e"}), 404)
    problem(await client.get(f"/api/v1/interviews/{id_}/messages"), 404)
    assert await rows(house.db) == before


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"persona": "nobody"}, "body.persona"),
    ({"persona": "assistant"}, "body.persona"),
    ({"persona": ""}, "body.persona"),
    ({"topic": "no-such-topic"}, "body.topic"),
    ({"topic": "Not A Name"}, "body.topic"),
    ({"topic": ""}, "body.topic"),
    ({"candidate_name": "x" * 201}, "body.candidate_name"),
    ({"candidate_name": "Ada\nLovelace"}, "body.candidate_name"),
    ({"candidate_name": 7}, "body.candidate_name"),
    ({"role": "\0"}, "body.role"),
    ({"candidate_id": "x" * 101}, "body.candidate_id"),
    ({"score": 90}, "body.score"),
]


@pytest.mark.parametrize(("more", "at"), WRONG)
async def test_an_interview_that_cannot_be_had_is_named_by_field(
    client: httpx.AsyncClient, house: House, more: dict[str, Any], at: str
) -> None:
    before = await rows(house.db)
    answer = problem(await client.post("/api/v1/interviews", json=ADA | more), 422)
    assert [fault["at"] for fault in answer["errors"]] == [at]
    assert await rows(house.db) == before


async def test_a_stranger_leads_nothing(client: httpx.AsyncClient, stranger: httpx.AsyncClient, house: House) -> None:
    id_ = await asking(client)
    before = await rows(house.db)
    problem(await stranger.post("/api/v1/interviews", json=ADA), 401)
    problem(await event(stranger, id_, text="hello"), 401)
    problem(await stranger.get(f"/api/v1/interviews/{id_}/messages"), 401)
    assert await rows(house.db) == before
