"""The carrier's verdict reaches the call, whichever machine was told it."""

from __future__ import annotations

import asyncio
from typing import Any

from app.runtime.verdicts import verdict_looked_for
from app.store.attempts import apply_verdict
from app.store.engine import Database
from tests.store.outbound_samples import POLICY, dialled, scheduled, told
from tests.store.samples import NOON


class Runner:
    """A call that is told who answered it."""

    def __init__(self) -> None:
        self.verdicts: list[str] = []
        self.told = asyncio.Event()

    def answered_by(self, verdict: str) -> None:
        self.verdicts.append(verdict)
        self.told.set()


async def test_a_verdict_that_another_machine_wrote_down_is_found(db: Database) -> None:
    await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress")
    runner: Any = Runner()
    async with verdict_looked_for(db, one.attempt_id, runner, placed=True, every_s=0.01), asyncio.timeout(10):
        await asyncio.sleep(0.05)
        assert runner.verdicts == []
        async with db.transaction() as session:
            await apply_verdict(session, one.attempt_id, "machine_start", "carrier", POLICY, NOON)
        await runner.told.wait()
    assert runner.verdicts == ["machine_start"]


async def test_our_own_finding_is_no_verdict_of_the_carriers(db: Database) -> None:
    await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        await apply_verdict(session, one.attempt_id, "machine_words", "words", POLICY, NOON)
    runner: Any = Runner()
    async with verdict_looked_for(db, one.attempt_id, runner, placed=True, every_s=0.01):
        await asyncio.sleep(0.1)
    assert runner.verdicts == []


async def test_for_a_call_that_rang_us_nobody_looks(db: Database) -> None:
    await scheduled(db)
    one = await dialled(db)
    async with db.transaction() as session:
        await apply_verdict(session, one.attempt_id, "human", "carrier", POLICY, NOON)
    runner: Any = Runner()
    async with verdict_looked_for(db, one.attempt_id, runner, placed=False, every_s=0.01):
        await asyncio.sleep(0.05)
    assert runner.verdicts == []
