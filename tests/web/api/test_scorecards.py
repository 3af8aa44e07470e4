"""Scorecards by REST: every quote with its place, points that people overrule, talks that are judged again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.store.interviews import Candidate
from app.store.transcripts import segments_of
from app.web.api.scorecard_csv import COLUMNS
from tests.dialogue.scoring.told import POINTS, Talk
from tests.runtime.acting import fails
from tests.runtime.examining import Lenient
from tests.store.talks import ToldTalk, a_told_talk, by_text
from tests.web.api.conftest import House

URL = "/api/v1/interviews"
WHY = {"points": 7, "reason": "I listened to it: half of it is there."}


@pytest.fixture
async def told(house: House) -> ToldTalk:
    async with house.db.transaction() as session:
        return await a_told_talk(session)


def at(told: ToldTalk, rest: str = "/scorecard") -> str:
    return f"{URL}/{told.interview.id}{rest}"


async def read(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def quotes_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every quote, wherever it stands in an answer."""
    if isinstance(value, dict):
        if "heard_at" in value and "attempt" in value:
            yield value
        for inner in value.values():
            yield from quotes_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from quotes_in(inner)


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    return body


async def test_every_quote_is_in_the_transcript_at_the_time_it_says(
    client: httpx.AsyncClient, house: House, told: ToldTalk
) -> None:
    await client.post(at(told, "/rescore"), json={})
    card = await read(client, at(told))
    async with house.db.reading() as session:
        lines = {str(row.id): row for row in await segments_of(session, told.call.id)}
    found = list(quotes_in(card))
    assert len(found) > 60
    for quote in found:
        place = quote["heard_at"]
        heard = lines[place["segment_id"]]
        assert quote["text"] in heard.text
        assert heard.role == "caller"
        assert heard.started_ms <= place["at_ms"] < heard.ended_ms
        assert place["call_id"] == str(told.call.id)
        assert place["recording"] == f"/api/v1/calls/{told.call.id}/recording.wav#t={place['at_ms'] / 1000:.1f}"


async def test_a_card_tells_the_whole_talk(client: httpx.AsyncClient, told: ToldTalk) -> None:
    card = await read(client, at(told))
    assert [question["points"] for question in card["questions"]] == POINTS
    assert card["total"] == card["talk_total"] == {"points": sum(POINTS), "most": 90, "asked": 10}
    assert list(card["by_level"]) == ["basic", "moderate", "advanced"]
    assert (card["disposition"], card["candidate_name"], card["calls"]) == (
        "complete",
        "Ada Lovelace",
        [str(told.call.id)],
    )
    consent = card["consent"]
    assert (consent["agreed"], consent["words"], consent["at"]) == (True, "yes, I agree", "2026-03-01T12:00:20+00:00")
    assert consent["heard_at"]["started_ms"] == 6000
    second = card["questions"][1]
    assert [attempt["verdict"] for attempt in second["attempts"]] == ["partial", "correct"]
    assert second["attempts"][1]["lines"][0]["text"] in told.talk.heard.values()
    assert card["checks"][0]["quote"]["heard_at"] is not None
    for sentence in card["summary"]:
        assert bool(sentence["quotes"]) == (sentence["kind"] in ("heard", "unsure"))


async def test_a_card_in_writing_has_quotes_and_nothing_to_listen_to(client: httpx.AsyncClient, house: House) -> None:
    talk = Talk(str(uuid4()), call="turn").agrees()
    talk.says(talk.best)
    async with house.db.transaction() as session:
        made = await by_text(session, talk)
    card = await read(client, f"{URL}/{made.id}/scorecard")
    assert (card["disposition"], card["channel"], card["calls"]) == ("open", "text", [])
    assert [question["points"] for question in card["questions"][:2]] == [9, None]
    assert {quote["heard_at"] for quote in quotes_in(card)} == {None}


async def test_a_person_overrules_and_the_history_stays(client: httpx.AsyncClient, told: ToldTalk) -> None:
    for points, by in ((9, ""), (7, "Grace")):
        answer = await client.post(
            at(told, "/questions/2/overrule"), json={"points": points, "reason": f"  So I say {points}. ", "by": by}
        )
        assert answer.status_code == 201
    question = answer.json()
    assert (question["points"], question["talk_points"], question["number"]) == (7, 1, 3)
    history = [(it["points"], it["by"], it["reason"]) for it in question["overrules"]]
    assert history == [(9, "person", "So I say 9."), (7, "Grace", "So I say 7.")]
    card = await read(client, at(told))
    assert (card["total"]["points"], card["talk_total"]["points"]) == (sum(POINTS) + 6, sum(POINTS))
    assert (await read(client, at(told, "")))["points"] == sum(POINTS) + 6


