from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.store import transfers
from app.store.calls import finish
from app.store.tables import CallRow
from app.store.transcripts import record_segment
from tests.store.samples import at, line, ringing, talking
from tests.web.api.conftest import House


@pytest.fixture
async def ended(house: House) -> CallRow:
    async with house.db.transaction() as session:
        call = await talking(session, call_sid="CA1", now=at(1))
        await record_segment(session, line(call.id, "I like espresso"))
        quality = {"snr_db": 21.5}
        await finish(
            session,
            call.id,
            status="completed",
            end_reason="goodbye",
            ended_at=at(9.5),
            duration_s=8.5,
            recording_ms=8_500,
            line_quality=quality,
        )
    return call


@pytest.fixture
async def running(house: House) -> CallRow:
    async with house.db.transaction() as session:
        call = await talking(session, call_sid="CA2", now=at(2), persona="interviewer", direction="outbound")
    house.running.add(call.id)
    return call


async def test_a_call_is_told_whole(client: httpx.AsyncClient, ended: CallRow) -> None:
    by_id = await client.get(f"/api/v1/calls/{ended.id}")
    assert by_id.json() == {
        "id": str(ended.id),
        "call_sid": "CA1",
        "conversation_id": str(ended.conversation_id),
        "direction": "inbound",
        "from": "+14155550100",
        "to": "+14155550199",
        "persona": "assistant",
        "status": "completed",
        "created_at": "2026-03-01T12:00:01Z",
        "started_at": "2026-03-01T12:00:01Z",
        "ended_at": "2026-03-01T12:00:09.500000Z",
        "duration_s": 8.5,
        "end_reason": "goodbye",
        "recording_ms": 8500,
        "line_quality": {"snr_db": 21.5},
    }
    assert (await client.get("/api/v1/calls/CA1")).json() == by_id.json()


async def test_a_call_that_rings_has_no_times_yet(house: House, client: httpx.AsyncClient) -> None:
    async with house.db.transaction() as session:
        await ringing(session, call_sid="CA3")
    told = (await client.get("/api/v1/calls/CA3")).json()
    assert told["status"] == "ringing"
    assert [told[key] for key in ("started_at", "ended_at", "duration_s", "end_reason")] == [None] * 4


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, ["CA2", "CA1"]),
        ({"persona": "interviewer"}, ["CA2"]),
        ({"direction": "inbound"}, ["CA1"]),
        ({"outcome": "goodbye"}, ["CA1"]),
        ({"outcome": "in-progress"}, ["CA2"]),
        ({"since": "2026-03-01T12:00:02Z"}, ["CA2"]),
        ({"since": "2026-03-01T17:30:02+05:30"}, ["CA2"]),
        ({"since": "2026-03-01T12:00:02"}, ["CA2"]),
        ({"since": "2026-03-02"}, []),
        ({"until": "2026-03-01T12:00:02Z"}, ["CA1"]),
        ({"search": "ESPRESSO"}, ["CA1"]),
        ({"phone": "0199"}, ["CA2", "CA1"]),
        ({"persona": "\x00"}, []),
    ],
)
async def test_calls_are_listed_as_asked(
    client: httpx.AsyncClient, ended: CallRow, running: CallRow, params: dict[str, Any], found: list[str]
) -> None:
    page = (await client.get("/api/v1/calls", params=params)).json()
    assert [call["call_sid"] for call in page["items"]] == found
    assert page["next_cursor"] is None


async def test_pages_follow_one_another(client: httpx.AsyncClient, ended: CallRow, running: CallRow) -> None:
    first = (await client.get("/api/v1/calls", params={"limit": 1})).json()
    second = (await client.get("/api/v1/calls", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert [call["call_sid"] for call in first["items"] + second["items"]] == ["CA2", "CA1"]
    assert second["next_cursor"] is None


async def test_a_running_call_can_be_hung_up(house: House, client: httpx.AsyncClient, running: CallRow) -> None:
    answer = await client.post(f"/api/v1/calls/{running.id}/hangup")
    assert answer.status_code == 202
    assert answer.json()["id"] == str(running.id)
    assert house.hung_up == [running.id]


async def test_an_ended_call_cannot_be_hung_up(house: House, client: httpx.AsyncClient, ended: CallRow) -> None:
    answer = await client.post("/api/v1/calls/CA1/hangup")
    assert answer.status_code == 409
    assert "completed" in answer.json()["detail"]
    assert house.hung_up == []


async def test_a_call_that_runs_elsewhere_cannot_be_hung_up_here(
    house: House, client: httpx.AsyncClient, running: CallRow
) -> None:
    house.running.clear()
    assert (await client.post("/api/v1/calls/CA2/hangup")).status_code == 409


async def test_a_call_that_never_was_cannot_be_hung_up(client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/v1/calls/CA9/hangup")).status_code == 404


async def test_a_running_call_is_hung_up_with_a_goodbye_or_deleted(
    client: httpx.AsyncClient, house: House, running: CallRow
) -> None:
    polite = await client.post(f"/api/v1/calls/{running.id}/hangup", params={"goodbye": "true"})
    assert polite.status_code == 202
    assert house.told_goodbye == [running.id]
    deleted = await client.delete(f"/api/v1/calls/{running.id}")
    assert (deleted.status_code, deleted.json()["id"]) == (200, str(running.id))
    assert house.hung_up == [running.id, running.id]
    assert (await client.delete("/api/v1/calls/67a5f466-fdb8-434b-a3c6-065a11991ed3")).status_code == 404
    assert (await client.delete("/api/v1/calls/nonsense")).status_code == 404


async def test_keys_are_pressed_on_a_running_call(client: httpx.AsyncClient, house: House, running: CallRow) -> None:
    path = f"/api/v1/calls/{running.id}/digits"
    assert (await client.post(path, json={"digits": "1w2#"})).status_code == 202
    assert house.pressed[-1] == (running.id, "1w2#")
    unreadable = await client.post(path, content=b"\xff\xfe", headers={"content-type": "application/json"})
    assert unreadable.status_code == 422
    for digits in ("", "A", "1" * 33, "1 2"):
        refused = await client.post(path, json={"digits": digits})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["at"] == "body.digits"
    house.running.clear()
    assert (await client.post(path, json={"digits": "1"})).status_code == 409, "it runs nowhere"


async def test_who_was_asked_to_take_a_call_over_can_be_read(
    client: httpx.AsyncClient, house: House, ended: CallRow
) -> None:
    call = ended
    path = f"/api/v1/calls/{call.id}/transfers"
    assert (await client.get(path)).json() == []
    now, id_ = house.clock.utc(), UUID(int=5)
    async with house.db.transaction() as session:
        await transfers.ask(
            session, id_=id_, call_id=call.id, number="+442079460000", asked_by="key", about="", parked=None, now=now
        )
        assert await transfers.rings(session, id_, now)
        assert await transfers.end(session, id_, "answered", now, 42)
        assert not await transfers.end(session, id_, "busy", now), "the first end holds"
        assert not await transfers.rings(session, id_, now)
    (told,) = (await client.get(path)).json()
    assert (told["status"], told["duration_s"], told["number"], told["back_call_id"]) == (
        "answered", 42, "+442079460000", None,
    )  # fmt: skip
