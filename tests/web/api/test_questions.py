"""The question bank by REST: the rules of its files, versions, and nobody's change lost unseen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.personas.questions import load_questions
from app.store.question_files import sync_questions
from tests.store.samples import NOON, a_question
from tests.web.api.conftest import House

URL = "/api/v1/questions"
SHIPPED = load_questions(Path("personas/questions"))


def given(**more: Any) -> dict[str, Any]:
    return {"topic": "web", **a_question("one").model_dump(mode="json")} | more


def put(version: int = 1, **more: Any) -> dict[str, Any]:
    body = given(version=version, **more)
    del body["id"]
    return body


@pytest.fixture
async def bank(house: House) -> None:
    async with house.db.transaction() as session:
        await sync_questions(session, SHIPPED.everything(), NOON)


@pytest.fixture
async def made(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post(URL, json=given())
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {fault["at"]: fault["problem"] for fault in answer.json()["errors"]}


async def test_without_a_key_nobody_reads_or_writes_questions(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get(URL)).status_code == 401
    assert (await stranger.post(URL, json=given())).status_code == 401


@pytest.mark.usefixtures("bank")
async def test_the_bank_is_listed_a_page_at_a_time(client: httpx.AsyncClient) -> None:
    seen: list[str] = []
    params: dict[str, Any] = {"topic": "python", "limit": 8}
    while True:
        page = (await client.get(URL, params=params)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == sorted(question.id for question in SHIPPED.items("python"))


@pytest.mark.usefixtures("bank")
async def test_the_list_is_filtered_by_level_and_use(client: httpx.AsyncClient) -> None:
    await client.delete(f"{URL}/py-gil")
    hard = (await client.get(URL, params={"topic": "python", "level": "advanced", "active": True})).json()["items"]
    assert len(hard) == 5
    assert {item["level"] for item in hard} == {"advanced"}
    out = (await client.get(URL, params={"active": False})).json()["items"]
    assert [(item["id"], item["retired_by"]) for item in out] == [("py-gil", "rest")]


@pytest.mark.parametrize(
    ("params", "at"),
    [({"level": "hard"}, "query.level"), ({"limit": 0}, "query.limit"), ({"topics": 1}, "query.topics")],
)
async def test_a_senseless_filter_is_refused(client: httpx.AsyncClient, params: dict[str, Any], at: str) -> None:
    assert list(faults(await client.get(URL, params=params))) == [at]


async def test_a_foreign_cursor_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get(URL, params={"cursor": "x"})).status_code == 422


async def test_a_question_is_added_and_read_back(client: httpx.AsyncClient, made: dict[str, Any]) -> None:
    assert {name: made[name] for name in given()} == given()
    assert (made["version"], made["source"], made["active"]) == (1, "rest", True)
    read = (await client.get(f"{URL}/one")).json()
    assert [version["version"] for version in read.pop("versions")] == [1]
    assert read == made


async def test_the_place_of_a_new_question_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.post(URL, json=given())
    assert (await client.get(answer.headers["location"])).json()["id"] == "one"


@pytest.mark.usefixtures("made")
async def test_an_id_that_is_taken_is_refused_and_nothing_changes(client: httpx.AsyncClient) -> None:
    answer = await client.post(URL, json=given(text="Something else?"))
    assert answer.status_code == 409
    assert "id is taken" in answer.json()["detail"]
    assert (await client.get(f"{URL}/one")).json()["text"] == given()["text"]


def with_point(**more: Any) -> list[dict[str, Any]]:
    first, *others = given()["key_points"]
    return [first | more, *others]


@pytest.mark.parametrize(
    ("change", "at", "said"),
    [
        ({"text": "x" * 301}, "body.text", "at most 300"),
        ({"text": "What is a == b?"}, "body.text", "holds =, which nobody can hear"),
        ({"text": "a\x00b"}, "body.text", "holds \\u0000"),
        ({"text": " "}, "body.text", "at least 1"),
        ({"id": "One"}, "body.id", "match pattern"),
        ({"topic": "a/b"}, "body.topic", "match pattern"),
        ({"level": "hard"}, "body.level", "'basic'"),
        ({"think_s": 0}, "body.think_s", "greater than or equal to 1"),
        ({"thinks": 3}, "body.thinks", "Extra inputs"),
        ({"key_points": given()["key_points"][:2]}, "body.key_points", "at least 3"),
        ({"key_points": given()["key_points"] * 2}, "body.key_points", "has the id first"),
        ({"key_points": with_point(wordings=[])}, "body.key_points.0.wordings", "at least 4"),
        ({"key_points": with_point(wordings=["a", "b", "c", ""])}, "body.key_points.0.wordings.3", "at least 1"),
        ({"key_points": with_point(wordings=["a", "b", "c", "A"])}, "body.key_points.0.wordings", "'a' is there twice"),
        ({"key_points": with_point(wordings=["a", "b", "c", "third d"])}, "body.key_points", "belongs to first too"),
        ({"hint": None}, "body.hint", "valid string"),
    ],
)
async def test_what_a_file_must_not_hold_rest_refuses_too_and_names_the_field(
    client: httpx.AsyncClient, change: dict[str, Any], at: str, said: str
) -> None:
    found = faults(await client.post(URL, json=given(**change)))
    assert said in found[at]
    assert (await client.get(URL)).json()["items"] == []


async def test_a_change_makes_a_version_and_the_old_one_stays(client: httpx.AsyncClient, made: dict[str, Any]) -> None:
    changed = await client.put(f"{URL}/one", json=put(text="What now?", level="advanced"))
    assert (changed.status_code, changed.json()["version"], changed.json()["text"]) == (200, 2, "What now?")
    read = (await client.get(f"{URL}/one")).json()
    assert (read["level"], [version["version"] for version in read["versions"]]) == ("advanced", [2, 1])
    first = (await client.get(f"{URL}/one/versions/1")).json()
    assert first == made | {"active": False}


@pytest.mark.usefixtures("made")
async def test_a_part_is_changed_and_the_rest_stays(client: httpx.AsyncClient) -> None:
    answer = await client.patch(f"{URL}/one", json={"version": 1, "hint": " Say   more. "})
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in given()} == given(hint="Say more.")
    points = with_point(wordings=["uno", "due", "tre", "quattro"])
    answer = await client.patch(f"{URL}/one", json={"version": 2, "key_points": points})
    assert answer.json()["key_points"] == points


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"text": None}, "body.text"),
        ({"text": "x" * 301}, "body.text"),
        ({"topic": None}, "body.topic"),
        ({"key_points": []}, "body.key_points"),
        ({"id": "two"}, "body.id"),
        ({"version": 0}, "body.version"),
        ({"version": 2**40}, "body.version"),
        ({"think_s": -1}, "body.think_s"),
    ],
)
async def test_a_part_that_is_not_in_order_is_refused_by_name(
    client: httpx.AsyncClient, change: dict[str, Any], at: str
) -> None:
    assert at in faults(await client.patch(f"{URL}/one", json={"version": 1, **change}))
    assert (await client.get(f"{URL}/one")).json()["version"] == 1


@pytest.mark.usefixtures("made")
async def test_a_change_of_an_older_version_is_refused_and_says_which_there_is(client: httpx.AsyncClient) -> None:
    await client.put(f"{URL}/one", json=put(text="First?"))
    for answer in (
        await client.put(f"{URL}/one", json=put(text="Second?")),
        await client.patch(f"{URL}/one", json={"version": 1, "text": "Second?"}),
    ):
        assert answer.status_code == 409
        assert "newest version is 2" in answer.json()["detail"]
    assert (await client.get(f"{URL}/one")).json()["text"] == "First?"


@pytest.mark.usefixtures("made")
async def test_of_changes_at_once_one_is_kept_and_the_others_hear_of_it(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.put(f"{URL}/one", json=put(text=f"Is it {n}?")) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]


@pytest.mark.usefixtures("made")
async def test_a_question_is_taken_out_of_use_and_a_change_brings_it_back(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        gone = await client.delete(f"{URL}/one")
        assert (gone.status_code, gone.content) == (204, b"")
    read = (await client.get(f"{URL}/one")).json()
    assert (read["active"], read["retired_by"], read["version"]) == (False, "rest", 1)
    back = (await client.patch(f"{URL}/one", json={"version": 1})).json()
    assert (back["active"], back["retired_by"], back["version"]) == (True, None, 2)


async def test_what_there_is_not_is_not_found(client: httpx.AsyncClient) -> None:
    answers = [
        await client.get(f"{URL}/ghost"),
        await client.get(f"{URL}/ghost/versions/1"),
        await client.put(f"{URL}/ghost", json=put()),
        await client.patch(f"{URL}/ghost", json={"version": 1}),
        await client.delete(f"{URL}/ghost"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert (await client.get(f"{URL}/Not%20a%20slug")).status_code == 422
