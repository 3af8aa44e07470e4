"""What one caller hears of a server at rest: how soon it greets, how soon it answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.phone.summary import delays
from tests.babble import babble
from tests.server import RunningServer

PATIENCE_MS = 600
"""The bench's persona: so long a silence ends a turn."""


@dataclass(frozen=True, slots=True)
class Impressions:
    """Milliseconds. `replies_ms`: from the caller's last sound to the agent's first, less the persona's patience."""

    greeting_ms: float
    replies_ms: list[float]


def listen(running: RunningServer, turns: int) -> Impressions:
    """One call with so many questions."""
    return asyncio.run(_listen(running, turns))


async def _listen(running: RunningServer, turns: int) -> Impressions:
    async with running.caller() as caller:
        if not await caller.dial():
            raise RuntimeError(f"the server answered without a stream: {caller.told}")
        await caller.heard_silence(500)
        for turn in range(turns):
            caller.speak(babble(1.0, seed=turn))
            await caller.heard_reply()
            await caller.heard_silence(500)
        await caller.hang_up()
    measured = delays(caller.log)
    return Impressions(measured.greeting_ms or float("nan"), [ms - PATIENCE_MS for ms in measured.replies_ms])
