"""The page of numbers that are not rung: listed, entered, taken off, and read from a sheet."""

from __future__ import annotations

import re
from html import unescape

import pytest

from app.store.do_not_call import forbid, get_forbidden, is_forbidden
from tests.web.admin.arranged import HOSTILE, NUMBER, send, send_sheet, wrong
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse

PATH = "/admin/do-not-call"


async def forbidden(house: TestHouse, number: str = NUMBER) -> bool:
    async with house.db.reading() as session:
        return await is_forbidden(session, number)


async def test_a_number_is_entered_with_its_reason_and_taken_off(visitor: Visitor, house: TestHouse) -> None:
    answer = await send(visitor, {"number": "+1 415-555-0123", "note": HOSTILE}, PATH)
    assert answer.status_code == 303
    page = (await visitor.get(answer.headers["location"])).text
    assert "It is on the list." in page
    assert HOSTILE in unescape(page)
    assert HOSTILE not in page
    async with house.db.reading() as session:
        row = await get_forbidden(session, NUMBER)
    assert row
    assert (row.source, row.note) == ("page", HOSTILE)
    unsaid = await send(visitor, {"number": NUMBER, "reason": " "}, f"{PATH}/remove")
    assert (unsaid.status_code, list(wrong(unsaid))) == (422, ["reason"])
    assert await forbidden(house)
    for _ in range(2):
        gone = await send(visitor, {"number": NUMBER, "reason": f"they asked {HOSTILE}"}, f"{PATH}/remove")
        assert gone.status_code == 303
        assert not await forbidden(house)
    page = (await visitor.get(gone.headers["location"])).text
    assert "may be rung again" in page
    assert unescape(page).count(HOSTILE) == 2, "why it was on the list, and why it is no more"
    assert HOSTILE not in page


@pytest.mark.parametrize(
    ("given", "field"), [({"number": "12"}, "number"), ({"number": NUMBER, "note": "x" * 201}, "note")]
)
async def test_what_is_wrong_is_said_beside_its_field_and_kept(
    visitor: Visitor, house: TestHouse, given: dict[str, str], field: str
) -> None:
    answer = await send(visitor, given, PATH)
    assert answer.status_code == 422
    assert list(wrong(answer)) == [field]
    assert f'value="{given["number"]}"' in answer.text
    assert not await forbidden(house)


async def test_a_callees_own_word_is_told_before_it_is_undone(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        await forbid(session, NUMBER, source="callee", now=NOW)
    assert "They said themselves" in (await visitor.get(PATH)).text


async def test_a_number_is_looked_up_and_the_list_is_turned(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        for number in range(52):
            await forbid(session, f"+141555501{number:02}", source="csv", now=NOW)
    first = (await visitor.get(PATH)).text
    assert len(first.encode()) < 100_000
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    assert "+14155550151" in (await visitor.get(unescape(more[1]))).text
    found = (await visitor.get(PATH, params={"number": "+1 415 555 0107"})).text
    assert re.findall(r"<strong class=\"who\"><bdi>(.*?)</bdi>", found) == ["+14155550107"]
    assert "not on the list" in (await visitor.get(PATH, params={"number": "+1415\x00"})).text


async def test_a_sheet_of_numbers_is_entered_and_bad_rows_are_told(visitor: Visitor, house: TestHouse) -> None:
    answer = await send_sheet(visitor, f"note;number\r\nasked;{NUMBER}\r\n;12\r\n;{NUMBER}\r\n", f"{PATH}/sheet")
    assert "1 entered" in answer.text
    assert "1 were on the list" in answer.text
    assert "Line 3" in answer.text
    assert await forbidden(house)
    refused = await send_sheet(visitor, b"", f"{PATH}/sheet")
    assert refused.status_code == 422
    assert wrong(refused) == {"sheet": "Choose a file."}
