"""The admin pages as a person meets them: signed in, read, acted on by keyboard, watched while a call runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from app.runtime.live import CallEnded, CallStarted
from app.store.calls import finish
from app.store.records import SegmentRecord
from app.store.tables import CallRow
from app.store.transcripts import record_segments
from tests.browser.chromium import OpenPage
from tests.browser.pages import assert_fits, shoot, sign_in
from tests.store.samples import talking
from tests.web.admin.house import NOW, PASSWORD, TestHouse, a_whole_call, make_house, said, serving

pytestmark = pytest.mark.browser

HOSTILE = '"><script>alert(1)</script>' + "W" * 120 + " \u202emirrored مرحبا"
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[TestHouse]:
    made = make_house(tmp_path)
    yield made
    await made.db.close()


@pytest.fixture
async def address(house: TestHouse) -> AsyncIterator[str]:
    async with serving(house) as served:
        yield served


@pytest.fixture
async def open_page(address: str, open_page: OpenPage) -> OpenPage:
    """Pages that are closed before their server is."""
    return open_page


async def others(house: TestHouse, count: int = 12) -> None:
    """Calls that ended in every kind of way, before the one that a test is about."""
    endings = [
        ("completed", "caller-hung-up"),
        ("lost", "process-died"),
        ("completed", "caller-silent"),
        ("failed", "fault"),
    ]
    async with house.db.transaction() as session:
        for number in range(count):
            call = await talking(
                session,
                now=NOW - timedelta(hours=5 * number + 1),
                from_number="anonymous" if number % 5 == 4 else f"+1415555{1000 + number}",
                persona=("assistant", "receptionist")[number % 2],
                direction=("inbound", "outbound")[number % 7 == 3],
            )
            status, reason = endings[number % len(endings)]
            await finish(session, call.id, status=status, end_reason=reason, ended_at=NOW, duration_s=37.0 * number)


async def a_running_call(house: TestHouse) -> CallRow:
    async with house.db.transaction() as session:
        call = await talking(session, persona="receptionist", now=NOW + timedelta(minutes=1))
        await record_segments(session, [said(call.id, 1, "agent", "Good afternoon! What can I do for you?", 0.1, 3.0)])
    house.running.add(call.id)
    return call


async def speak(house: TestHouse, segment: SegmentRecord) -> SegmentRecord:
    """As the runtime does: the line goes to the database and to whoever is looking."""
    async with house.db.transaction() as session:
        await record_segments(session, [segment])
    house.hub.publish(segment)
    return segment


async def watched(house: TestHouse, call: CallRow | None = None) -> None:
    """Return once the page's stream of this call, or of the list, is open."""
    async with asyncio.timeout(5):
        while (call and call.id) not in house.hub._viewers:  # noqa: ASYNC110 - the hub tells nobody who comes
            await asyncio.sleep(0.02)


async def end(house: TestHouse, call: CallRow, reason: str = "caller-hung-up") -> None:
    house.hub.publish(CallEnded(call.id, reason))
    async with house.db.transaction() as session:
        await finish(session, call.id, status="completed", end_reason=reason, ended_at=NOW, duration_s=8.0)


async def focused(page: Page) -> str:
    text: str = await page.evaluate("document.activeElement.innerText.trim()")
    return text


async def press_until(page: Page, key: str, wanted: str, most: int = 40) -> None:
    """Press `key` until what has the focus reads `wanted`."""
    for _ in range(most):
        if await focused(page) == wanted:
            return
        await page.keyboard.press(key)
    pytest.fail(f"{wanted!r} is not reached by {key}; the focus is on {await focused(page)!r}")


