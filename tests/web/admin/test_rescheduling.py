"""A call that waits is changed on its page: what was not touched stays to the second, and nothing is lost to others."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.dialling.plan import Plan
from app.dialling.window import Window
from app.store.do_not_call import forbid
from app.store.outbound_tables import ScheduledCallRow
from tests.web.admin.arranged import arranged, rung, send, stored, wrong
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse

ODD = NOW + timedelta(days=2, seconds=17)
LATE = Window(frozenset({0, 1}), 22 * 60, 2 * 60)
EARLY = Window(frozenset({4}), 6 * 60, 8 * 60)
GIVEN: dict[str, Any] = {
    "scheduled_at": ODD,
    "first_attempt_at": ODD,
    "time_zone": "Europe/Berlin",
    "plan": Plan(7, {"busy": (17, 90), "failed": (60,)}),
    "variables": {"candidate_name": "Ada", "years": 7, "senior": True, "topic": "python"},
    "campaign": "spring",
    "webhook_url": "https://ats.example/hook",
}


def path_of(id_: UUID) -> str:
    return f"/admin/scheduled/{id_}/edit"


async def opened(visitor: Visitor, id_: UUID) -> dict[str, str]:
    """The form as a browser sends it back, which ends the lines of a text by two signs."""
    page = (await visitor.get(path_of(id_))).text
    form: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        named = dict(re.findall(r'(name|value|type)="([^"]*)"', tag))
        if "name" not in named or named["name"] == "token":
            continue
        if named.get("type") in ("checkbox", "radio"):
            if " checked" in tag:
                form[named["name"]] = unescape(named.get("value", "on"))
        else:
            form[named["name"]] = unescape(named.get("value", ""))
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        assert chosen
        form[name] = unescape(chosen[1])
    text = re.search(r'<textarea name="variables"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert text
    return form | {"variables": unescape(text[1]).replace("\n", "\r\n")}


async def changed(visitor: Visitor, house: TestHouse, id_: UUID, **more: str) -> ScheduledCallRow:
    form = await opened(visitor, id_)
    answer = await send(visitor, form | more, path_of(id_))
    assert answer.status_code == 303, wrong(answer)
    assert "It is arranged anew." in (await visitor.get(answer.headers["location"])).text
    (row,) = await stored(house)
    return row


def kept(row: ScheduledCallRow) -> dict[str, Any]:
    return row.model_dump(exclude={"revision", "updated_at"})


@pytest.mark.parametrize("windows", [(), (LATE,), (EARLY, LATE)])
async def test_a_form_that_is_sent_as_it_came_changes_nothing(
    visitor: Visitor, house: TestHouse, windows: tuple[Window, ...]
) -> None:
    id_ = await arranged(house, **GIVEN, windows=windows)
    (before,) = await stored(house)
    after = await changed(visitor, house, id_)
    without = {"next_attempt_at"} if windows else set()  # it is when the window opens
    assert {name: it for name, it in kept(after).items() if name not in without} == {
        name: it for name, it in kept(before).items() if name not in without
    }


async def test_time_window_and_attempts_are_changed_and_the_rest_stays(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house, **GIVEN)
    more = {"at": "2026-03-04T09:30", "max_attempts": "2", "from": "09:00", "until": "17:00", "busy_min": "5"}
    row = await changed(visitor, house, id_, **more)
    assert row.scheduled_at.isoformat() == "2026-03-04T08:30:00+00:00"
    assert (row.next_attempt_at, row.max_attempts) == (row.scheduled_at, 2)
    assert row.retry == {"busy": [300], "failed": [60]}
    assert [(one["from"], one["until"]) for one in row.windows] == [("09:00", "17:00")]
    assert row.variables == GIVEN["variables"]


async def test_a_time_that_has_passed_stays_and_cannot_be_chosen(visitor: Visitor, house: TestHouse) -> None:
    passed = NOW - timedelta(hours=2)
    id_ = await arranged(house, **GIVEN | {"scheduled_at": passed, "first_attempt_at": passed})
    assert (await changed(visitor, house, id_, campaign="summer")).scheduled_at == passed
    answer = await send(visitor, await opened(visitor, id_) | {"at": "2026-02-28T09:00"}, path_of(id_))
    assert (answer.status_code, list(wrong(answer))) == (422, ["at"])
    assert "Nothing was changed" in answer.text
    assert (await changed(visitor, house, id_, when="now")).scheduled_at == NOW


async def test_what_is_to_be_tried_again_is_not_rung_sooner_for_a_change(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    await rung(house, "busy")
    (before,) = await stored(house)
    row = await changed(visitor, house, id_, campaign="summer")
    assert (row.next_attempt_at, row.attempts) == (NOW + timedelta(seconds=60), 1)
    assert row.next_attempt_at == before.next_attempt_at


async def test_what_is_wrong_is_said_beside_its_field_and_changes_nothing(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house, **GIVEN)
    async with house.db.transaction() as session:
        await forbid(session, "+4930123457", source="rest", now=NOW)
    form = await opened(visitor, id_)
    for given, field in (
        ({"to": "+4930123457"}, "to"),
        ({"busy_min": "soon"}, "busy_min"),
        ({"webhook_url": "http://ats.example/"}, "webhook_url"),
    ):
        answer = await send(visitor, form | given, path_of(id_))
        assert (answer.status_code, list(wrong(answer))) == (422, [field])
    assert [row.revision for row in await stored(house)] == [1]


async def test_what_was_changed_or_rung_meanwhile_is_not_overwritten(visitor: Visitor, house: TestHouse) -> None:
    id_ = await arranged(house)
    old = await opened(visitor, id_)
    await changed(visitor, house, id_, campaign="spring")

    async def refused(form: dict[str, str]) -> httpx.Response:
        answer = await send(visitor, form, path_of(id_))
        assert answer.status_code == 409
        assert "meanwhile" in answer.text
        return answer

    await refused(old | {"campaign": "autumn"})
    new = await opened(visitor, id_)
    await rung(house, "ringing")
    await refused(new | {"campaign": "autumn"})
    (row,) = await stored(house)
    assert (row.campaign, row.status) == ("spring", "calling")
    away = await visitor.get(path_of(id_))
    assert (away.status_code, away.headers["location"]) == (303, f"/admin/scheduled/{id_}")
    assert "/edit" not in (await visitor.get(f"/admin/scheduled/{id_}")).text


async def test_a_call_that_is_not_there_cannot_be_changed(visitor: Visitor) -> None:
    nobody = UUID(int=7)
    assert (await visitor.get(path_of(nobody))).status_code == 404
    assert (await send(visitor, {}, path_of(nobody))).status_code == 404
