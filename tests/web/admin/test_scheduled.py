"""The pages of calls that we place: arranged by form or by sheet, seen as they stand, cancelled."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from app.dialling.outcome import Disposition
from app.store.attempts import Told, apply_status, begin_dialling, record_refusal
from app.store.campaigns import get_campaign, stop_campaign
from app.store.claiming import claim
from app.store.do_not_call import forbid
from app.store.outbound_tables import ScheduledCallRow
from app.store.scheduling import ScheduledFilters, create_call, find_scheduled, list_scheduled
from app.web.admin.outbound_words import OVER, WAITING
from app.web.admin.schedule_form import Form, empty_form, typed_form, wish_of
from tests.store.outbound_samples import POLICY, arrangement
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse

NEW = "/admin/scheduled/new"
SHEET = "/admin/scheduled/sheet"
NUMBER = "+14155550123"
HOSTILE = '"><script>alert(1)</script>'


def filled(**more: str) -> dict[str, str]:
    """The form as a browser sends it."""
    typed = empty_form("assistant").typed
    return {name: value for name, value in typed.items() if value} | {"to": NUMBER} | more


async def send(visitor: Visitor, form: dict[str, str], path: str = NEW) -> httpx.Response:
    return await visitor.post(path, data={"token": await visitor.token()} | form)


async def send_sheet(visitor: Visitor, sheet: str | bytes, path: str = SHEET) -> httpx.Response:
    content = sheet.encode() if isinstance(sheet, str) else sheet
    return await visitor.post(path, data={"token": await visitor.token()}, files={"sheet": ("a.csv", content)})


async def stored(house: TestHouse) -> list[ScheduledCallRow]:
    async with house.db.reading() as session:
        return list((await list_scheduled(session, ScheduledFilters())).items)


async def arranged(house: TestHouse, **given: object) -> UUID:
    async with house.db.transaction() as session:
        values = {"scheduled_at": NOW, "first_attempt_at": NOW} | given
        row, _ = await create_call(session, arrangement(**values), source="rest", now=NOW)
    return row.id


async def rung(house: TestHouse, *statuses: str, **told: object) -> UUID:
    """Whatever is due is claimed and dialled, and the carrier tells of it; the attempt's id."""
    async with house.db.transaction() as session:
        (one,) = await claim(session, "m1", POLICY, NOW)
        assert await begin_dialling(session, one.attempt_id, "m1", POLICY, NOW)
    for status in statuses:
        async with house.db.transaction() as session:
            said = Told(status, NOW, **told)  # type: ignore[arg-type]
            await apply_status(session, one.attempt_id, f"CA{one.attempt_id.hex}", said, POLICY, NOW)
    return one.attempt_id


def wrong(answer: httpx.Response) -> dict[str, str]:
    """What the page says is wrong, by field."""
    found = re.findall(r'<span class="wrong" id="wrong-([^"]*)">(.*?)</span>', answer.text)
    return {name: unescape(text) for name, text in found}


async def test_a_call_is_arranged_by_its_form_and_shown(visitor: Visitor, house: TestHouse) -> None:
    form = filled(
        to="+1 (415) 555-0123",
        when="at",
        at="2026-03-02T09:30",
        time_zone="Europe/Berlin",
        busy_min="5, 15",
        until="17:30",
        candidate_name="Ada",
        variables="topic: python\nlevel: 2: hard",
        campaign="spring",
        max_attempts="4",
        voicemail="leave_message",
    )
    form |= {"from": "09:00"}
    del form["day-sat"], form["day-sun"]
    answer = await send(visitor, form)
    assert answer.status_code == 303, wrong(answer)
    (row,) = await stored(house)
    assert (row.to_number, row.persona, row.source, row.max_attempts) == (NUMBER, "assistant", "page", 4)
    assert row.scheduled_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert row.retry == {"busy": [300, 900]}
    assert row.windows == [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "until": "17:30"}]
    assert row.variables == {"candidate_name": "Ada", "topic": "python", "level": "2: hard"}
    page = unescape((await visitor.get(answer.headers["location"])).text)
    for words in ("It is arranged.", "Mon, Tue, Wed, Thu, Fri 09:00 to 17:30", "After busy: 5 min, 15 min", "2: hard"):
        assert words in page
    assert "Mon 2 Mar, 09:30 Europe/Berlin" in page
    assert "Waits for its time" in (await visitor.get("/admin/scheduled")).text


async def test_a_call_for_now_takes_the_zone_of_its_number(visitor: Visitor, house: TestHouse) -> None:
    assert (await send(visitor, filled(at="nonsense"))).status_code == 303
    (row,) = await stored(house)
    assert (row.time_zone, row.next_attempt_at, row.windows) == ("America/Los_Angeles", NOW, [])


