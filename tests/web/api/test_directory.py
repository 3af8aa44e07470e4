from __future__ import annotations

import httpx
import pytest

NUMBER = "/api/v1/numbers/+14155550199"


async def test_personas_are_listed(client: httpx.AsyncClient) -> None:
    page = (await client.get("/api/v1/personas")).json()
    assert [found["id"] for found in page["items"]] == ["assistant", "interviewer"]
    assert page["items"][0] == {
        "id": "assistant",
        "name": "Assistant",
        "language": "en",
        "flow": "assistant",
        "version": 1,
        "source_template_id": "t1",
    }
    assert page["next_cursor"] is None


async def test_a_number_is_given_changed_and_taken(client: httpx.AsyncClient) -> None:
    assert (await client.get(NUMBER)).status_code == 404
    given = await client.put(NUMBER, json={"persona": "interviewer", "label": " Front desk "})
    assert given.json() == {"e164": "+14155550199", "persona": "interviewer", "label": "Front desk"}
    assert (await client.get(NUMBER.replace("+", "%2B"))).json() == given.json()
    await client.put(NUMBER, json={"persona": "assistant"})
    page = (await client.get("/api/v1/numbers")).json()
    assert page["items"] == [{"e164": "+14155550199", "persona": "assistant", "label": ""}]
    gone = await client.delete(NUMBER)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.delete(NUMBER)).status_code == 404


async def test_a_number_cannot_be_given_to_nobody(client: httpx.AsyncClient) -> None:
    answer = await client.put(NUMBER, json={"persona": "ghost"})
    assert answer.status_code == 422
    assert "assistant, interviewer" in answer.json()["detail"]
    assert (await client.get(NUMBER)).status_code == 404


@pytest.mark.parametrize(
    "number", ["14155550199", "+0123", "+1", "+1234567890123456", "+1415 555", "tel:+1415", "+١٤١٥"]
)
async def test_a_number_must_be_one(client: httpx.AsyncClient, number: str) -> None:
    assert (await client.put(f"/api/v1/numbers/{number}", json={"persona": "assistant"})).status_code == 422
