"""Waiting for what another process does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from app.store.tables import ACTIVE
from tests.server import RunningServer

T = TypeVar("T")


async def until(asked: Callable[[], T], wanted: Callable[[T], bool], within_s: float = 8.0) -> T:
    """Ask, in a thread of its own, until the answer is the wanted one. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not wanted(answer := await asyncio.to_thread(asked)):  # noqa: ASYNC110 - another process tells
            await asyncio.sleep(0.05)
    return answer


async def ended_call(server: RunningServer, call_sid: str, within_s: float = 8.0) -> dict[str, Any]:
    """The call as REST has it, once it is over."""
    return await until(lambda: server.call(call_sid), lambda call: call["status"] not in ACTIVE, within_s)