async def test_what_comes_twice_with_its_key_counts_once(client: httpx.AsyncClient, told: ToldTalk) -> None:
    one, body = {"Idempotency-Key": "once"}, {"points": 9, "reason": "She names both."}
    path = at(told, "/questions/2/overrule")
    answers = [await client.post(path, json=body, headers=one) for _ in range(3)]
    assert [it.status_code for it in answers] == [201] * 3
    assert [len(it.json()["overrules"]) for it in answers] == [1] * 3
    problem(await client.post(path, json=body | {"points": 8}, headers=one), 409)
    problem(await client.post(at(told, "/questions/3/overrule"), json=body, headers=one), 409)
    problem(await client.post(at(told, "/rescore"), json={}, headers=one), 409)
    again = {"Idempotency-Key": "judge once"}
    runs = [(await client.post(at(told, "/rescore"), json={}, headers=again)).json() for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]
    problem(await client.post(at(told, "/rescore"), json={"judge": "model"}, headers=again), 409)
    card = await read(client, at(told))
    assert (len(card["runs"]), len(card["questions"][2]["overrules"])) == (1, 1)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"points": 0, "reason": "because"}, "body.points"),
        ({"points": 10, "reason": "because"}, "body.points"),
        ({"points": True, "reason": "because"}, "body.points"),
        ({"points": "many", "reason": "because"}, "body.points"),
        ({"points": 9}, "body.reason"),
        ({"points": 9, "reason": "  x  "}, "body.reason"),
        ({"points": 9, "reason": "x" * 501}, "body.reason"),
        ({"points": 9, "reason": "because", "by": "n" * 81}, "body.by"),
        ({"points": 9, "reason": "because", "place": 3}, "body.place"),
    ],
)
async def test_a_wrong_overrule_changes_nothing(
    client: httpx.AsyncClient, told: ToldTalk, body: dict[str, Any], where: str
) -> None:
    answer = problem(await client.post(at(told, "/questions/2/overrule"), json=body), 422)
    assert [fault["at"] for fault in answer["errors"]] == [where]
    assert (await read(client, at(told)))["questions"][2]["overrules"] == []


async def test_a_reason_of_signs_that_no_database_takes_is_no_reason(client: httpx.AsyncClient, told: ToldTalk) -> None:
    body = {"points": 9, "reason": "\x00" * 9}
    problem(await client.post(at(told, "/questions/2/overrule"), json=body), 422)


async def test_what_is_not_there_or_not_yet_scored_is_told(
    client: httpx.AsyncClient, house: House, told: ToldTalk
) -> None:
    async with house.db.transaction() as session:
        begun = await by_text(session, Talk(str(uuid4())).agrees())
    for rest in ("/scorecard", "/scorecard.csv", ""):
        for id_ in (uuid4(), "nobody"):
            problem(await client.get(f"{URL}/{id_}{rest}"), 404)
    problem(await client.post(f"{URL}/{uuid4()}/questions/0/overrule", json=WHY), 404)
    problem(await client.post(at(told, "/questions/10/overrule"), json=WHY), 404)
    problem(await client.post(at(told, "/questions/-1/overrule"), json=WHY), 422)
    problem(await client.post(f"{URL}/{begun.id}/questions/0/overrule", json=WHY), 409)
    problem(await client.post(f"{URL}/{begun.id}/rescore", json={}), 409)
    problem(await client.post(f"{URL}/{uuid4()}/rescore", json={}), 404)


async def test_a_rescoring_is_added_beside_and_changes_no_points(client: httpx.AsyncClient, told: ToldTalk) -> None:
    runs = [(await client.post(at(told, "/rescore"), json={"judge": "offline"})).json() for _ in range(2)]
    assert runs[0]["id"] != runs[1]["id"]
    assert runs[0]["questions"] == runs[1]["questions"], "the same judge says the same"
    card = await read(client, at(told))
    assert card["runs"] == runs
    assert card["total"]["points"] == sum(POINTS)
    assert [score["points"] for score in runs[0]["questions"]] == POINTS


async def test_a_model_is_asked_where_there_is_one(client: httpx.AsyncClient, house: House, told: ToldTalk) -> None:
    house.minds.append(Lenient("groq"))
    run = (await client.post(at(told, "/rescore"), json={"judge": "model"})).json()
    assert run["judge"] == "model:groq-1, offline"
    worst = run["questions"][2]
    points = told.interview.session.records[2].question.key_points
    assert (worst["points"], worst["gained"], worst["lost"]) == (9, [point.id for point in points], [])
    assert (await read(client, at(told)))["questions"][2]["points"] == 1


