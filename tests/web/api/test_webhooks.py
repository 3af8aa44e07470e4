"""What the customer's system is told, by REST."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from app.store.delivering import claim_events, record_delivered, record_failed
from app.store.engine import Database
from app.store.outbox import events_about
from app.store.scheduling import cancel_call
from tests.store.outbound_samples import scheduled
from tests.store.samples import at
from tests.web.api.conftest import House

URL = "https://ats.example/parley"


async def failed(db: Database, error: str = "It answered 503.") -> UUID:
    """An event that was given up, of a call; its id."""
    call = await scheduled(db, webhook_url=URL)
    async with db.transaction() as session:
        (row,) = await claim_events(session, at(0), 1)
        assert await record_failed(session, row, error, at(1), status=503, again_at=None)
    assert row.scheduled_call_id == call
    return row.id


async def test_events_are_listed_newest_first_by_state_kind_and_call(house: House, client: httpx.AsyncClient) -> None:
    first = await scheduled(house.db, webhook_url=URL)
    other = await scheduled(house.db, webhook_url=URL)
    async with house.db.transaction() as session:
        await cancel_call(session, first, at(60))
        (row,) = await events_about(session, other)
        await record_delivered(session, row.id, 204, at(5))

    async def types(**query: str) -> list[str]:
        answer = await client.get("/api/v1/webhooks", params=query)
        assert answer.status_code == 200, answer.text
        return [f"{one['type']} {one['state']}" for one in answer.json()["items"]]

    assert (await types())[0] == "call.failed waiting"
    assert await types(state="delivered") == ["call.scheduled delivered"]
    assert await types(state="given-up") == []
    assert await types(about=str(first)) == ["call.failed waiting", "call.scheduled waiting"]
    assert await types(type="call.failed") == ["call.failed waiting"]


async def test_pages_are_turned_without_losing_or_repeating_any(house: House, client: httpx.AsyncClient) -> None:
    made = {str(await scheduled(house.db, webhook_url=URL)) for _ in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/v1/webhooks", params=query)).json()
        seen += [one["call_id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)


async def test_what_was_given_up_can_be_sent_again(house: House, client: httpx.AsyncClient) -> None:
    event = await failed(house.db)
    before = (await client.get(f"/api/v1/webhooks/{event}")).json()
    assert (before["state"], before["last_status"], before["last_error"]) == ("given-up", 503, "It answered 503.")
    assert (before["body"]["id"], before["body"]["type"]) == (str(event), "call.scheduled")
    again = await client.post(f"/api/v1/webhooks/{event}/replay")
    assert (again.status_code, again.json()["state"], again.json()["tries"]) == (202, "waiting", 0)
    async with house.db.transaction() as session:
        due = await claim_events(session, house.clock.utc() + timedelta(seconds=1), 5)
    assert [row.id for row in due] == [event]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/api/v1/webhooks/{uuid4()}", 404),
        ("GET", "/api/v1/webhooks/nonsense", 404),
        ("POST", f"/api/v1/webhooks/{uuid4()}/replay", 404),
        ("GET", "/api/v1/webhooks?state=lost", 422),
        ("GET", "/api/v1/webhooks?colour=red", 422),
        ("GET", "/api/v1/webhooks?about=me", 422),
        ("GET", "/api/v1/webhooks?cursor=%00", 422),
        ("GET", "/api/v1/webhooks?type=call.paused", 422),
    ],
    ids=["unknown", "no-id", "unknown-replay", "state", "filter", "about", "cursor", "type"],
)
async def test_what_makes_no_sense_is_a_problem(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
