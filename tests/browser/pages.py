"""What browser tests of the admin pages do again and again."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

from tests.web.admin.house import PASSWORD

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


async def sign_in(page: Page, address: str, path: str = "/admin/calls") -> None:
    """By keyboard: the field has the focus already."""
    await page.goto(address + path)
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(address + path)


async def shoot(page: Page, name: str) -> None:
    """A picture of the whole page in build/screenshots, to be looked at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


async def assert_fits(page: Page) -> None:
    """Nothing sticks out to the side."""
    wide = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} wide in a window of {wide[1]}"
