"""Interviews by text on the pages, as a browser without scripts sends its forms."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.runtime.text_interviews import LONGEST_TEXT, TextEvent
from tests.runtime.interviewed import ANSWERS, EVASION, fill_bank, interviewer, rows, stored, text_interviews
from tests.store.talks import a_told_talk
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import TestHouse

NEW = "/admin/interviews/new"


@pytest.fixture
async def house(house: TestHouse) -> TestHouse:
    house.personas["interviewer"] = interviewer()
    await fill_bank(house.db)
    return house


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the page's own form."""
    form = page[page.index('<main id="main"') :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))


def said(page: str) -> list[tuple[str, str]]:
    """(who, what) as the page shows it."""
    items = re.findall(r'<li class="(candidate|agent)"[^>]*>(.*?)</li>', page, re.DOTALL)
    return [(who, unescape(line)) for who, item in items for line in re.findall(r"<p[^>]*>(.*?)</p>", item, re.DOTALL)]


def wrong(page: str) -> dict[str, str]:
    return {key: unescape(text) for key, text in re.findall(r'id="wrong-([^"]*)">(.*?)</span>', page)}


async def begin(visitor: Visitor, **more: str) -> httpx.Response:
    form = fields((await visitor.get(NEW)).text) | {"persona": "interviewer", "candidate_name": "Ada"} | more
    return await visitor.post(NEW, data=form)


async def begun(visitor: Visitor) -> str:
    """The address of an interview that has just begun."""
    answer = await begin(visitor)
    assert answer.status_code == 303
    return answer.headers["location"]


async def send(visitor: Visitor, path: str, **form: str) -> httpx.Response:
    """The form as it is on the page, with this in it; and the page after it."""
    given = fields((await visitor.get(path)).text) | form
    answer = await visitor.post(path, data=given)
    return await visitor.get(answer.headers["location"]) if answer.status_code == 303 else answer


def id_of(path: str) -> UUID:
    return UUID(path.split("/")[3])


async def test_an_interview_from_the_form_to_its_scorecard(visitor: Visitor, house: TestHouse) -> None:
    path = await begun(visitor)
    page = (await visitor.get(path)).text
    assert said(page)[0] == ("agent", "Hello, this is Alex.")
    assert 'value="yes">Yes</button>' in page
    page = (await send(visitor, path, say="yes")).text
    while "The interview is over." not in page:
        page = (await send(visitor, path, text=ANSWERS[said(page)[-1][1]])).text
    assert f'href="/admin/interviews/{id_of(path)}"' in page
    assert "<textarea" not in page
    assert "All questions were asked" in page
    found = await stored(house.db, id_of(path))
    assert (found.candidate.name, found.session.over) == ("Ada", "complete")
    assert [record.points for record in found.session.records] == [9] * 10
    judged = [it for record in found.session.records for it in record.counted]
    quoted = {point.quote.segment for it in judged for point in it.points if point.quote}
    assert len(quoted) == 10
    assert all(f'id="{segment}"' in page for segment in quoted), "a quote leads to where it was written"
    assert (await visitor.get(f"/admin/interviews/{found.id}")).status_code == 200


async def test_a_form_that_is_sent_twice_counts_once(visitor: Visitor, house: TestHouse) -> None:
    form = fields((await visitor.get(NEW)).text) | {"persona": "interviewer"}
    first = await visitor.post(NEW, data=form)
    before = await rows(house.db)
    again = await visitor.post(NEW, data=form)
    assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert await rows(house.db) == before
    path = first.headers["location"]
    form = fields((await visitor.get(path)).text) | {"say": "yes"}
    assert (await visitor.post(path, data=form)).headers["location"] == f"{path}#turn-2"
    before = await rows(house.db)
    assert (await visitor.post(path, data=form)).headers["location"] == f"{path}#turn-2"
    assert await rows(house.db) == before


async def test_an_old_page_sends_nothing_and_keeps_what_was_typed(visitor: Visitor, house: TestHouse) -> None:
    path = await begun(visitor)
    old = fields((await visitor.get(path)).text)
    await visitor.post(path, data=old | {"say": "yes"})
    before = await rows(house.db)
    answer = await visitor.post(path, data=old | {"text": "an answer <to> something"})
    assert answer.status_code == 409
    assert "Nothing was sent" in answer.text
    assert "an answer &lt;to&gt; something</textarea>" in answer.text
    started = await visitor.post(path, data=old | {"event_id": uuid4().hex, "start": "1"})
    assert started.status_code == 409
    assert await rows(house.db) == before


