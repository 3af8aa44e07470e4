"""Debian's Chromium for tests: pages that fail their test when anything goes wrong in them.

One browser process a session, which each test joins from its own event loop. `page` is a laptop's window on it;
`open_page` makes others, as of a phone or in the dark. A page that logs an error, throws, or asks for anything that
does not come from this machine fails its test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from queue import Empty, Queue
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--autoplay-policy=no-user-gesture-required",
)
STARTS_WITHIN_S = 30
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")

OpenPage = Callable[..., Awaitable[Page]]


def find_chromium() -> str:
    """The path of the browser; without one the test is skipped, or fails where browser tests are required."""
    path = shutil.which("chromium")
    if path is None:
        wanted = "there is no chromium here: apt-get install chromium"
        if os.environ.get("PARLEY_REQUIRE_BROWSER"):
            pytest.fail(wanted, pytrace=False)
        pytest.skip(wanted)
    return path


@pytest.fixture(scope="session")
def chromium_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running browser with an empty profile; gives the address where it takes orders."""
    profile = tmp_path_factory.mktemp("chromium")
    command = [find_chromium(), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    try:
        yield _address_of(process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address_of(process: subprocess.Popen[str]) -> str:
    """Read the address off the browser's error output, and keep reading, so that it never blocks on a full pipe."""
    lines: Queue[str] = Queue()

    def read() -> None:
        assert process.stderr is not None
        with process.stderr as stream:
            for line in stream:
                lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    seen = []
    while True:
        try:
            seen.append(lines.get(timeout=STARTS_WITHIN_S))
        except Empty:
            pytest.fail(f"chromium did not start within {STARTS_WITHIN_S} s:\n{''.join(seen)}", pytrace=False)
        if found := re.search(r"DevTools listening on (ws://\S+)", seen[-1]):
            return found[1]


@pytest.fixture
async def browser(chromium_address: str) -> AsyncIterator[Browser]:
    """The session's browser, joined from this test's event loop."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium_address)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages: `await open_page(width=390, height=844, dark=True, scripts=False, allow=("404",))`.

    Each call is a visitor of their own, signed in nowhere. `allow`: parts of error messages that this test expects.
    """
    complaints: list[str] = []

    async def open_one(
        *, width: int = 1280, height: int = 800, dark: bool = False, scripts: bool = True, allow: tuple[str, ...] = ()
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(10_000)

        def complain(what: str) -> None:
            if not any(expected in what for expected in allow):
                complaints.append(what)

        async def only_this_machine(route: Route) -> None:
            if _is_here(route.request.url):
                await route.continue_()
            else:
                complain(f"asked another machine for {route.request.url}")
                await route.abort()

        await context.route("**/*", only_this_machine)
        page = await context.new_page()
        page.on("pageerror", lambda error: complain(f"threw {error}"))
        page.on(
            "console", lambda line: complain(f"logged {line.text} ({line.location})") if line.type == "error" else 0
        )
        page.on("websocket", lambda socket: None if _is_here(socket.url) else complain(f"opened {socket.url}"))
        return page

    contexts_before = set(browser.contexts)
    yield open_one
    for context in browser.contexts:
        if context not in contexts_before:
            await context.close()
    assert not complaints, "a page went wrong:\n" + "\n".join(complaints)


@pytest.fixture
async def page(open_page: OpenPage) -> Page:
    """A page on a laptop, in daylight."""
    return await open_page()


def _is_here(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in LOOPBACK
