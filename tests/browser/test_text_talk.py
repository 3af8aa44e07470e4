"""An interview by text in a real browser: by keyboard, without scripts, and looked at."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.chromium import OpenPage
from tests.browser.pages import assert_fits, press_until, shoot, sign_in
from tests.runtime.interviewed import ANSWERS, EVASION, fill_bank, interviewer
from tests.web.admin.house import TestHouse

pytestmark = pytest.mark.browser

NEW = "/admin/interviews/new"
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
EVIL = "<script>document.title='gone'</script> & <b>bold</b>\nsecond line, " + "w" * 90


@pytest.fixture(autouse=True)
async def leads(house: TestHouse) -> None:
    house.personas["interviewer"] = interviewer()
    await fill_bank(house.db)


async def begin(page: Page, name: str = "Ada Lovelace") -> None:
    """From the form to the first words."""
    await page.get_by_label("Candidate").fill(name)
    await page.get_by_label("Role").fill("Python developer")
    await page.get_by_role("button", name="Begin").click()
    await page.wait_for_url("**/talk")


async def question(page: Page) -> str:
    return (await page.locator("#said p.ask").last.inner_text()).strip()


async def test_a_whole_interview_by_keyboard_alone(desk: Page, address: str) -> None:
    await sign_in(desk, address, NEW)
    await desk.get_by_label("Candidate").focus()
    await desk.keyboard.type("Ada")
    await press_until(desk, "Tab", "Begin")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/talk")
    await expect(desk.get_by_label("Ada writes")).to_be_focused()
    await desk.keyboard.type("yes, I agree")
    await desk.keyboard.press("Enter")
    for number in range(1, 11):
        await expect(desk.locator("#where")).to_contain_text(f"Question {number} of 10")
        await expect(desk.get_by_label("Ada writes")).to_be_focused()
        await desk.keyboard.type(ANSWERS[await question(desk)])
        await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("link", name="Scorecard")).to_be_focused()
    await expect(desk.locator("#where")).to_contain_text("All questions were asked")
    assert len(await desk.locator("#said li.candidate").all()) == 11
    assert len(await desk.locator("#said p.ask").all()) == 11, "consent, and each question once"
    await expect(desk.get_by_role("log")).to_have_attribute("aria-label", "What was said")


async def test_the_same_without_scripts(visit: OpenPage, address: str) -> None:
    page = await visit(scripts=False, allow=("422",))
    await sign_in(page, address, NEW)
    await begin(page)
    await page.get_by_role("button", name="Yes").click()
    await page.wait_for_url("**/talk#turn-2")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("Write an answer first")
    await page.get_by_label("Ada Lovelace writes").fill(EVASION)
    await page.get_by_role("button", name="Send").click()
    await page.wait_for_url("**/talk#turn-3")
    await expect(page.locator("#said li").last).to_contain_text("hint")
    await page.get_by_role("button", name="Stop").click()
    await page.get_by_role("button", name="Yes").click()
    await expect(page.get_by_role("link", name="Scorecard")).to_be_visible()
    await page.reload()
    assert len(await page.locator("#said li.candidate").all()) == 4


async def test_new_lines_and_markup_are_kept_as_text_and_buttons_keep_what_is_typed(desk: Page, address: str) -> None:
    await sign_in(desk, address, NEW)
    await begin(desk, "<i>Ada</i>")
    await desk.get_by_role("button", name="Yes").click()
    await expect(desk.locator("#where")).to_contain_text("Question 1 of 10")
    field = desk.get_by_label(re.compile("writes"))
    await field.fill("half an answer")
    await desk.get_by_role("button", name="Repeat").click()
    await expect(desk.locator("#said li.agent")).to_have_count(3)
    await expect(field).to_have_value("half an answer")
    await field.fill("")
    for line in EVIL.split("\n"):
        await desk.keyboard.type(line)
        await desk.keyboard.press("Shift+Enter")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#said li.candidate").last).to_contain_text("second line")
    assert (await desk.locator("#said li.candidate p").last.inner_text()).strip() == EVIL
    assert "gone" not in await desk.title()
    assert not await desk.locator("#said b b, #said i").all()


async def test_what_cannot_be_sent_is_kept_and_counts_once_when_it_is_sent_again(
    visit: OpenPage, house: TestHouse, address: str
) -> None:
    page = await visit(allow=("ERR_FAILED", "ERR_CONNECTION", "Failed to load resource"))
    await sign_in(page, address, NEW)
    await begin(page)
    await page.get_by_role("button", name="Yes").click()
    await expect(page.locator("#where")).to_contain_text("Question 1 of 10")
    lost = 0

    async def lose_the_answer(route: Route) -> None:
        nonlocal lost
        if route.request.method == "POST" and not lost:
            lost += 1
            await route.fetch(max_redirects=0)  # it arrives, and nobody hears of it
            await route.abort()
        else:
            await route.fallback()

    await page.route("**/talk", lose_the_answer)
    field = page.get_by_label("Ada Lovelace writes")
    await field.fill(EVASION)
    await field.press("Enter")
    await expect(page.locator("#busy")).to_contain_text("The server does not answer.")
    await expect(field).to_have_value(EVASION)
    await field.press("Enter")
    await expect(page.locator("#said li.candidate")).to_have_count(2)
    await expect(page.locator("#said li").last).to_contain_text("hint")
    await page.reload()
    assert len(await page.locator("#said li.candidate").all()) == 2


async def test_what_is_refused_is_told_and_kept(visit: OpenPage, address: str) -> None:
    page = await visit(allow=("413", "403"))
    await sign_in(page, address, NEW)
    await begin(page)
    await page.get_by_role("button", name="Yes").click()
    await expect(page.locator("#where")).to_contain_text("Question 1 of 10")
    field = page.get_by_label("Ada Lovelace writes")
    await field.fill("\u0905" * 20_000)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#busy")).to_contain_text("Nothing was sent (That was too much)")
    await field.fill("a short one")
    await page.evaluate("document.querySelector('#say [name=token]').value = 'of another day'")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#busy")).to_contain_text("Nothing was sent (This form is out of date)")
    await expect(field).to_have_value("a short one")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_of_it_fits_and_is_seen(visit: OpenPage, address: str, size: str, dark: bool) -> None:
    width, height = SIZES[size]
    page = await visit(width=width, height=height, dark=dark, allow=("422",))
    tone = f"{width}-{'dark' if dark else 'light'}"
    await sign_in(page, address, NEW)
    await assert_fits(page)
    await shoot(page, f"interview-new-{tone}")
    await begin(page, "Ada Lovelace " + "W" * 60)
    await assert_fits(page)
    await shoot(page, f"interview-consent-{tone}")
    await page.get_by_role("button", name="Yes").click()
    await expect(page.locator("#where")).to_contain_text("Question 1 of 10")
    await page.get_by_label(re.compile("writes")).fill(EVIL)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#said li").last).to_contain_text("hint")
    await page.get_by_label(re.compile("writes")).fill("a second try that is being typed")
    await assert_fits(page)
    await shoot(page, f"interview-talk-{tone}")
    await page.get_by_label(re.compile("writes")).fill("  ")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await shoot(page, f"interview-wrong-{tone}")
    await page.get_by_role("button", name="Stop").click()
    await page.get_by_role("button", name="Yes").click()
    await expect(page.get_by_role("link", name="Scorecard")).to_be_visible()
    await assert_fits(page)
    await shoot(page, f"interview-over-{tone}")
