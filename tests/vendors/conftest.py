"""What the vendors' tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.vendors.elevenlabs_speech import SPEECH
from tests.vendors.elevenlabs_stand_in import Answer, StandIn, stand_in


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with stand_in() as running:
        running.answer = Answer((SPEECH[:1000], SPEECH[1000:]))
        yield running
