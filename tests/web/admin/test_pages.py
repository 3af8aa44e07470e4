from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from app.store.calls import finish
from app.store.numbers import put_number
from app.store.personas import sync_personas
from app.store.tables import CallRow
from app.store.transcripts import record_segments
from app.web.admin.rendering import TEMPLATES
from app.web.health import Standing
from tests.store.samples import ringing, talking
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse, a_whole_call, persona, said

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}&amp;"


async def calls(house: TestHouse, count: int, **given: Any) -> list[CallRow]:
    """Calls that ended, newest first."""
    async with house.db.transaction() as session:
        made = []
        for number in range(count):
            call = await talking(session, **({"now": NOW - timedelta(minutes=number)} | given))
            await finish(
                session,
                call.id,
                status="completed",
                end_reason="caller-hung-up",
                ended_at=NOW,
                duration_s=60.0 + number,
            )
            made.append(call)
    return made


def listed(page: str) -> list[str]:
    return re.findall(r'<tr id="c-([0-9a-f-]+)"', page)


async def test_an_empty_list_says_how_to_get_the_first_call(visitor: Visitor, house: TestHouse) -> None:
    page = (await visitor.get("/admin/calls")).text
    assert "Nobody has rung yet." in page
    assert 'href="tel:+14155550199"' in page
    assert 'python -m app call --say "When are you open?"' in page


async def test_calls_are_listed_newest_first_in_words(visitor: Visitor, house: TestHouse) -> None:
    made = await calls(house, 3)
    page = (await visitor.get("/admin/calls")).text
    assert listed(page) == [str(call.id) for call in made]
    assert page.count("Caller hung up</span>") == 3
    assert '<time datetime="2026-03-01T12:00:00Z">1 Mar 2026, 12:00 UTC</time>' in page
    assert ">1:01</td>" in page
    assert ">Ada</td>" in page


async def test_pages_of_calls_turn_both_ways(visitor: Visitor, house: TestHouse) -> None:
    made = [str(call.id) for call in await calls(house, 120)]

    async def turn(page: str, way: str) -> str:
        found = re.search(rf'rel="{way}" href="([^"]+)"', page)
        assert found
        return (await visitor.get(found[1].replace("&amp;", "&"))).text

    first = (await visitor.get("/admin/calls?direction=inbound")).text
    second = await turn(first, "next")
    third = await turn(second, "next")
    assert listed(first) + listed(second) + listed(third) == made
    assert 'rel="next"' not in third
    assert 'rel="prev"' not in first
    assert listed(await turn(third, "prev")) == listed(second)
    assert listed(await turn(second, "prev")) == listed(first)


@pytest.mark.parametrize("cursor", ["older=nonsense", "newer=%00", "older=é"])
async def test_a_page_that_is_none_says_what_to_do(visitor: Visitor, cursor: str) -> None:
    answer = await visitor.get(f"/admin/calls?{cursor}")
    assert answer.status_code == 400
    assert "Go to the newest calls" in answer.text


async def test_calls_are_found_by_what_was_said(visitor: Visitor, house: TestHouse) -> None:
    await calls(house, 2)
    call = await a_whole_call(house)
    page = (await visitor.get("/admin/calls?q=FLAT+white")).text
    assert listed(page) == [str(call.id)]
    assert "how much is a flat white?" in page
    place = re.search(rf'href="/admin/calls/{call.id}#(s-[0-9a-f]+)"', page)
    assert place
    assert f'id="{place[1]}"' in (await visitor.get(f"/admin/calls/{call.id}")).text
    nothing = (await visitor.get("/admin/calls?q=parrots")).text
    assert "No call matches this." in nothing
    assert 'value="parrots"' in nothing


async def test_filters_choose_and_are_kept_in_the_form(visitor: Visitor, house: TestHouse) -> None:
    await calls(house, 2)
    whole = await a_whole_call(house)
    for query in ("persona=receptionist", "outcome=completed", "persona=receptionist&from=2026-03-01&to=2026-03-01"):
        page = (await visitor.get(f"/admin/calls?{query}")).text
        assert listed(page) == [str(whole.id)], query
    assert '<option value="receptionist" selected>Robin</option>' in page
    assert 'value="2026-03-01"' in page
    assert listed((await visitor.get("/admin/calls?direction=outbound")).text) == []
    wrong = (await visitor.get("/admin/calls?from=soon")).text
    assert 'value="soon"' in wrong
    assert "Write the date as 2026-03-01." in wrong
    assert len(listed(wrong)) == 3