async def test_the_same_form_twice_is_one_call_and_another_is_another(visitor: Visitor, house: TestHouse) -> None:
    form = filled()
    first, second = [await send(visitor, form) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    await send(visitor, form | {"role": "Cook"})
    assert len(await stored(house)) == 2


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"to": ""}, "to", "Write whom to ring"),
        ({"to": "0415"}, "to", "E.164"),
        ({"to": "+911"}, "to", "Emergency"),
        ({"to": "+19005550100"}, "to", "Premium"),
        ({"to": "+4930123457"}, "to", "do-not-call list"),
        ({"to": "+18005550100"}, "time_zone", "time zone"),
        ({"persona": "nobody"}, "persona", "no such persona"),
        ({"time_zone": "Europe/Berln"}, "time_zone", "Europe/Berlin"),
        ({"when": "at", "at": ""}, "at", "Write the time"),
        ({"when": "at", "at": "tomorrow"}, "at", "Write the time"),
        ({"when": "at", "at": "2026-02-01T09:00"}, "at", "has passed"),
        ({"when": "at", "at": "2026-03-29T02:30", "time_zone": "Europe/Berlin"}, "at", "put forward"),
        ({"from": "25:00"}, "window", "00:00 to 24:00"),
        ({"from": "09:00", "until": "09:00"}, "window", "never opens"),
        ({"max_attempts": "0"}, "max_attempts", "from 1 to"),
        ({"max_attempts": "²"}, "max_attempts", "from 1 to"),
        ({"busy_min": "5, soon"}, "busy_min", "minutes"),
        ({"failed_min": "0"}, "failed_min", "minutes"),
        ({"variables": "topic python"}, "variables", "topic: python"),
        ({"variables": "a: 1\na: 2"}, "variables", "twice"),
        ({"variables": "role: cook"}, "variables", "twice"),
        ({"candidate_name": "x" * 501}, "candidate_name", "500"),
        ({"campaign": "x" * 61}, "campaign", "60"),
        ({"webhook_url": "javascript:alert(1)"}, "webhook_url", "https://"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    visitor: Visitor, house: TestHouse, given: dict[str, str], field: str, words: str
) -> None:
    async with house.db.transaction() as session:
        await forbid(session, "+4930123457", source="rest", now=NOW)
    answer = await send(visitor, filled(**given))
    assert answer.status_code == 422
    found = wrong(answer)
    assert list(found) == [field]
    assert words in found[field]
    assert not await stored(house)


async def test_all_faults_are_told_at_once_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    form = filled(to=HOSTILE, busy_min="x", variables=HOSTILE, candidate_name=HOSTILE, campaign="spring", role="Köchin")
    form |= {"from": "9 o'clock"}
    del form["day-wed"]
    answer = await send(visitor, form)
    assert set(wrong(answer)) == {"to", "busy_min", "variables", "window"}
    assert "<script>alert" not in answer.text
    text = unescape(answer.text)
    assert text.count(HOSTILE) == 3
    for kept in ('value="spring"', 'value="Köchin"', "9 o'clock", f'value="{form["key"]}"'):
        assert kept in text
    assert '<input type="checkbox" name="day-mon" checked>' in text
    assert '<input type="checkbox" name="day-wed">' in text
    assert '<details class="more" open>' in text


def test_a_form_without_days_never_opens() -> None:
    typed = {name: value for name, value in filled().items() if not name.startswith("day-")}
    judged = wish_of(typed_form(typed))
    assert isinstance(judged, Form)
    assert "without days" in judged.wrong["window"]


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


async def test_a_sheet_is_taken_row_by_row_and_its_verdicts_are_shown(visitor: Visitor, house: TestHouse) -> None:
    sheet = f"to,persona,variables.candidate_name\n{NUMBER},assistant,Ada\n12,assistant,\n+4930123456,{HOSTILE},\n"
    sheet = sheet.replace(HOSTILE, '"' + HOSTILE.replace('"', '""') + '"')
    answer = await send_sheet(visitor, sheet)
    assert answer.status_code == 200
    assert "1 arranged" in answer.text
    assert "2 not taken" in answer.text
    text = unescape(answer.text)
    assert re.findall(r'<td role="cell" class="at">(\d+)</td>', text) == ["3", "4", "2"]
    assert "Write the number in E.164" in text
    assert "<script>alert" not in answer.text
    assert len(await stored(house)) == 1
    again = (await send_sheet(visitor, "\ufeff" + sheet.replace("\n", "\r\n"))).text
    assert "1 were arranged before" in again
    assert len(await stored(house)) == 1


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (b"", "Choose a file."),
        (b"number\n+14155550123\n", "among them to"),
        (b"to,persona\n\xff\xfe\n", "not in UTF-8"),
        (b'to,persona\n"+1,assistant\n', "quotation mark"),
    ],
)
async def test_a_sheet_that_cannot_be_read_is_refused_whole(
    visitor: Visitor, house: TestHouse, sheet: bytes, words: str
) -> None:
    answer = await send_sheet(visitor, sheet)
    assert answer.status_code == 422
    assert words in wrong(answer)["sheet"]
    assert not await stored(house)


async def test_sheets_that_are_too_large_and_broken_forms_are_refused(visitor: Visitor) -> None:
    assert (await send_sheet(visitor, b"x" * 5_100_000)).status_code == 413
    broken = {"content-type": "multipart/form-data; boundary=x"}
    answer = await visitor.post(SHEET, content=b"--y\r\nnonsense", headers=broken)
    assert answer.status_code in (400, 403)


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
