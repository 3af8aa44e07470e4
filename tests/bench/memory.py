"""Does a call give back what it took? Many short calls, batch after batch, and the server's memory after each."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.bench.load import load
from tests.bench.process import Cores, rss_mb
from tests.server import RunningServer

BATCH = 20
SHORT_S, RAMP_S = 2.5, 0.5
SETTLE_S = 0.5


@dataclass(frozen=True, slots=True)
class Steadiness:
    """`batches_mb`: after each batch, all calls over. `growth_kb`: a call, over the second half of the batches."""

    calls: int
    batches_mb: list[float]

    @property
    def growth_kb(self) -> float:
        half = self.batches_mb[len(self.batches_mb) // 2 - 1 :]
        return (half[-1] - half[0]) * 1000 / (BATCH * (len(half) - 1))


def steadiness(running: RunningServer, cores: Cores, calls: int) -> Steadiness:
    """So many calls in all, `BATCH` at a time."""
    after: list[float] = []
    for _ in range(calls // BATCH):
        heard = load(running, cores, BATCH, SHORT_S, RAMP_S).heard
        if heard.failed:
            raise RuntimeError(f"{heard.failed} of {BATCH} calls failed: {heard.fault}")
        time.sleep(SETTLE_S)
        after.append(round(rss_mb(running.pid), 1))
    return Steadiness(BATCH * len(after), after)