@pytest.mark.parametrize(
    ("minds", "status"), [([], 422), ([Lenient("groq", [fails("failed")])], 503)], ids=["none", "broken"]
)
async def test_a_model_that_is_not_there_or_fails_leaves_everything_as_it_was(
    client: httpx.AsyncClient, house: House, told: ToldTalk, minds: list[Lenient], status: int
) -> None:
    house.minds += minds
    before = await read(client, at(told))
    told_so = problem(await client.post(at(told, "/rescore"), json={"judge": "model"}), status)
    assert "model" in str(told_so)
    problem(await client.post(at(told, "/rescore"), json={"judge": "a friend"}), 422)
    assert await read(client, at(told)) == before


async def test_the_table_has_a_row_for_each_question_and_no_formula(
    client: httpx.AsyncClient, house: House, told: ToldTalk
) -> None:
    talk = Talk(str(uuid4()), call="turn").agrees()
    talk.says('=HYPERLINK("http://evil.example","x") and lists, "quoted"\nover two lines')
    talk.says("+1 that is all that I have to say about it really")
    async with house.db.transaction() as session:
        candidate = Candidate("k", '=cmd|" /C calc"!A0', "@SUM(A1)")
        made = await by_text(session, talk, candidate=candidate)
    await client.post(f"{URL}/{made.id}/questions/0/overrule", json={"points": 9, "reason": "-1+1 is no reason"})
    answer = await client.get(f"{URL}/{made.id}/scorecard.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == 10
    for row in rows:
        assert not [text for text in row.values() if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[0]["answer"].startswith("'=HYPERLINK")
    assert rows[0]["answer_after_hint"].startswith("'+1 that")
    assert (rows[0]["candidate"], rows[0]["role"]) == ('\'=cmd|" /C calc"!A0', "'@SUM(A1)")
    assert rows[0]["overruled_because"].startswith("'-1+1")
    assert (rows[0]["points"], rows[0]["talk_points"], rows[1]["points"]) == ("9", "1", "")
    spoken = list(csv.DictReader(io.StringIO((await client.get(at(told, "/scorecard.csv"))).text, newline="")))
    assert "“" in spoken[0]["covered"]
    assert "[00:00:12." in spoken[0]["covered"], "in the second turn, which begins at 12 s"
    assert spoken[1]["verdicts"] == "partial, then correct"


async def test_without_a_key_nobody_reads_or_changes_a_card(stranger: httpx.AsyncClient, told: ToldTalk) -> None:
    for rest in ("", "/scorecard", "/scorecard.csv"):
        assert (await stranger.get(at(told, rest))).status_code == 401
    assert (await stranger.get(URL)).status_code == 401
    assert (await stranger.post(at(told, "/questions/2/overrule"), json=WHY)).status_code == 401
    assert (await stranger.post(at(told, "/rescore"), json={})).status_code == 401


async def test_interviews_are_listed_and_filtered(client: httpx.AsyncClient, house: House, told: ToldTalk) -> None:
    async with house.db.transaction() as session:
        written = await by_text(session, Talk(str(uuid4())).agrees(), persona="coach")
    first = await read(client, f"{URL}?limit=1")
    second = await read(client, f"{URL}?limit=1&cursor={first['next_cursor']}")
    assert {first["items"][0]["id"], second["items"][0]["id"]} == {str(written.id), str(told.interview.id)}
    assert second["next_cursor"] is None
    for query, wanted in (
        ("persona=coach", written.id),
        ("phase=over", told.interview.id),
        ("standing=open", written.id),
        ("channel=phone&candidate=lovelace", told.interview.id),
        ("until=2026-03-01T11:59:59Z", None),
        ("since=2026-03-01T12:00:00&topic=python&phase=asking", written.id),
    ):
        assert [it["id"] for it in (await read(client, f"{URL}?{query}"))["items"]] == ([str(wanted)] if wanted else [])
    for query in ("phase=lost", "limit=0", "colour=red", "since=noon", "cursor=rubbish"):
        problem(await client.get(f"{URL}?{query}"), 422)
    one = await read(client, at(told, ""))
    assert (one["standing"], one["candidate_id"], one["asked"], one["calls"]) == (
        "complete",
        "+14155550100",
        10,
        [str(told.call.id)],
    )


def test_everything_is_described(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    for path, methods in {
        "": {"get", "post"},
        "/{interview_id}": {"get"},
        "/{interview_id}/scorecard": {"get"},
        "/{interview_id}/scorecard.csv": {"get"},
        "/{interview_id}/questions/{place}/overrule": {"post"},
        "/{interview_id}/rescore": {"post"},
    }.items():
        assert methods <= set(paths[URL + path]), path
    answers = paths[f"{URL}/{{interview_id}}/questions/{{place}}/overrule"]["post"]["responses"]
    assert {"201", "401", "404", "409", "422"} <= set(answers)
