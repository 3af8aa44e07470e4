"""What every test may lean on, and the promise that the browser tests really ran where they must."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `python -m app` does, before anything imports numpy

pytest_plugins = ("tests.browser.chromium", "tests.databases", "pytester")

#: Set by `.ci/run`: no browser, or no browser test, is a failure instead of a skip.
REQUIRE_BROWSER = "PARLEY_REQUIRE_BROWSER"


class BrowserTally:
    """Counts the browser tests that came to a verdict, over all workers."""

    def __init__(self) -> None:
        self.ran = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and not report.skipped and "browser" in report.keywords:
            self.ran += 1

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self.ran and not session.config.option.collectonly:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.ran:
            terminalreporter.write_line(f"{REQUIRE_BROWSER} is set, and no browser test ran.", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Count on the controller alone: the workers' verdicts arrive there."""
    if os.environ.get(REQUIRE_BROWSER) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(BrowserTally(), "browser-tally")
