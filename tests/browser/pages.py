"""What browser tests of the admin pages do again and again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from app.runtime.live import CallEnded
from app.store.calls import finish
from app.store.records import SegmentRecord
from app.store.tables import CallRow
from app.store.transcripts import record_segments
from tests.store.samples import talking
from tests.web.admin.house import NOW, PASSWORD, TestHouse, said

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


async def sign_in(page: Page, address: str, path: str = "/admin/calls") -> None:
    """By keyboard: the field has the focus already."""
    await page.goto(address + path)
    await expect(page.get_by_label("Password")).to_be_focused()
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(address + path)


async def shoot(page: Page, name: str) -> None:
    """A picture of the whole page in build/screenshots, to be looked at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size
    # in a window as high as the page: a picture of more than the window loses the scroll bar's width
    height = max(size["height"], await page.evaluate("document.documentElement.scrollHeight"))
    await page.set_viewport_size({"width": size["width"], "height": height})
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")
    await page.set_viewport_size(size)


async def assert_fits(page: Page) -> None:
    """Nothing sticks out to the side."""
    wide = await page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.documentElement)")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} wide in a window of {wide[1]}"


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
