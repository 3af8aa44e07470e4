"""Calls to place by REST: what is taken, what is refused and which field is named, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app.clock import SystemClock
from app.store.campaigns import stop_campaign
from app.store.do_not_call import forbid
from app.store.scheduling import find_scheduled
from tests.web.api.conftest import House

PATH = "/api/v1/calls"
NUMBER = "+14155550123"
NOBODY = "67a5f466-fdb8-434b-a3c6-065a11991ed3"


def wish(**given: Any) -> dict[str, Any]:
    return {"to": NUMBER, "persona": "interviewer"} | given


def named(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["errors"][0]["at"])


def in_days(days: float) -> str:
    return (SystemClock().utc() + timedelta(days=days)).isoformat()


async def test_a_call_is_arranged_and_can_be_read(client: httpx.AsyncClient) -> None:
    given = wish(
        scheduled_at=in_days(2),
        time_zone="Europe/Berlin",
        window={"days": ["mon", "fri"], "from": "09:00", "until": "17:30"},
        retry={"busy": [60, 120], "no_answer": 600},
        max_attempts=4,
        voicemail="leave_message",
        variables={"candidate_name": "Ada", "tries": 2},
        webhook_url="https://ats.example/hook",
        campaign="spring",
    )
    made = await client.post(PATH, json=given)
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["status"], body["reason"], body["attempts"], body["to"]) == ("waiting", "scheduled", 0, NUMBER)
    assert body["window"] == [{"days": ["mon", "fri"], "from": "09:00", "until": "17:30"}]
    assert body["retry"] == {"busy": [60, 120], "no_answer": [600]}
    read = await client.get(made.headers["location"])
    assert read.json() == body | {"history": []}


async def test_a_call_without_a_time_is_due_now_in_the_zone_that_its_number_tells(client: httpx.AsyncClient) -> None:
    body = (await client.post(PATH, json=wish())).json()
    assert body["time_zone"] == "America/Los_Angeles"
    assert body["next_attempt_at"] == body["scheduled_at"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"to": "12345"}, "body.to"),
        ({"to": "+911"}, "body.to"),
        ({"to": "+19005550100"}, "body.to"),
        ({"to": "+1 415 555 0123"}, "body.to"),
        ({"to": None}, "body.to"),
        ({"persona": "nobody"}, "body.persona"),
        ({"scheduled_at": 4_000_000_000}, "body.scheduled_at"),
        ({"scheduled_at": "46000.375"}, "body.scheduled_at"),
        ({"scheduled_at": "2020-01-01T09:00:00Z"}, "body.scheduled_at"),
        ({"scheduled_at": "2020-01-01T09:00:00", "time_zone": "UTC"}, "body.scheduled_at"),
        ({"scheduled_at": "9999-12-31T23:59:59-23:59"}, "body.scheduled_at"),
        ({"scheduled_at": "0001-01-01T00:00:00+14:00"}, "body.scheduled_at"),
        ({"scheduled_at": "2999-01-01T09:00:00"}, "body.scheduled_at"),
        ({"scheduled_at": "tomorrow"}, "body.scheduled_at"),
        ({"time_zone": "Mars/Olympus"}, "body.time_zone"),
        ({"to": "+18005550100"}, "body.time_zone"),
        ({"window": {"days": []}}, "body.window"),
        ({"window": {"from": "09:00", "until": "09:00"}}, "body.window"),
        ({"window": {"from": "25:00"}}, "body.window.from"),
        ({"window": [{"from": "09:00"}, {"from": "25:00"}]}, "body.window.1.from"),
        ({"window": {"colour": "red"}}, "body.window.colour"),
        ({"window": "always"}, "body.window"),
        ({"max_attempts": 0}, "body.max_attempts"),
        ({"retry": {"busy": 0}}, "body.retry"),
        ({"retry": {"tired": 5}}, "body.retry"),
        ({"voicemail": "sing"}, "body.voicemail"),
        ({"variables": {"a b": "c"}}, "body.variables"),
        ({"variables": {"a": "x" * 501}}, "body.variables"),
        ({"webhook_url": "ftp://ats.example"}, "body.webhook_url"),
        ({"webhook_url": "http://[::1"}, "body.webhook_url"),
        ({"webhook_url": "http://ats.example/hook"}, "body.webhook_url"),
        ({"webhook_url": "https://127.0.0.1/hook"}, "body.webhook_url"),
        ({"webhook_url": "https://[::ffff:10.0.0.1]/hook"}, "body.webhook_url"),
        ({"webhook_url": "https://169.254.169.254/latest"}, "body.webhook_url"),
        ({"webhook_url": "https://2130706433/"}, "body.webhook_url"),
        ({"webhook_url": "https://localhost:8000/"}, "body.webhook_url"),
        ({"campaign": "x" * 61}, "body.campaign"),
        ({"colour": "red"}, "body.colour"),
    ],
)
async def test_what_cannot_be_is_refused_by_the_name_of_its_field(
    client: httpx.AsyncClient, given: dict[str, Any], field: str
) -> None:
    response = await client.post(PATH, json=wish(**given))
    assert response.status_code == 422, response.text
    assert named(response).startswith(field)
    assert (await client.get(f"{PATH}/scheduled")).json()["items"] == []


async def test_the_same_key_gives_the_same_call_and_another_body_under_it_is_refused(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "order-1"}
    first, again = [await client.post(PATH, json=wish(), headers=key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = await client.post(PATH, json=wish(max_attempts=5), headers=key)
    assert other.status_code == 409
    assert len((await client.get(f"{PATH}/scheduled")).json()["items"]) == 1


async def test_a_number_on_the_list_is_not_arranged_until_it_is_taken_off(client: httpx.AsyncClient) -> None:
    entered = await client.post("/api/v1/do-not-call", json={"number": NUMBER, "note": "asked by mail"})
    assert (entered.status_code, entered.json()["source"]) == (201, "rest")
    assert named(await client.post(PATH, json=wish())) == "body.to"
    assert [one["number"] for one in (await client.get("/api/v1/do-not-call")).json()["items"]] == [NUMBER]
    path, why = f"/api/v1/do-not-call/{NUMBER}", {"reason": "they rang and asked for it"}
    assert named(await client.delete(path)) == "query.reason"
    assert named(await client.delete(path, params={"reason": "   "})) == "query.reason"
    assert (await client.delete(path, params=why)).status_code == 204
    assert (await client.delete(path, params=why)).status_code == 404
    known = (await client.get(path)).json()
    assert (known["entry"], [it["reason"] for it in known["removed"]]) == (None, [why["reason"]])
    assert (known["removed"][0]["note"], known["removed"][0]["removed_by"]) == ("asked by mail", "rest")
    assert (await client.get("/api/v1/do-not-call/+4930123456")).status_code == 404
    assert (await client.post(PATH, json=wish())).status_code == 201
    assert named(await client.post("/api/v1/do-not-call", json={"number": "911"})) == "body.number"


async def test_a_waiting_call_is_changed_and_cancelled_and_then_no_more(client: httpx.AsyncClient) -> None:
    at = (await client.post(PATH, json=wish(scheduled_at=in_days(1)))).headers["location"]
    changed = await client.put(at, json=wish(scheduled_at=in_days(3), max_attempts=7))
    assert (changed.status_code, changed.json()["max_attempts"]) == (200, 7)
    assert named(await client.put(at, json=wish(persona="nobody"))) == "body.persona"
    patched = await client.patch(at, json={"voicemail": "leave_message"})
    assert patched.json() | {"updated_at": 0} == changed.json() | {"voicemail": "leave_message", "updated_at": 0}
    assert named(await client.patch(at, json={"colour": "red"})) == "body.colour"
    assert named(await client.patch(at, json={"max_attempts": 0})) == "body.max_attempts"
    assert named(await client.patch(at, json={"webhook_url": "https://10.0.0.7/"})) == "body.webhook_url"
    assert named(await client.put(at, json=wish(webhook_url="http://ats.example/"))) == "body.webhook_url"
    cancelled = await client.delete(at)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert (await client.delete(at)).status_code == 409
    assert (await client.put(at, json=wish())).status_code == 409


async def test_what_is_to_be_tried_again_is_rung_no_sooner_for_a_patch(client: httpx.AsyncClient, house: House) -> None:
    at = (await client.post(PATH, json=wish())).headers["location"]
    later = datetime.now(UTC) + timedelta(hours=2)
    async with house.db.transaction() as session:
        row = await find_scheduled(session, UUID(at.rpartition("/")[2]))
        row.next_attempt_at, row.reason = later, "busy"
    assert (
        datetime.fromisoformat((await client.patch(at, json={"campaign": "spring"})).json()["next_attempt_at"]) == later
    )
    now = (await client.patch(at, json={"scheduled_at": in_days(0)})).json()["next_attempt_at"]
    assert datetime.fromisoformat(now) < later


async def test_a_call_entered_meanwhile_may_not_be_changed_to_a_forbidden_number(
    client: httpx.AsyncClient, house: House
) -> None:
    at = (await client.post(PATH, json=wish())).headers["location"]
    async with house.db.transaction() as session:
        await forbid(session, "+14155550177", source="page", now=house.clock.utc())
    assert named(await client.put(at, json=wish(to="+14155550177"))) == "body.to"


@pytest.mark.parametrize("id_", [NOBODY, "x", "CA0"])
async def test_what_is_not_there_is_not_there(client: httpx.AsyncClient, id_: str) -> None:
    at = f"{PATH}/{id_}"
    asked = (client.get(at), client.delete(at), client.put(at, json=wish()), client.patch(at, json={}))
    assert [(await one).status_code for one in asked] == [404] * 4


async def test_lists_are_filtered_and_paged(client: httpx.AsyncClient) -> None:
    for number in range(5):
        await client.post(PATH, json=wish(to=f"+1415555010{number}", campaign="a" if number % 2 else "b"))
    page = (await client.get(f"{PATH}/scheduled", params={"campaign": "b", "limit": 2})).json()
    rest = (await client.get(f"{PATH}/scheduled", params={"campaign": "b", "cursor": page["next_cursor"]})).json()
    assert [one["to"][-1] for one in page["items"] + rest["items"]] == ["4", "2", "0"]
    assert (await client.get(f"{PATH}/scheduled", params={"cursor": "x"})).status_code == 422


async def test_a_body_of_ten_megabytes_is_not_read(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, content=b" " * 10_000_000, headers={"content-type": "application/json"})
    assert response.status_code == 413


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\u202e", "x\\ny"])
@pytest.mark.parametrize(
    "field", ["to", "persona", "time_zone", "webhook_url", "campaign", "scheduled_at", "variables"]
)
async def test_letters_that_no_database_takes_are_refused_or_made_harmless(
    client: httpx.AsyncClient, field: str, odd: str
) -> None:
    value = f'{{"name": "a{odd}"}}' if field == "variables" else f'"https://a.example/{odd}"'
    body = f'{{"to": "{NUMBER}", "persona": "interviewer", "{field}": {value}}}'
    response = await client.post(PATH, content=body, headers={"content-type": "application/json"})
    assert response.status_code in (201, 422), response.text
    listed = await client.get(f"{PATH}/scheduled", params={"campaign": "a\x00"})
    assert listed.status_code in (200, 422)


async def test_the_description_of_rest_names_every_problem_that_there_is(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    answers = paths["/api/v1/calls"]["post"]["responses"]
    assert {"201", "401", "409", "413", "422"} <= set(answers)
    assert "text/csv" in paths["/api/v1/calls/bulk"]["post"]["requestBody"]["content"]


async def test_a_campaign_that_stands_still_is_shown_and_set_going(client: httpx.AsyncClient, house: House) -> None:
    async with house.db.transaction() as session:
        await stop_campaign(session, "spring", "most-calls-fail", house.clock.utc())
    stopped = (await client.get("/api/v1/campaigns/stopped")).json()
    assert [(one["name"], one["reason"]) for one in stopped] == [("spring", "most-calls-fail")]
    assert (await client.post("/api/v1/campaigns/resume", json={"name": "spring"})).status_code == 204
    assert (await client.get("/api/v1/campaigns/stopped")).json() == []
    assert (await client.post("/api/v1/campaigns/resume", json={"name": "spring"})).status_code == 409
    assert (await client.post("/api/v1/campaigns/stop", json={"name": ""})).status_code == 204
    assert [one["reason"] for one in (await client.get("/api/v1/campaigns/stopped")).json()] == ["operator"]