async def test_a_persona_whose_file_is_gone_can_still_be_chosen(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        await sync_personas(session, [persona("former", "Grace")], NOW)
    assert '<option value="former">Grace</option>' in (await visitor.get("/admin/calls")).text


async def test_a_calls_page_tells_it_whole(visitor: Visitor, house: TestHouse) -> None:
    call = await a_whole_call(house)
    page = (await visitor.get(f"/admin/calls/{call.id}")).text
    assert '+14155550100</bdi> <span class="quiet">rang</span> <bdi>+14155550199' in page
    assert "Said goodbye" in page
    assert '<s><span class="vh">not heard: </span>and from nine to five at the weekend.</s>' in page
    assert '<em class="cut">interrupted</em>' in page
    assert "<kbd>12#</kbd>" in page
    assert "<summary>The caller took the floor</summary><p>Their words were meant to interrupt.</p>" in page
    assert 'data-ms="24000"' in page
    blocks = re.findall(r'class="(caller|agent) block"[^>]* d="([^"]*)"', page)
    assert [(role, path.count("z")) for role, path in blocks] == [("caller", 3), ("agent", 5)]
    assert "Making speech of it: 150 ms" in page
    assert "Clear (speech 27 dB above the room)" in page
    assert "Hang up" not in page
    assert "data-live" not in page
    assert len(page) < 30_000


async def test_a_running_call_can_be_watched_and_hung_up(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        call = await talking(session)
        heard = said(call.id, 1, "agent", "Hello, how are you?", 0, heard_text="Hello,", final=False)
        await record_segments(session, [heard])
    house.running.add(call.id)
    page = (await visitor.get(f"/admin/calls/{call.id}")).text
    assert f'data-live="/admin/calls/{call.id}/live"' in page
    assert 'Hello, <span class="coming">how are you?</span>' in page
    assert "<s>" not in page
    asked = (await visitor.get(f"/admin/calls/{call.id}/hang-up")).text
    assert "in the middle of a word if need be" in asked
    answer = await visitor.post(
        f"/admin/calls/{call.id}/hang-up", data={"token": await visitor.token(f"/admin/calls/{call.id}")}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/admin/calls/{call.id}")
    assert house.hung_up == [call.id]


async def test_a_call_that_runs_elsewhere_cannot_be_hung_up_and_one_that_ended_need_not(
    visitor: Visitor, house: TestHouse
) -> None:
    async with house.db.transaction() as session:
        waiting = await ringing(session)
    form = {"token": await visitor.token()}
    refused = await visitor.post(f"/admin/calls/{waiting.id}/hang-up", data=form)
    assert refused.status_code == 409
    assert "cannot be hung up from here" in refused.text
    (over,) = await calls(house, 1)
    assert (await visitor.post(f"/admin/calls/{over.id}/hang-up", data=form)).status_code == 303
    assert (await visitor.get(f"/admin/calls/{over.id}/hang-up")).status_code == 303
    assert house.hung_up == [waiting.id]


async def test_what_was_lost_is_not_shown_as_still_to_come(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        call = await talking(session)
        await record_segments(session, [said(call.id, 1, "agent", "Hello there.", 0, heard_text="Hello", final=False)])
        await finish(session, call.id, status="lost", end_reason="process-died", ended_at=NOW, duration_s=2.0)
    page = (await visitor.get(f"/admin/calls/{call.id}")).text
    assert "Lost: the server stopped in mid-call" in page
    assert "not heard: </span>there.</s>" in page
    assert "There is no recording of this call." in page


async def test_files_are_given_to_whoever_is_signed_in(visitor: Visitor, house: TestHouse) -> None:
    call = await a_whole_call(house)
    base = f"/admin/calls/{call.id}"
    assert (await visitor.get(f"{base}/transcript.txt")).text.startswith("[00:00:00.100] Agent: The Copper Kettle")
    assert (await visitor.get(f"{base}/transcript.vtt")).text.startswith("WEBVTT")
    assert (await visitor.get(f"{base}/transcript.csv")).text.startswith("seq,turn,role")
    segments = json.loads((await visitor.get(f"{base}/transcript.json")).text)["segments"]
    assert [line["role"] for line in segments[:2]] == ["agent", "caller"]
    assert (await visitor.get(f"{base}/timeline.jsonl")).text == '{"timeline": 1}\n'
    part = await visitor.get(f"{base}/recording.wav", headers={"Range": "bytes=0-43"})
    assert (part.status_code, part.content[:4], len(part.content)) == (206, b"RIFF", 44)
    beyond = await visitor.get(f"{base}/recording.wav", headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */768044")
    assert (await visitor.get(f"{base}/transcript.exe")).status_code == 404


NOBODYS = UUID(int=7)  # no call's; the same in every process, which names its tests after it


@pytest.mark.parametrize(
    "path", ["/admin/nothing", "/admin/calls/1", f"/admin/calls/{NOBODYS}", f"/admin/calls/{NOBODYS}/recording.wav"]
)
async def test_what_is_not_there_says_so_on_a_page(visitor: Visitor, path: str) -> None:
    assert (answer := await visitor.get(path)).status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Go to the calls" in answer.text


async def test_everything_is_escaped(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        call = await talking(session, from_number=HOSTILE[:64], to_number="\u202e+1", persona=HOSTILE[:40])
        await record_segments(
            session,
            [said(call.id, 1, "caller", HOSTILE, 0), said(call.id, 2, "agent", HOSTILE, 2, heard_text=HOSTILE[:30])],
        )
        await finish(session, call.id, status="failed", end_reason=HOSTILE[:60], ended_at=NOW, duration_s=1.0)
    for path in ("/admin/calls", f"/admin/calls/{call.id}", "/admin/calls?q=alert", f"/admin/calls?q={HOSTILE}"):
        page = (await visitor.get(path)).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "`49" not in page
        for attribute in re.findall(r'value="([^"]*)"', page):
            assert "<" not in attribute


def test_no_template_turns_escaping_off_or_carries_styles_and_scripts_of_its_own() -> None:
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text()
        assert not re.search(r"""\sstyle\s*=|\son[a-z]+\s*=|<style|<script(?![^>]*\ssrc=)|autoescape|Markup""", text), (
            path
        )
        for safe in re.findall(r"('[^']*'|[^\s|,({]+)\s*\|\s*safe\b", text):
            assert re.fullmatch(r"""'( [a-z-]+="[a-z0-9-]+")+'""", safe), f"{path.name} trusts {safe}"


async def test_the_top_bar_says_whether_calls_are_taken(visitor: Visitor, house: TestHouse) -> None:
    assert 'class="house good"' in (await visitor.get("/admin/calls")).text
    house.standing = Standing(providers_warm=False, draining=False, calls=0, max_calls=50)
    page = (await visitor.get("/admin/calls")).text
    assert 'class="house attention"' in page
    assert "speech is getting ready" in page


async def test_personas_are_shown_with_their_numbers(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        await put_number(session, "+14155550123", persona="receptionist")
    page = (await visitor.get("/admin/personas")).text
    assert page.index("Ada") < page.index("Robin") < page.index("+14155550123")


async def test_a_database_that_is_away_is_told_and_a_fault_is_not_shown(
    visitor: Visitor, house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def away() -> Any:
        raise OperationalError("SELECT secrets", {}, Exception("disk gone"))
        yield

    monkeypatch.setattr(house.db, "reading", away)
    answer = await visitor.get("/admin/calls")
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text

    @asynccontextmanager
    async def broken() -> Any:
        raise RuntimeError("inner words")
        yield

    monkeypatch.setattr(house.db, "reading", broken)
    answer = await visitor.get("/admin/calls")
    assert answer.status_code == 500
    assert "inner words" not in answer.text


async def test_styles_and_scripts_are_kept_for_ever_under_their_version(visitor: Visitor) -> None:
    page = (await visitor.get("/admin/calls")).text
    for address in re.findall(r'(?:href|src)="(/admin/static/[^"]+)"', page):
        answer = await visitor.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        stale = await visitor.get(re.sub(r"static/[0-9a-f]+/", "static/old/", address))
        assert stale.headers["cache-control"] == "no-cache"
    assert (await visitor.get("/admin/static/old/..%2f..%2frouter.py")).status_code == 404
    assert (await visitor.get("/admin/static/old/nothing.js")).status_code == 404


async def test_two_pages_at_once_do_not_wait_for_each_other(visitor: Visitor, house: TestHouse) -> None:
    call = await a_whole_call(house)
    answers = await asyncio.gather(*(visitor.get(f"/admin/calls/{call.id}") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
