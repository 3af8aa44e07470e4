"""Sheets of calls, as people's spreadsheets write them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.runtime.call_sheet import MOST_ROWS, SheetError, read_sheet

PATH = "/api/v1/calls/bulk"
SHEET = "to,persona\n+14155550123,interviewer\n+4930123456,assistant\n"


async def sent(client: httpx.AsyncClient, sheet: str | bytes) -> httpx.Response:
    content = sheet.encode() if isinstance(sheet, str) else sheet
    return await client.post(PATH, content=content, headers={"content-type": "text/csv"})


async def counted(client: httpx.AsyncClient, sheet: str | bytes) -> tuple[int, int, int]:
    response = await sent(client, sheet)
    assert response.status_code == 200, response.text
    body = response.json()
    return body["scheduled"], body["same"], body["refused"]


async def waiting(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await client.get("/api/v1/calls/scheduled")).json()["items"])


@pytest.mark.parametrize(
    "sheet",
    [
        SHEET,
        "\ufeff" + SHEET,
        SHEET.replace("\n", "\r\n"),
        SHEET.replace("\n", "\r\n").replace(",", ";"),
        SHEET.replace(",", "\t"),
        SHEET.encode("utf-16"),
        SHEET.replace("+14155550123", '"=""+14155550123"""'),
        SHEET.replace("+4930123456", "'+4930123456"),
        SHEET.replace("+4930123456", "004930123456"),
        SHEET.replace("to,persona", " To , Persona "),
        SHEET + "\n,\n\n",
        "to,persona,,\n+14155550123,interviewer,,\n+4930123456,assistant,,\n",
        "sep=;\r\n" + SHEET.replace("\n", "\r\n").replace(",", ";"),
        "\r\n,\r\n" + SHEET.replace("\n", "\r\n"),
        SHEET.replace("\n", "\r"),
        SHEET.replace("+14155550123", "+1 (415) 555-0123").replace("+4930123456", "+49\u00a030\u00a0123456"),
        SHEET.replace("persona", "persona,max_attempts").replace("er\n", 'er,"2,0"\n').replace("ant\n", "ant,3.00\n"),
    ],
)
async def test_sheets_are_understood_however_they_were_saved(client: httpx.AsyncClient, sheet: str | bytes) -> None:
    assert await counted(client, sheet) == (2, 0, 0)
    assert {one["to"] for one in await waiting(client)} == {"+14155550123", "+4930123456"}


async def test_the_same_sheet_twice_rings_nobody_twice(client: httpx.AsyncClient) -> None:
    assert await counted(client, SHEET) == (2, 0, 0)
    assert await counted(client, SHEET) == (0, 2, 0)
    assert await counted(client, "\ufeff" + SHEET.replace(",", ";").replace("\n", "\r\n")) == (0, 2, 0)
    assert len(await waiting(client)) == 2


async def test_a_row_that_is_there_twice_is_taken_once(client: httpx.AsyncClient) -> None:
    assert await counted(client, SHEET + "+4930123456,assistant\n") == (2, 1, 0)


@pytest.mark.parametrize(
    ("number", "words"),
    [("4.93012E+11", "rounded"), ("4,93012E+11", "rounded"), ("5E+11", "rounded"), ("493012345618", "a plus"),
     ("493012345618.0", "a plus"), ("+49 (0)30 123456", "a plus"), ("-14155550123", "a plus")],
)  # fmt: skip
async def test_what_a_spreadsheet_made_of_a_number_is_refused_with_its_line(
    client: httpx.AsyncClient, number: str, words: str
) -> None:
    sheet = f'sep=,\r\n\r\nto,persona\r\n+4930123456,interviewer\r\n"{number}",interviewer\r\n'
    good, bad = (await sent(client, sheet)).json()["rows"]
    assert (good["line"], good["verdict"]) == (4, "scheduled")
    assert (bad["line"], bad["verdict"], bad["field"]) == (5, "refused", "to")
    assert words in bad["reason"]


