"""Pages that grow while they are read: a running call's, and the list's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from app.runtime.live import CallStarted
from app.store.transcripts import record_segments
from tests.browser.chromium import OpenPage
from tests.browser.pages import a_running_call, end, focused, others, shoot, sign_in, speak, watched
from tests.web.admin.house import TestHouse, said

pytestmark = pytest.mark.browser


async def test_lines_appear_as_they_are_spoken_and_the_ending_in_their_place(
    desk: Page, house: TestHouse, address: str
) -> None:
    call = await a_running_call(house)
    await sign_in(desk, address, f"/admin/calls/{call.id}")
    lines = desk.locator("#transcript .line")
    await expect(lines).to_have_count(1)
    await watched(house, call)
    await speak(house, said(call.id, 2, "caller", "Have you <b>got</b> a table?", 4.0))
    await expect(lines).to_have_count(2)
    await expect(desk.locator("#aloud")).to_have_text("Caller: Have you <b>got</b> a table?")
    reply = said(call.id, 3, "agent", "For how many people?", 6.0, heard_text="", final=False)
    await speak(house, reply)
    await expect(lines.nth(2).locator(".coming")).to_have_text("For how many people?")
    await speak(house, replace(reply, heard_text="For how", interrupted=True, final=True))
    await expect(lines.nth(2).locator("s")).to_contain_text("many people?")
    await expect(lines).to_have_count(3)
    await end(house, call)
    await expect(desk.locator(".head .said")).to_contain_text("Caller hung up")
    await expect(desk.locator("#hang-up")).to_have_count(0)
    await expect(desk.locator("#aloud")).to_contain_text("The call has ended. ")
    await expect(lines).to_have_count(3)


async def test_the_view_follows_only_who_was_at_the_end(visit: OpenPage, house: TestHouse, address: str) -> None:
    page = await visit(height=400)
    call = await a_running_call(house)
    async with house.db.transaction() as session:
        await record_segments(session, [said(call.id, n, "caller", f"Line {n}", n) for n in range(2, 40)])
    await sign_in(page, address, f"/admin/calls/{call.id}")
    await watched(house, call)
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await speak(house, said(call.id, 40, "caller", "The newest line", 40))
    await expect(page.get_by_text("The newest line", exact=True)).to_be_in_viewport()
    await page.evaluate("scrollTo(0, 0)")
    await speak(house, said(call.id, 41, "caller", "One more", 41))
    await expect(page.locator("#transcript .line")).to_have_count(41)
    assert await page.evaluate("scrollY") == 0


async def test_the_list_takes_in_new_calls_without_pushing_what_is_read(
    desk: Page, house: TestHouse, address: str
) -> None:
    await others(house)
    await sign_in(desk, address)
    rows = desk.locator("tbody tr")
    await expect(rows).to_have_count(12)
    await watched(house)
    call = await a_running_call(house)
    house.hub.publish(CallStarted(call.id))
    await expect(rows).to_have_count(13)
    await expect(rows.first).to_contain_text("Talking now")
    await rows.nth(4).locator("a").focus()
    before = await focused(desk)
    await end(house, call)
    await expect(rows.first).to_contain_text("Caller hung up")
    another = await a_running_call(house)
    house.hub.publish(CallStarted(another.id))
    await expect(desk.locator("#news")).to_have_text("1 new call: show it")
    await expect(rows).to_have_count(13)
    assert await focused(desk) == before


async def test_an_empty_list_shows_the_first_call_by_itself(desk: Page, house: TestHouse, address: str) -> None:
    await sign_in(desk, address)
    await expect(desk.get_by_text("Nobody has rung yet.")).to_be_visible()
    await shoot(desk, "empty")
    await watched(house)
    call = await a_running_call(house)
    house.hub.publish(CallStarted(call.id))
    await expect(desk.locator("tbody tr")).to_have_count(1)
