"""The carrier's verdict on who answered, brought to the call: another machine may be told it than the one that talks.

Whoever is told writes it down; whoever talks looks for it, until there is one. On one machine it is told at once. Where
words have told before, it is not written down, and yet a message waits for the beep that it tells of: then it is passed
on to whoever talks (`app.store.orders`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from app.runtime.runner import CallRunner
from app.store.engine import Database
from app.store.settling import find_attempt

EVERY_S = 1.0
LONGEST_S = 60.0
"""The longest for which Twilio can be told to listen is 59 s (WIRE B.4)."""

_log = structlog.get_logger(__name__)
_looking: set[asyncio.Task[None]] = set()


@asynccontextmanager
async def verdict_looked_for(
    db: Database, call_id: UUID, runner: CallRunner, *, placed: bool, every_s: float = EVERY_S
) -> AsyncIterator[None]:
    """For as long as the `with` lasts, the verdict on a call that we `placed` is looked for.

    In a task of its own that is never cancelled: a driver cancelled in its midst may not come back.
    """
    over = asyncio.Event()
    if placed:
        task = asyncio.create_task(_look(db, call_id, runner, over, every_s), name=f"verdict-{call_id}")
        _looking.add(task)
        task.add_done_callback(_looking.discard)
    try:
        yield
    finally:
        over.set()


async def _look(db: Database, call_id: UUID, runner: CallRunner, over: asyncio.Event, every_s: float) -> None:
    for _ in range(round(LONGEST_S / every_s)):
        if (verdict := await _known(db, call_id)) and not over.is_set():
            runner.answered_by(verdict)
        if verdict or over.is_set():
            return
        try:
            async with asyncio.timeout(every_s):
                await over.wait()
        except TimeoutError:
            continue


async def _known(db: Database, call_id: UUID) -> str:
    try:
        async with db.reading() as session:
            attempt = await find_attempt(session, call_id)
    except Exception as error:  # the words will do
        _log.warning("verdict_not_read", error=type(error).__name__)
        return ""
    return attempt.answered_by or "" if attempt is not None and attempt.verdict_by == "carrier" else ""
