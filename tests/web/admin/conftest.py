from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.store.talks import ToldTalk, a_told_talk
from tests.web.admin.house import NOW, PASSWORD, TestHouse, make_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[TestHouse]:
    made = make_house(tmp_path)
    yield made
    await made.db.close()


class Visitor(httpx.AsyncClient):
    """A browser without a window: keeps cookies, and brings forms' tokens back."""

    async def token(self, path: str = "/admin/calls") -> str:
        """The token in the first form of a page."""
        found = re.search(r'name="token" value="([^"]+)"', (await self.get(path)).text)
        assert found, f"{path} shows no form"
        return found[1]

    async def sign_in(self, password: str = PASSWORD, **more: str) -> httpx.Response:
        form = {"token": await self.token("/admin/sign-in"), "password": password} | more
        return await self.post("/admin/sign-in", data=form)


@pytest.fixture
async def stranger(house: TestHouse) -> AsyncIterator[Visitor]:
    """Somebody who has not signed in."""
    transport = httpx.ASGITransport(house.app(), raise_app_exceptions=False)
    async with Visitor(transport=transport, base_url="http://parley.test") as visitor:
        yield visitor


@pytest.fixture
async def visitor(stranger: Visitor) -> Visitor:
    """Somebody who has signed in."""
    assert (await stranger.sign_in()).status_code == 303
    return stranger


@pytest.fixture
async def told(house: TestHouse) -> ToldTalk:
    """A whole interview by phone."""
    async with house.db.transaction() as session:
        return await a_told_talk(session, NOW)
