"""The pages of calls that we place, in a browser: arranged by keyboard and without scripts, cancelled, looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import FilePayload, Page, expect

from app.dialling.outcome import Disposition
from app.store.attempts import record_refusal
from app.store.campaigns import stop_campaign
from app.store.do_not_call import allow_again, forbid
from app.store.scheduling import cancel_call
from tests.browser.chromium import OpenPage
from tests.browser.pages import assert_fits, press_until, shoot, sign_in
from tests.store.outbound_samples import POLICY
from tests.web.admin.arranged import arranged, rung, stored
from tests.web.admin.house import NOW, TestHouse

pytestmark = pytest.mark.browser

SIZES = {"desk": (1280, 800), "phone": (390, 844)}
NUMBER = "+14155550123"
SHEET = f"to,persona\n{NUMBER},assistant\n12,assistant\n+4930123456,nobody\n+442079460123,receptionist\n"


async def some_of_every_kind(house: TestHouse) -> dict[str, str]:
    """Calls that stand in every way; the pages of one that was tried and one that the carrier refused."""
    for place, ends in enumerate((("busy",), ("no-answer",), ("in-progress", "completed"), ("ringing",))):
        name = {"candidate_name": ("Ada Lovelace", "مرحبا", "Grace Brewster Murray Hopper", "W" * 60)[place]}
        tried = await arranged(house, to_number=f"+1415555010{place}", variables=name, campaign="spring")
        told = {"duration_s": 754, "answered_by": "human"} if place == 2 else {}
        await rung(house, *ends, **told)
    refused = await arranged(house, to_number="+4930123456", variables={"topic": "python", "W" * 40: "W" * 300})
    attempt = await rung(house)
    words = "The phone number you are attempting to call is not valid." + "W" * 100
    async with house.db.transaction() as session:
        await record_refusal(session, attempt, Disposition.REFUSED, POLICY, NOW, code=21211, words=words)
    later = NOW + timedelta(days=2)
    waits = await arranged(
        house, to_number="+442079460123", scheduled_at=later, first_attempt_at=later, campaign="W" * 60
    )
    gone = await arranged(house, to_number="+4930123457")
    async with house.db.transaction() as session:
        await cancel_call(session, gone, NOW)
        await stop_campaign(session, "W" * 60, "most-calls-fail", NOW)
        await stop_campaign(session, "", "account-refused", NOW)
        for place in range(4):
            note = ("", "W" * 200, "Asked us by letter", "مرحبا")[place]
            source = ("callee", "csv", "page", "rest")[place]
            await forbid(session, f"+1415555020{place}", source=source, now=NOW, note=note)  # type: ignore[arg-type]
        await forbid(session, "+14155550210", source="callee", now=NOW, note="W" * 200)
        await allow_again(session, "+14155550210", source="page", reason="W" * 200, now=NOW)
    calls = {"tried": tried, "refused": refused, "waits": waits}
    return {name: f"/admin/scheduled/{id_}" for name, id_ in calls.items()}


async def test_a_call_is_arranged_and_cancelled_by_keyboard(desk: Page, house: TestHouse, address: str) -> None:
    await sign_in(desk, address)
    await press_until(desk, "Tab", "Schedule")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/admin/scheduled")
    await press_until(desk, "Tab", "Place a call")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/admin/scheduled/new")
    await desk.locator("[name=to]").focus()
    await desk.keyboard.type(NUMBER)
    await press_until(desk, "Tab", "Place the call")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("status")).to_contain_text("It is arranged.")
    await press_until(desk, "Tab", "Cancel this call…")
    await desk.keyboard.press("Enter")
    await press_until(desk, "Tab", "Cancel the call")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".head .said")).to_contain_text("Cancelled")
    assert [row.status for row in await stored(house)] == ["cancelled"]


async def test_everything_works_without_scripts(visit: OpenPage, house: TestHouse, address: str) -> None:
    page = await visit(scripts=False, allow=("422",))
    await sign_in(page, address, "/admin/scheduled/new")
    await page.locator("[name=to]").fill("415")
    await page.get_by_label("Their name").fill("Ada")
    await page.get_by_label("At this time:").check()
    await page.locator("[name=at]").fill("2026-03-02T09:30")
    await page.get_by_role("button", name="Place the call").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was arranged")
    await expect(page.locator("#wrong-to")).to_contain_text("E.164")
    await expect(page.get_by_label("Their name")).to_have_value("Ada")
    await expect(page.locator("[name=at]")).to_have_value("2026-03-02T09:30")
    await page.locator("[name=to]").fill(NUMBER)
    await page.get_by_role("button", name="Place the call").click()
    await expect(page.get_by_role("status")).to_contain_text("It is arranged.")
    await page.get_by_role("link", name="Change it").click()
    await expect(page.locator("[name=at]")).to_have_value("2026-03-02T09:30")
    await page.locator("[name=max_attempts]").fill("0")
    await page.get_by_role("button", name="Keep the changes").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    await page.locator("[name=max_attempts]").fill("5")
    await page.get_by_role("button", name="Keep the changes").click()
    await expect(page.get_by_role("status")).to_contain_text("It is arranged anew.")
    await page.goto(address + "/admin/scheduled/sheet")
    sheet = FilePayload(name="calls.csv", mimeType="text/csv", buffer=SHEET.encode())
    await page.get_by_label("A CSV sheet").set_input_files(sheet)
    await page.get_by_role("button", name="Send the sheet").click()
    await expect(page.get_by_role("status")).to_contain_text("2 not taken")
    await page.goto(address + "/admin/do-not-call")
    await page.locator("form.edit [name=number]").fill("+4930123456")
    await page.get_by_role("button", name="Enter it").click()
    await expect(page.get_by_role("status")).to_contain_text("It is on the list.")
    await page.get_by_text("Take it off…").click()
    await page.get_by_label("Why it may be rung again").fill("They rang and asked for it.")
    await page.get_by_role("button", name="Take it off the list").click()
    await expect(page.locator(".empty")).to_contain_text("This number is not on the list.")
    await expect(page.locator("ul.forbidden")).to_contain_text("They rang and asked for it.")
    async with house.db.transaction() as session:
        await stop_campaign(session, "", "operator", NOW)
    await page.goto(address + "/admin/scheduled")
    await page.get_by_role("button", name="Let it go on").click()
    await expect(page.locator(".stopped")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_of_the_schedule_fits_and_is_seen(
    visit: OpenPage, house: TestHouse, address: str, size: str, dark: bool
) -> None:
    width, height = SIZES[size]
    page = await visit(width=width, height=height, dark=dark, allow=("422",))
    await sign_in(page, address)
    shade = f"{width}-{'dark' if dark else 'light'}"
    await page.goto(address + "/admin/scheduled")
    await shoot(page, f"scheduled-empty-{shade}")
    calls = await some_of_every_kind(house)
    paths = {
        "scheduled": "/admin/scheduled",
        "scheduled-tried": calls["tried"],
        "scheduled-refused": calls["refused"],
        "scheduled-waits": calls["waits"],
        "schedule-edit": f"{calls['waits']}/edit",
        "schedule-new": "/admin/scheduled/new",
        "schedule-sheet": "/admin/scheduled/sheet",
        "do-not-call": "/admin/do-not-call",
        "do-not-call-before": "/admin/do-not-call?number=%2B14155550210",
    }
    for name, path in paths.items():
        answer = await page.goto(address + path)
        assert answer
        assert len(await answer.body()) < 100_000
        if name != "do-not-call":
            await page.evaluate("document.querySelectorAll('details:not(.narrow)').forEach(it => it.open = true)")
        await assert_fits(page)
        await shoot(page, f"{name}-{shade}")
    await page.goto(address + "/admin/scheduled/new")
    await page.locator("[name=to]").fill("W" * 32)
    await page.locator("[name=campaign]").fill("spring")
    await page.get_by_text("Hours, waiting times").click()
    await page.locator("[name=busy_min]").fill("soon")
    await page.locator("[name=from]").fill("25:00")
    await page.get_by_role("button", name="Place the call").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.wait_for_load_state()  # before its styles are there, every page is too wide
    await assert_fits(page)
    await shoot(page, f"schedule-wrong-{shade}")
    await page.goto(address + "/admin/scheduled/sheet")
    sheet = FilePayload(name="calls.csv", mimeType="text/csv", buffer=SHEET.encode())
    await page.get_by_label("A CSV sheet").set_input_files(sheet)
    await page.get_by_role("button", name="Send the sheet").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await page.wait_for_load_state()
    await assert_fits(page)
    await shoot(page, f"schedule-verdicts-{shade}")
