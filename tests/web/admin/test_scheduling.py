"""Calls arranged on the pages, by form or by sheet: what is taken, and what is said of what is wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from app.store.do_not_call import forbid
from app.web.admin.schedule_form import Form, typed_form, wish_of
from tests.web.admin.arranged import (
    HOSTILE,
    NUMBER,
    SHEET,
    filled,
    send,
    send_sheet,
    stored,
    wrong,
)
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse


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
        ({"webhook_url": "http://ats.example/"}, "webhook_url", "Only https"),
        ({"webhook_url": "https://192.168.1.7/"}, "webhook_url", "public internet"),
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
