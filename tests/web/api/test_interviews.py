"""Interviews by text over REST, from the beginning to the end; what comes twice; and what was said by phone."""

from __future__ import annotations

import httpx
import pytest

from tests.runtime.interviewed import ANSWERS, EVASION, fill_bank, interviewer, rows
from tests.store.talks import a_told_talk
from tests.web.api.conftest import House, persona
from tests.web.api.sitting import ADA, asking, begin, event, problem


@pytest.fixture(autouse=True)
async def bank(house: House) -> None:
    house.personas = {"interviewer": interviewer(), "assistant": persona("assistant")}
    await fill_bank(house.db)


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
