"""Sheets of numbers that must not be rung."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.runtime.call_sheet import SheetError
from app.runtime.number_sheet import MOST_ROWS, read_numbers

PATH = "/api/v1/do-not-call/bulk"
NUMBER, OTHER = "+14155550123", "+4930123456"


async def sent(client: httpx.AsyncClient, sheet: str | bytes) -> httpx.Response:
    content = sheet.encode() if isinstance(sheet, str) else sheet
    return await client.post(PATH, content=content, headers={"content-type": "text/csv"})


@pytest.mark.parametrize(
    "sheet",
    [
        f"number,note\n{NUMBER},asked\n{OTHER},\n",
        f"{NUMBER},asked\n{OTHER}\n",
        f"\ufeffNote;Number\r\nasked;{NUMBER}\r\n\r\n;004930123456\r\n",
        f'number\tnote\n"=""{NUMBER}"""\tasked\n\'{OTHER}\t\n',
        f"{NUMBER},asked\n{OTHER}\n".encode("utf-16"),
    ],
)
async def test_sheets_are_understood_however_they_were_saved(client: httpx.AsyncClient, sheet: str | bytes) -> None:
    assert (await sent(client, sheet)).json() == {"added": 2, "same": 0, "refused": 0, "rows": []}
    listed = (await client.get("/api/v1/do-not-call")).json()["items"]
    told = {(one["number"], one["note"], one["source"]) for one in listed}
    assert told == {(NUMBER, "asked", "csv"), (OTHER, "", "csv")}
    assert (await sent(client, sheet)).json()["same"] == 2


async def test_bad_rows_come_back_with_their_line_and_good_ones_are_taken(client: httpx.AsyncClient) -> None:
    sheet = f"number,note\n12,\n{NUMBER},{'x' * 201}\n{OTHER},\n4.93E+10,\n,only a note\n"
    body = (await sent(client, sheet)).json()
    assert (body["added"], body["refused"]) == (1, 4)
    assert [row["line"] for row in body["rows"]] == [2, 3, 5, 6]
    assert "rounded" in body["rows"][2]["reason"]


@pytest.mark.parametrize("sheet", [b"\xff\xff", b'"+1', b"\x00", f"{NUMBER}\n".encode() * (MOST_ROWS + 1)])
async def test_a_sheet_that_cannot_be_read_is_refused_whole(client: httpx.AsyncClient, sheet: bytes) -> None:
    assert (await sent(client, sheet)).status_code == 422
    assert not (await client.get("/api/v1/do-not-call")).json()["items"]


async def test_sheets_that_are_too_large_are_refused(client: httpx.AsyncClient) -> None:
    assert (await sent(client, b"x" * 5_000_001)).status_code == 413
    assert (await sent(client, b"\n \n")).status_code == 422


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_is_sent_is_read_or_refused(data: bytes) -> None:
    try:
        for row in read_numbers(data):
            assert bool(row.number) != bool(row.reason)
    except SheetError:
        pass
