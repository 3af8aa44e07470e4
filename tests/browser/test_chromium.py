"""The browser fixtures themselves: a test of a page is worth nothing if a broken page passes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.chromium import OpenPage, find_chromium

pytestmark = pytest.mark.browser


async def test_a_page_is_shown_and_read(open_page: OpenPage) -> None:
    page = await open_page(width=390, height=844, dark=True)
    await page.goto("data:text/html,<title>Parley</title><p id=p></p><script>p.textContent=innerWidth</script>")
    assert await page.title() == "Parley"
    assert await page.inner_text("p") == "390"
    assert await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


FAULTS = {
    "logs an error": ("<script>console.error('broken')</script>", "logged broken"),
    "throws": ("<script>throw new Error('broken')</script>", "threw broken"),
    "asks another machine": ("<img src='http://192.0.2.1/x.png'>", "asked another machine for http://192.0.2.1/x.png"),
    "opens a socket elsewhere": ("<script>new WebSocket('ws://192.0.2.1/x')</script>", "opened ws://192.0.2.1/x"),
}


def test_a_page_that_goes_wrong_fails_its_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    find_chromium()
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester.makepyfile(f"""
        import pytest

        @pytest.mark.parametrize("html", {[html for html, _ in FAULTS.values()]!r})
        async def test_page(page, html):
            await page.goto("data:text/html," + html)
            await page.wait_for_timeout(200)
    """)
    options = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")
    outcome = pytester.runpytest_subprocess("-p", "tests.browser.chromium", *options)
    outcome.assert_outcomes(passed=len(FAULTS), errors=len(FAULTS))
    for _, complaint in FAULTS.values():
        outcome.stdout.fnmatch_lines([f"*{complaint}*"])


def test_where_a_browser_is_required_its_absence_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PARLEY_REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        find_chromium()
    monkeypatch.setenv("PARLEY_REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        find_chromium()
