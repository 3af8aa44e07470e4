"""Interviews by text over REST: the road, the borders, and that nothing bad changes anything."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.runtime.text_interviews import LONGEST_TEXT
from app.web.problems import MEDIA_TYPE
from tests.runtime.interviewed import ANSWERS, EVASION, fill_bank, interviewer, rows
from tests.store.talks import a_told_talk
from tests.web.api.conftest import House, persona

ADA = {"persona": "interviewer", "candidate_name": "Ada Lovelace", "role": "Analyst", "candidate_id": "p-1"}


@pytest.fixture(autouse=True)
async def bank(house: House) -> None:
    house.personas = {"interviewer": interviewer(), "assistant": persona("assistant")}
    await fill_bank(house.db)


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


async def test_an_interview_is_begun_led_and_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/interviews", json=ADA)
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/interviews/{made['id']}"
    assert made["state"] == {
        "phase": "new", "over": None, "question_number": None, "question_count": 10, "expects": None,
    }  # fmt: skip
    assert (made["candidate_name"], made["topic"], made["channel"]) == ("Ada Lovelace", "python", "text")
    started = (await event(client, made["id"], "start", event_id="e-1")).json()
    assert [line["kind"] for line in started["messages"]] == ["greeting", "disclosure", "consent"]
    assert started["state"]["expects"] == {"kind": "quick", "think_s": 8.0}
    turn = (await event(client, made["id"], text="yes")).json()
    while turn["state"]["phase"] != "over":
        (question,) = (line["text"] for line in turn["messages"] if line["kind"] == "question")
        turn = (await event(client, made["id"], text=ANSWERS[question])).json()
    assert turn["state"]["over"] == "complete"
    said = (await client.get(f"/api/v1/interviews/{made['id']}/messages")).json()
    assert [item["role"] for item in said["items"][:5]] == ["agent", "agent", "agent", "candidate", "agent"]
    assert next(item["text"] for item in said["items"] if item["kind"] == "user_turn") == "yes"
    assert said["state"] == turn["state"]
    assert said["next_cursor"] is None


async def test_messages_are_turned_by_pages(client: httpx.AsyncClient) -> None:
    id_ = await asking(client)
    for _ in range(3):
        await event(client, id_, text="I don't know")
    whole = (await client.get(f"/api/v1/interviews/{id_}/messages")).json()["items"]
    items, cursor = [], None
    for _ in range(5):
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(f"/api/v1/interviews/{id_}/messages", params=query)).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert items == whole


async def test_the_same_event_id_has_the_same_answer_to_the_letter(client: httpx.AsyncClient, house: House) -> None:
    id_ = await asking(client)
    once = await event(client, id_, text=EVASION, event_id="e-3")
    before = await rows(house.db)
    again = await event(client, id_, text=EVASION, event_id="e-3")
    assert (again.status_code, again.content) == (200, once.content)
    for type_, text in (("user_turn", "other words"), ("timeout", ""), ("start", "")):
        assert "event_id" in problem(await event(client, id_, type_, text, "e-3"), 409)["detail"]
    assert await rows(house.db) == before


async def test_an_idempotency_key_begins_one_interview(client: httpx.AsyncClient, house: House) -> None:
    key = {"Idempotency-Key": "order 7"}
    once = await client.post("/api/v1/interviews", json=ADA, headers=key)
    before = await rows(house.db)
    again = await client.post("/api/v1/interviews", json=ADA, headers=key)
    assert (again.status_code, again.json()) == (201, once.json())
    other = await client.post("/api/v1/interviews", json=ADA | {"role": "Clerk"}, headers=key)
    assert "Idempotency-Key" in problem(other, 409)["detail"]
    for bad in ("", "x" * 256):
        problem(await client.post("/api/v1/interviews", json=ADA, headers={"Idempotency-Key": bad}), 422)
    assert await rows(house.db) == before


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


async def test_by_phone_the_lines_of_its_calls_are_read_and_no_turns_are_taken(
    client: httpx.AsyncClient, house: House
) -> None:
    async with house.db.transaction() as session:
        told = await a_told_talk(session)
        elsewhere = await a_told_talk(session)
    path = f"/api/v1/interviews/{told.interview.id}"
    items, cursor = [], None
    while cursor or not items:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(f"{path}/messages", params=query)).json()
        items, cursor = items + page["items"], page["next_cursor"]
    assert [item["text"] for item in items if item["role"] == "candidate"] == list(told.talk.heard.values())
    assert {item["call_id"] for item in items} == {str(told.call.id)} != {str(elsewhere.call.id)}
    before = await rows(house.db)
    refused = problem(await event(client, str(told.interview.id), text="hello"), 409)
    assert refused["detail"]
    assert await rows(house.db) == before


@pytest.mark.parametrize("query", ["cursor=x", "cursor=-1", "limit=0", "limit=201", "points=1"])
async def test_a_page_that_there_is_not_is_refused(client: httpx.AsyncClient, query: str) -> None:
    id_ = await begin(client)
    problem(await client.get(f"/api/v1/interviews/{id_}/messages?{query}"), 422)
    assert (await client.get(f"/api/v1/interviews/{id_}/messages?cursor=999")).json()["items"] == []