async def test_a_row_whose_webhook_leads_where_none_may_is_refused_by_name(client: httpx.AsyncClient) -> None:
    sheet = (
        "to,persona,webhook_url\n"
        "+14155550123,interviewer,https://ats.example/hook\n"
        "+14155550124,interviewer,http://ats.example/hook\n"
        "+14155550125,interviewer,https://10.1.2.3/hook\n"
    )
    rows = (await sent(client, sheet)).json()["rows"]
    assert [(row["line"], row["verdict"], row["field"]) for row in rows] == [
        (2, "scheduled", None),
        (3, "refused", "webhook_url"),
        (4, "refused", "webhook_url"),
    ]


async def test_bad_rows_come_back_with_line_field_and_reason_and_good_ones_are_taken(client: httpx.AsyncClient) -> None:
    sheet = (
        "to;persona;scheduled_at;time_zone;max_attempts;window;voicemail\n"
        "+14155550123;interviewer;;;;;\n"
        "4,91512E+12;interviewer;;;;;\n"
        "14155550123;interviewer;;;;;\n"
        "+14155550124;nobody;;;;;\n"
        '+14155550125;interviewer;"yester\nday";;;;\n'
        "+14155550126;interviewer;;Mars/Olympus;;;\n"
        "+14155550127;interviewer;;;many;;\n"
        "+14155550128;interviewer;;;;fri 25:00-26:00;\n"
        "+14155550129;interviewer;;;;mon-fri 09:00-17:00|sat 10:00-12:00;leave_message\n"
        "+14155550130;interviewer;;;;;;surplus\n"
        "+911;interviewer;;;;;\n"
    )
    rows = (await sent(client, sheet)).json()["rows"]
    assert [(row["line"], row["verdict"], row["field"]) for row in rows] == [
        (2, "scheduled", None),
        (3, "refused", "to"),
        (4, "refused", "to"),
        (5, "refused", "persona"),
        (6, "refused", "scheduled_at"),
        (8, "refused", "time_zone"),
        (9, "refused", "max_attempts"),
        (10, "refused", "window"),
        (11, "scheduled", None),
        (12, "refused", "row"),
        (13, "refused", "to"),
    ]
    assert "rounded" in rows[1]["reason"]
    windows = next(one["window"] for one in await waiting(client) if one["to"] == "+14155550129")
    assert [one["days"] for one in windows] == [["mon", "tue", "wed", "thu", "fri"], ["sat"]]


async def test_other_columns_are_variables_if_they_say_so(client: httpx.AsyncClient) -> None:
    sheet = "to,persona,variables.candidate_name,variables.Role\n+14155550123,interviewer,Zoë,\n"
    assert await counted(client, sheet) == (1, 0, 0)
    assert (await waiting(client))[0]["variables"] == {"candidate_name": "Zoë"}


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("", "name the columns"),
        ("persona\ninterviewer\n", "to"),
        ("to,persona,colour\n", "'colour' is no column"),
        ("to,persona,to\n", "twice"),
        (SHEET.encode() + b"\xff", "UTF-8"),
        (SHEET + '"+14155550123\n', "quotation mark"),
        ("to,persona\n" + "+14155550123,nobody\n" * (MOST_ROWS + 1), "at most"),
    ],
)
async def test_a_sheet_that_is_none_is_refused_in_words(
    client: httpx.AsyncClient, sheet: str | bytes, words: str
) -> None:
    response = await sent(client, sheet)
    assert response.status_code == 422
    assert words in response.json()["detail"]


async def test_a_sheet_of_ten_megabytes_is_not_read(client: httpx.AsyncClient) -> None:
    assert (await sent(client, b"x" * 10_000_000)).status_code == 413


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"to,persona,window\n{text}".encode()))
def test_whatever_is_sent_is_judged_or_refused(data: bytes) -> None:
    try:
        rows = list(read_sheet(data))
    except SheetError:
        return
    assert all((row.wish is None) != (row.fault is None) for row in rows)
