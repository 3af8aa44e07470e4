"""The admin pages on a real server on a free port, in the test's own loop, so that a test can publish through its hub."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from playwright.async_api import Page

from tests.web.admin.house import PASSWORD, TestHouse

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@asynccontextmanager
async def serving(house: TestHouse) -> AsyncIterator[str]:
    """The server's address, as long as the block lasts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(house.app(), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    )
    # `_serve` leaves this process's signals alone, which belong to pytest
    running = asyncio.create_task(server._serve(sockets=[listener]))
    while not server.started:
        assert not running.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        house.hub.close()
        server.should_exit = True
        await running


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
