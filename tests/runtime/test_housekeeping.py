"""What is done beside the calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from app.clock import SystemClock
from app.runtime.housekeeping import TIDY_S, Housekeeping
from app.store.calls import get_call
from app.store.engine import Database
from tests.databases import POSTGRES_URL
from tests.runtime.lines_stage import StillClock
from tests.store.samples import talking


class Lines:
    tidied = 0

    async def tidy(self) -> None:
        self.tidied += 1


async def test_unused_lines_are_looked_for_after_the_start_and_then_once_a_day() -> None:
    clock, lines = StillClock(), Lines()
    nobody = cast(Any, None)
    housekeeping = Housekeeping(nobody, nobody, "here", clock, cast(Any, lines))
    for after_s, times in ((0.0, 1), (10.0, 1), (TIDY_S, 2), (10.0, 2)):
        clock.at_s += after_s
        await housekeeping.tidy()
        assert lines.tidied == times


class FastClock(SystemClock):
    """Ten minutes ahead."""

    def utc(self) -> datetime:
        return super().utc() + timedelta(minutes=10)


@pytest.mark.skipif(not POSTGRES_URL, reason="on SQLite there is one machine, and one clock")
async def test_a_machine_whose_clock_is_fast_takes_no_call_of_others_for_lost_and_says_so(
    emptied_postgres_url: str,
) -> None:
    db = Database(emptied_postgres_url)
    async with db.transaction() as session:
        call = await talking(session, now=datetime.now(UTC))
    nobody = cast(Any, SimpleNamespace(running=()))
    with capture_logs() as logs:
        await Housekeeping(db, nobody, "here", FastClock(), nobody).round()
    async with db.reading() as session:
        found = await get_call(session, call.id)
    await db.close()
    assert found is not None
    assert found.status == "in-progress"
    (said,) = [one for one in logs if one["event"] == "clock_is_wrong"]
    assert 599 < said["ahead_s"] < 601
