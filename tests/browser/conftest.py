"""A house with its pages served, and visitors whose pages are closed before their server is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browser.chromium import OpenPage
from tests.web.admin.house import TestHouse, make_house, serving


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
async def visit(address: str, open_page: OpenPage) -> OpenPage:
    """`open_page`, for pages of the served house."""
    return open_page


@pytest.fixture
async def desk(visit: OpenPage) -> Page:
    """A page on a laptop, in daylight."""
    return await visit()
