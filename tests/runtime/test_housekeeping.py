"""What is done beside the calls."""

from __future__ import annotations

from typing import Any, cast

from app.runtime.housekeeping import TIDY_S, Housekeeping
from tests.runtime.lines_stage import StillClock


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
