"""The pages of calls that we place: seen as they stand and why, cancelled, set going again."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

from app.dialling.outcome import Disposition
from app.store.attempts import record_refusal
from app.store.campaigns import get_campaign, stop_campaign
from app.store.scheduling import create_call, find_scheduled
from app.web.admin.outbound_words import OVER, WAITING
from tests.store.outbound_samples import POLICY, arrangement
from tests.web.admin.arranged import (
    HOSTILE,
    NEW,
    NUMBER,
    SHEET,
    arranged,
    filled,
    rung,
    send,
    stored,
)
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse


async def test_forms_need_their_token_and_strangers_see_nothing(stranger: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    for path in ("/admin/scheduled", NEW, SHEET, f"/admin/scheduled/{id_}", f"/admin/scheduled/{id_}/invite.ics"):
        assert (await stranger.get(path)).status_code == 303
    await stranger.sign_in()
    for path in (NEW, f"/admin/scheduled/{id_}/cancel", "/admin/scheduled/resume", "/admin/do-not-call"):
        assert (await stranger.post(path, data=filled(number=NUMBER))).status_code == 403
    for path in (SHEET, "/admin/do-not-call/sheet"):
        answer = await stranger.post(path, files={"sheet": ("a.csv", f"to,persona\n{NUMBER},assistant\n".encode())})
        assert answer.status_code == 403
    (row,) = await stored(house)
    assert row.status == "waiting"


async def test_the_list_tells_how_calls_stand_and_why(visitor: Visitor, house: TestHouse) -> None:
    await arranged(house, to_number="+14155550101")
    await rung(house, "busy")
    await arranged(house, to_number="+14155550102")
    await rung(house, "ringing")
    await arranged(house, to_number="+14155550103", campaign="spring", variables={"candidate_name": HOSTILE})
    page = (await visitor.get("/admin/scheduled")).text
    assert "The line was busy, will try again" in page
    assert "Being rung" in page
    assert HOSTILE in unescape(page)
    assert HOSTILE not in page
    for kind, number in (("again", "+14155550101"), ("calling", "+14155550102")):
        page = (await visitor.get(f"/admin/scheduled?kind={kind}")).text
        assert re.findall(r"<bdi>(\+\d+)</bdi>", page) == [number]
    for query in ("campaign=spring", "to=%2B14155550103"):
        page = (await visitor.get(f"/admin/scheduled?{query}")).text
        assert re.findall(r"<bdi>(\+\d+)</bdi>", page) == ["+14155550103"]
    assert "No call matches" in (await visitor.get("/admin/scheduled?kind=nonsense%00")).text
    assert (await visitor.get("/admin/scheduled?older=nonsense")).status_code == 400


async def test_a_long_list_is_turned(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        for number in range(53):
            made = arrangement(to_number=f"+141555501{number:02}")
            await create_call(session, made, source="csv", now=NOW + timedelta(seconds=number))
    first = (await visitor.get("/admin/scheduled?kind=waiting")).text
    assert len(first.encode()) < 100_000
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = (await visitor.get(unescape(older[1]))).text
    assert len(re.findall(r"<bdi>\+\d+</bdi>", second)) == 3
    assert "kind=waiting" in older[1]


async def test_a_call_shows_every_attempt_in_words(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    attempt = await rung(house, "in-progress", "completed", duration_s=65, answered_by="human")
    page = unescape((await visitor.get(f"/admin/scheduled/{id_}")).text)
    assert "They answered" in page
    assert "1:05" in page
    assert f'href="/admin/calls/{attempt}"' in page
    assert "Cancel this call" not in page


async def test_the_carriers_words_are_shown_as_words(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    attempt = await rung(house)
    async with house.db.transaction() as session:
        await record_refusal(session, attempt, Disposition.REFUSED, POLICY, NOW, code=21211, words=HOSTILE)
    page = (await visitor.get(f"/admin/scheduled/{id_}")).text
    assert "The carrier will not ring this number" in page
    assert HOSTILE in unescape(page)
    assert HOSTILE not in page
    assert "(21211)" in page


async def test_a_waiting_call_is_cancelled_and_one_that_is_over_stays(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    page = f"/admin/scheduled/{id_}"
    assert "is not rung again for this call" in (await visitor.get(page)).text
    for _ in range(2):
        answer = await send(visitor, {}, f"{page}/cancel")
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        async with house.db.reading() as session:
            assert (await find_scheduled(session, id_)).status == "cancelled"
    assert "Cancelled" in (await visitor.get(page)).text


async def test_cancelling_what_rings_says_that_nothing_follows(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    await rung(house, "ringing")
    assert "hung up at once" in (await visitor.get(f"/admin/scheduled/{id_}")).text
    await send(visitor, {}, f"/admin/scheduled/{id_}/cancel")
    page = (await visitor.get(f"/admin/scheduled/{id_}")).text
    assert "Being hung up" in page
    assert "Cancel this call" not in page


async def test_calls_that_are_not_there_are_not_found(visitor: Visitor) -> None:
    path = f"/admin/scheduled/{uuid4()}"
    for one in (path, f"{path}/invite.ics", "/admin/scheduled/nonsense"):
        assert (await visitor.get(one)).status_code == 404
    assert (await send(visitor, {}, f"{path}/cancel")).status_code == 404


async def test_a_campaign_that_stands_still_is_told_and_set_going(visitor: Visitor, house: TestHouse) -> None:
    await arranged(house, campaign=HOSTILE)
    async with house.db.transaction() as session:
        await stop_campaign(session, HOSTILE, "most-calls-fail", NOW)
    page = (await visitor.get("/admin/scheduled")).text
    assert "most of its last calls failed" in page
    assert "its campaign stands still" in page
    assert HOSTILE not in page
    assert (await send(visitor, {"campaign": HOSTILE}, "/admin/scheduled/resume")).status_code == 303
    async with house.db.reading() as session:
        campaign = await get_campaign(session, HOSTILE)
    assert campaign
    assert campaign.stopped_at is None
    assert "stands still" not in (await visitor.get("/admin/scheduled")).text


async def test_a_call_is_a_calendar_entry(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    answer = await visitor.get(f"/admin/scheduled/{id_}/invite.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert f"call-{id_}.ics" in answer.headers["content-disposition"]


def test_every_reason_that_is_documented_has_words() -> None:
    text = Path("docs/outbound.md").read_text(encoding="utf-8")
    table = text.split("| reason | means |")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\|(.*?)\|", table, re.MULTILINE))))
    assert named - {"completed", "failed"} <= set(WAITING) | set(OVER)
