"""The admin pages as a person meets them: signed in, read, and acted on by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from app.store.calls import finish
from app.store.transcripts import record_segments
from tests.browser.chromium import OpenPage
from tests.browser.pages import a_running_call, assert_fits, focused, others, press_until, shoot, sign_in
from tests.store.samples import talking
from tests.web.admin.house import NOW, PASSWORD, TestHouse, a_whole_call, keep, said, used

pytestmark = pytest.mark.browser

HOSTILE = '"><script>alert(1)</script>' + "W" * 120 + " \u202emirrored مرحبا"
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


async def test_a_call_is_found_opened_and_heard_by_keyboard(desk: Page, house: TestHouse, address: str) -> None:
    await others(house)
    await a_whole_call(house)
    await sign_in(desk, address)
    await desk.keyboard.press("Tab")
    assert await focused(desk) == "Skip to the content"
    await desk.keyboard.press("Enter")
    await desk.keyboard.press("Tab")
    await desk.keyboard.type("flat white")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/admin/calls?q=flat+white**")
    await expect(desk.locator("table.calls tbody tr")).to_have_count(1)
    await press_until(desk, "Tab", "+14155550100")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/admin/calls/*-*")
    assert "Said goodbye" in await desk.inner_text("h1 + p")
    await press_until(desk, "Tab", "0:12")
    await desk.keyboard.press("Enter")
    await desk.wait_for_function("document.querySelector('#player').currentTime >= 12.4")
    lit = desk.locator("[aria-current=true].line")
    await expect(lit).to_contain_text("three pounds forty")


async def test_a_click_on_a_line_or_in_the_picture_plays_from_there(desk: Page, house: TestHouse, address: str) -> None:
    call = await a_whole_call(house)
    await sign_in(desk, address, f"/admin/calls/{call.id}")
    await desk.get_by_text("When are you open?").click()
    await desk.wait_for_function("(t => t >= 4.2 && t < 6)(document.querySelector('#player').currentTime)")
    await expect(desk.locator(".line.lit")).to_contain_text("When are you open?")
    box = await desk.locator("#wave").bounding_box()
    assert box
    await desk.mouse.click(box["x"] + box["width"] * 22 / 24, box["y"] + 10)
    await desk.wait_for_function("(t => t >= 21.9 && t < 23.5)(document.querySelector('#player').currentTime)")
    await expect(desk.locator(".line.lit")).to_contain_text("see you soon")
    head = float(await desk.get_attribute("#playhead", "x1") or 0)
    assert head == pytest.approx(560 * 22 / 24, abs=15)


async def test_a_call_is_hung_up_after_being_asked(desk: Page, house: TestHouse, address: str) -> None:
    call = await a_running_call(house)
    await sign_in(desk, address, f"/admin/calls/{call.id}")
    await desk.get_by_role("link", name="Hang up…").press("Enter")
    dialog = desk.get_by_role("dialog")
    await expect(dialog).to_contain_text("+14155550100")
    await shoot(desk, "hang-up")
    await desk.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert not house.hung_up
    await desk.get_by_role("link", name="Hang up…").click()
    await dialog.get_by_role("button", name="Hang up now").click()
    await desk.wait_for_load_state()
    assert house.hung_up == [call.id]


async def test_everything_but_sound_and_live_works_without_scripts(
    visit: OpenPage, house: TestHouse, address: str
) -> None:
    page = await visit(scripts=False)
    await others(house, 60)
    call = await a_running_call(house)
    await sign_in(page, address)
    await expect(page.locator("tbody time").first).to_have_text("1 Mar 2026, 12:01 UTC")
    await page.get_by_role("link", name="Older").click()
    await page.get_by_role("link", name="Newer").click()
    await page.get_by_label("How it ended").select_option("process-died")
    await page.get_by_role("button", name="Search").click()
    for how in await page.locator("tbody .how").all():
        await expect(how).to_contain_text("Lost: the server stopped in mid-call")
    await expect(page.locator("tbody tr")).to_have_count(15)
    await page.goto(f"{address}/admin/calls/{call.id}")
    await page.get_by_role("link", name="Hang up…").click()
    await page.get_by_role("button", name="Hang up now").click()
    assert house.hung_up == [call.id]
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Password")).to_be_visible()


async def test_times_are_the_readers_own(visit: OpenPage, house: TestHouse, address: str) -> None:
    page = await visit()
    await a_whole_call(house)
    await sign_in(page, address)
    time = page.locator("tbody time")
    await expect(time).to_have_attribute("title", "1 Mar 2026, 12:00 UTC")
    local = await page.evaluate("new Date('2026-03-01T12:00:00Z').toTimeString().slice(0, 5)")
    await expect(time).to_contain_text(local)
    assert await page.input_value("[name=zone]") == await page.evaluate(
        "Intl.DateTimeFormat().resolvedOptions().timeZone"
    )


async def test_a_wrong_password_is_told_and_the_field_is_ready(visit: OpenPage, address: str) -> None:
    page = await visit(allow=("403",))
    await page.goto(f"{address}/admin/calls")
    await expect(page.get_by_label("Password")).to_be_focused()
    await page.keyboard.type("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This is not the password.")
    await shoot(page, "wrong-password")
    await expect(page.get_by_label("Password")).to_be_focused()
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/calls")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_fits_and_is_seen(
    visit: OpenPage, house: TestHouse, address: str, size: str, dark: bool
) -> None:
    width, height = SIZES[size]
    page = await visit(width=width, height=height, dark=dark, allow=("404",))
    await others(house)
    whole, running = await a_whole_call(house), await a_running_call(house)
    async with house.db.transaction() as session:
        hostile = await talking(session, from_number=HOSTILE[:64], persona="W" * 40, now=NOW - timedelta(minutes=3))
        lines = [said(hostile.id, 1, "caller", HOSTILE, 1), said(hostile.id, 2, "agent", HOSTILE, 4, heard_text='">')]
        await record_segments(session, lines)
        await finish(session, hostile.id, status="failed", end_reason="W" * 60, ended_at=NOW, duration_s=99_999.0)
    await keep(
        house,
        *(used(None, "speak", "sarvam", day=NOW.date() - timedelta(days=back), cost_micros=10**back, currency="INR")
          for back in range(12)),
        used(hostile.id, "speak", "W" * 40, "W" * 100, cost_micros=1, currency="USD"),
        used(hostile.id, "reply", "elevenlabs", "eleven_unheard_of", day=NOW.date() - timedelta(days=3)),
    )  # fmt: skip
    await sign_in(page, address)
    paths = {
        "calls": "/admin/calls",
        "found": "/admin/calls?q=flat+white&from=soon",
        "call": f"/admin/calls/{whole.id}",
        "running": f"/admin/calls/{running.id}",
        "hostile": f"/admin/calls/{hostile.id}",
        "hang-up-page": f"/admin/calls/{running.id}/hang-up",
        "personas": "/admin/personas",
        "costs": "/admin/costs",
        "costs-none": "/admin/costs?to=2020-01-01",
        "not-there": "/admin/not-there",
    }
    for name, path in paths.items():
        answer = await page.goto(address + path)
        assert answer
        assert len(await answer.body()) < 100_000
        await assert_fits(page)
        await shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
