"""Calls that were arranged, and forms as a browser sends them, for tests of their pages."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import httpx

from app.store.attempts import Told, apply_status, begin_dialling
from app.store.claiming import claim
from app.store.outbound_tables import ScheduledCallRow
from app.store.scheduling import ScheduledFilters, create_call, list_scheduled
from app.web.admin.schedule_form import empty_form
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
