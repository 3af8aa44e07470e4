"""Stepping into a running call from its page, by keyboard; and the page of one that a person was asked to take over."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from app.store import transfers
from app.store.calls import finish
from app.store.transcripts import record_segments
from tests.browser.chromium import OpenPage
from tests.browser.pages import a_running_call, assert_fits, press_until, shoot, sign_in
from tests.store.samples import ringing, talking
from tests.web.admin.house import NOW, TestHouse, said

pytestmark = pytest.mark.browser


async def test_keys_are_pressed_and_a_goodbye_is_said_by_keyboard(desk: Page, house: TestHouse, address: str) -> None:
    call = await a_running_call(house)
    await sign_in(desk, address, f"/admin/calls/{call.id}")
    await press_until(desk, "Tab", "Press keys…")
    await desk.keyboard.press("Enter")
    await desk.keyboard.press("Tab")
    await desk.keyboard.type("call me")
    await desk.keyboard.press("Enter")
    assert not house.pressed, "the browser itself refuses what is no key"
    await desk.keyboard.press("Control+a")
    await desk.keyboard.type("1w204#")
    async with desk.expect_navigation():
        await desk.keyboard.press("Enter")
    assert house.pressed == [(call.id, "1w204#")]
    await press_until(desk, "Tab", "Hang up…")
    await desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog")
    await expect(dialog).to_contain_text("with the goodbye of the agent")
    async with desk.expect_navigation():
        await dialog.get_by_role("button", name="Say goodbye first").press("Enter")
    assert house.told_goodbye == [call.id]


async def transferred(house: TestHouse) -> tuple[UUID, UUID]:
    """A call that left for a person, and the one as which it came back."""
    async with house.db.transaction() as session:
        call, back = await talking(session, call_sid="CA1"), await ringing(session, call_sid="CA1.2")
        asked = UUID(int=1)
        await record_segments(
            session,
            [
                said(call.id, 1, "agent", "Good afternoon! What can I do for you?", 0.1, 3.0),
                said(call.id, 2, "caller", "Could I talk to a person, please?", 4.0),
                said(call.id, 3, "agent", "One moment, please. I'm putting you through.", 6.0, 9.0),
            ],
        )
        await transfers.ask(
            session,
            id_=asked,
            call_id=call.id,
            number="+442079460000",
            asked_by="words",
            about="",
            parked=None,
            now=NOW,
        )
        await transfers.end(session, asked, "no-answer", NOW)
        await transfers.comes_back(session, asked, back.id)
        await finish(session, call.id, status="completed", end_reason="transferred", ended_at=NOW, duration_s=9.0)
    return call.id, back.id


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, False), (1280, True), (390, True)])
async def test_how_they_look(visit: OpenPage, house: TestHouse, address: str, width: int, dark: bool) -> None:
    page = await visit(width=width, dark=dark)
    running, (left, back) = await a_running_call(house), await transferred(house)
    await sign_in(page, address, f"/admin/calls/{running.id}")
    await page.get_by_text("Press keys…").click()
    for name, path in (("stepping-in", running.id), ("put-through", left), ("came-back", back)):
        if name != "stepping-in":
            await page.goto(f"{address}/admin/calls/{path}")
        await assert_fits(page)
        await shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