async def test_empty_and_endless_answers_are_told_beside_the_field(visitor: Visitor, house: TestHouse) -> None:
    path = await begun(visitor)
    before = await rows(house.db)
    for text in ("", " \r\n ", "\0"):
        answer = await send(visitor, path, text=text)
        assert answer.status_code == 422
        assert "Write an answer first" in answer.text
    answer = await send(visitor, path, text="x" * (LONGEST_TEXT + 1))
    assert answer.status_code == 422
    assert "At most 20,000 characters" in answer.text
    assert (await send(visitor, path, text="x" * 200_000)).status_code == 413
    assert await rows(house.db) == before


async def test_everything_that_is_said_is_shown_as_it_is(visitor: Visitor) -> None:
    evil = '<script>alert(1)</script> & "it\'s"\r\n  <b>two</b> lines'
    path = (await begin(visitor, candidate_name="<i>Ada</i>", role="</p>")).headers["location"]
    await send(visitor, path, say="yes")
    page = (await send(visitor, path, text=evil)).text
    assert ("candidate", evil.replace("\r\n", "\n")) in said(page)
    for tag in ("<script>alert", "<i>Ada", "<b>two"):
        assert tag not in page


async def test_a_pause_is_taken_up_again(visitor: Visitor, house: TestHouse) -> None:
    path = await begun(visitor)
    await send(visitor, path, say="yes")
    service = text_interviews(house.db, house.personas)
    for n in range(4):
        await service.happens(id_of(path), TextEvent(f"t-{n}", "timeout"))
    page = (await visitor.get(path)).text
    assert "The interview is paused" in page
    assert "<textarea" not in page
    page = (await send(visitor, path, start="1")).text
    assert "<textarea" in page
    assert said(page)[-1][1] in ANSWERS


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"persona": "assistant"}, "persona"),
        ({"persona": ""}, "persona"),
        ({"topic": "no such"}, "topic"),
        ({"topic": "\0"}, "topic"),
        ({"candidate_name": "x" * 201}, "candidate_name"),
        ({"role": "x" * 201}, "role"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    visitor: Visitor, house: TestHouse, more: dict[str, str], at: str
) -> None:
    answer = await begin(visitor, **more)
    assert answer.status_code == 422
    assert list(wrong(answer.text)) == [at]
    if at != "candidate_name":
        assert 'value="Ada"' in answer.text
    assert await rows(house.db) == []


async def test_where_no_persona_leads_interviews_the_page_says_what_to_do(visitor: Visitor, house: TestHouse) -> None:
    del house.personas["interviewer"]
    assert "No persona leads interviews yet." in (await visitor.get(NEW)).text


async def test_what_is_not_there_or_led_by_phone(visitor: Visitor, house: TestHouse) -> None:
    path = f"/admin/interviews/{uuid4()}/talk"
    assert (await visitor.get(path)).status_code == 404
    token = await visitor.token()
    assert (await visitor.post(path, data={"token": token, "text": "hello"})).status_code == 404
    async with house.db.transaction() as session:
        told = await a_told_talk(session)
    answer = await visitor.get(f"/admin/interviews/{told.interview.id}/talk")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/admin/interviews/{told.interview.id}")


@pytest.mark.parametrize("missing", [{"token": ""}, {"token": "another"}])
async def test_only_our_own_forms_and_those_who_are_signed_in_lead_anything(
    visitor: Visitor, house: TestHouse, missing: dict[str, Any]
) -> None:
    path = await begun(visitor)
    before = await rows(house.db)
    assert (await send(visitor, path, text=EVASION, **missing)).status_code == 403
    assert (await begin(visitor, **missing)).status_code == 403
    visitor.cookies.clear()
    for address in (NEW, path):
        assert (await visitor.get(address)).status_code == 303
        assert (await visitor.post(address, data={"text": EVASION})).headers["location"] == "/admin/sign-in"
    assert await rows(house.db) == before