async def test_a_call_is_found_opened_and_heard_by_keyboard(page: Page, house: TestHouse, address: str) -> None:
    await others(house)
    await a_whole_call(house)
    await sign_in(page, address)
    await page.keyboard.press("Tab")
    assert await focused(page) == "Skip to the content"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("flat white")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/calls?q=flat+white**")
    await expect(page.locator("table.calls tbody tr")).to_have_count(1)
    await press_until(page, "Tab", "+14155550100")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/calls/*-*")
    assert "Said goodbye" in await page.inner_text("h1 + p")
    await press_until(page, "Tab", "0:12")
    await page.keyboard.press("Enter")
    await page.wait_for_function("document.querySelector('#player').currentTime >= 12.4")
    lit = page.locator("[aria-current=true].line")
    await expect(lit).to_contain_text("three pounds forty")


async def test_a_click_on_a_line_or_in_the_picture_plays_from_there(page: Page, house: TestHouse, address: str) -> None:
    call = await a_whole_call(house)
    await sign_in(page, address, f"/admin/calls/{call.id}")
    await page.get_by_text("When are you open?").click()
    await page.wait_for_function("(t => t >= 4.2 && t < 6)(document.querySelector('#player').currentTime)")
    await expect(page.locator(".line.lit")).to_contain_text("When are you open?")
    box = await page.locator("#wave").bounding_box()
    assert box
    await page.mouse.click(box["x"] + box["width"] * 22 / 24, box["y"] + 10)
    await page.wait_for_function("(t => t >= 21.9 && t < 23.5)(document.querySelector('#player').currentTime)")
    await expect(page.locator(".line.lit")).to_contain_text("see you soon")
    head = float(await page.get_attribute("#playhead", "x1") or 0)
    assert head == pytest.approx(560 * 22 / 24, abs=15)


async def test_lines_appear_as_they_are_spoken_and_the_ending_in_their_place(
    page: Page, house: TestHouse, address: str
) -> None:
    call = await a_running_call(house)
    await sign_in(page, address, f"/admin/calls/{call.id}")
    lines = page.locator("#transcript .line")
    await expect(lines).to_have_count(1)
    await watched(house, call)
    await speak(house, said(call.id, 2, "caller", "Have you <b>got</b> a table?", 4.0))
    await expect(lines).to_have_count(2)
    await expect(page.locator("#aloud")).to_have_text("Caller: Have you <b>got</b> a table?")
    reply = said(call.id, 3, "agent", "For how many people?", 6.0, heard_text="", final=False)
    await speak(house, reply)
    await expect(lines.nth(2).locator(".coming")).to_have_text("For how many people?")
    await speak(house, replace(reply, heard_text="For how", interrupted=True, final=True))
    await expect(lines.nth(2).locator("s")).to_contain_text("many people?")
    await expect(lines).to_have_count(3)
    await end(house, call)
    await expect(page.locator(".head .said")).to_contain_text("Caller hung up")
    await expect(page.locator("#hang-up")).to_have_count(0)
    await expect(page.locator("#aloud")).to_contain_text("The call has ended. ")
    await expect(lines).to_have_count(3)


async def test_the_view_follows_only_who_was_at_the_end(open_page: OpenPage, house: TestHouse, address: str) -> None:
    page = await open_page(height=400)
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


async def test_a_call_is_hung_up_after_being_asked(page: Page, house: TestHouse, address: str) -> None:
    call = await a_running_call(house)
    await sign_in(page, address, f"/admin/calls/{call.id}")
    await page.get_by_role("link", name="Hang up…").press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("+14155550100")
    await shoot(page, "hang-up")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert not house.hung_up
    await page.get_by_role("link", name="Hang up…").click()
    await dialog.get_by_role("button", name="Hang up now").click()
    await page.wait_for_load_state()
    assert house.hung_up == [call.id]


async def test_everything_but_sound_and_live_works_without_scripts(
    open_page: OpenPage, house: TestHouse, address: str
) -> None:
    page = await open_page(scripts=False)
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


async def test_the_list_takes_in_new_calls_without_pushing_what_is_read(
    page: Page, house: TestHouse, address: str
) -> None:
    await others(house)
    await sign_in(page, address)
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(12)
    await watched(house)
    call = await a_running_call(house)
    house.hub.publish(CallStarted(call.id))
    await expect(rows).to_have_count(13)
    await expect(rows.first).to_contain_text("Talking now")
    await rows.nth(4).locator("a").focus()
    before = await focused(page)
    await end(house, call)
    await expect(rows.first).to_contain_text("Caller hung up")
    another = await a_running_call(house)
    house.hub.publish(CallStarted(another.id))
    await expect(page.locator("#news")).to_have_text("1 new call: show it")
    await expect(rows).to_have_count(13)
    assert await focused(page) == before


async def test_an_empty_list_shows_the_first_call_by_itself(page: Page, house: TestHouse, address: str) -> None:
    await sign_in(page, address)
    await expect(page.get_by_text("Nobody has rung yet.")).to_be_visible()
    await shoot(page, "empty")
    await watched(house)
    call = await a_running_call(house)
    house.hub.publish(CallStarted(call.id))
    await expect(page.locator("tbody tr")).to_have_count(1)


async def test_times_are_the_readers_own(open_page: OpenPage, house: TestHouse, address: str) -> None:
    page = await open_page()
    await a_whole_call(house)
    await sign_in(page, address)
    time = page.locator("tbody time")
    await expect(time).to_have_attribute("title", "1 Mar 2026, 12:00 UTC")
    local = await page.evaluate("new Date('2026-03-01T12:00:00Z').toTimeString().slice(0, 5)")
    await expect(time).to_contain_text(local)
    assert await page.input_value("[name=zone]") == await page.evaluate(
        "Intl.DateTimeFormat().resolvedOptions().timeZone"
    )


async def test_a_wrong_password_is_told_and_the_field_is_ready(open_page: OpenPage, address: str) -> None:
    page = await open_page(allow=("403",))
    await page.goto(f"{address}/admin/calls")
    await page.keyboard.type("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This is not the password.")
    await shoot(page, "wrong-password")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/calls")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_fits_and_is_seen(
    open_page: OpenPage, house: TestHouse, address: str, size: str, dark: bool
) -> None:
    width, height = SIZES[size]
    page = await open_page(width=width, height=height, dark=dark, allow=("404",))
    await others(house)
    whole, running = await a_whole_call(house), await a_running_call(house)
    async with house.db.transaction() as session:
        hostile = await talking(session, from_number=HOSTILE[:64], persona="W" * 40, now=NOW - timedelta(minutes=3))
        lines = [said(hostile.id, 1, "caller", HOSTILE, 1), said(hostile.id, 2, "agent", HOSTILE, 4, heard_text='">')]
        await record_segments(session, lines)
        await finish(session, hostile.id, status="failed", end_reason="W" * 60, ended_at=NOW, duration_s=99_999.0)
    await sign_in(page, address)
    paths = {
        "calls": "/admin/calls",
        "found": "/admin/calls?q=flat+white&from=soon",
        "call": f"/admin/calls/{whole.id}",
        "running": f"/admin/calls/{running.id}",
        "hostile": f"/admin/calls/{hostile.id}",
        "hang-up-page": f"/admin/calls/{running.id}/hang-up",
        "personas": "/admin/personas",
        "not-there": "/admin/not-there",
    }
    for name, path in paths.items():
        answer = await page.goto(address + path)
        assert answer
        assert len(await answer.body()) < 100_000
        await assert_fits(page)
        await shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
