"""What Prometheus is told about answers and providers as it happens; `gauges` tells what is read when it is asked.

Labels come from short lists only: steps, stages, kinds of faults, names of providers and of currencies. Nothing of a
call, a persona or a caller is in them.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from app.runtime.prices import Cost
from app.runtime.reporting import Fault, Spent
from app.runtime.turn_steps import Times, steps_of

TURN_BUCKETS_S = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.75, 0.85, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Close together where answers should be (650 ms in the median, 750 ms for 95 of 100, from the turn's end), so that a
quantile read off them is worth something; beyond 2 s a caller has noticed and it matters only how often."""

PROVIDER_BUCKETS_S = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0)
"""From this machine's own speech to the limits at which a provider is given up; a long reply may take longer."""


class Figures:
    """Histograms and counters in `registry`; in none, they are kept and nobody asks."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._turn = Histogram(
            "parley_turn_seconds",
            "Steps of an answer, and all of it: from the end of the caller's speech to the first sound in their ear",
            ["step"],
            buckets=TURN_BUCKETS_S,
            registry=registry,
        )
        self._first = Histogram(
            "parley_provider_first_seconds",
            "From asking a provider to the first piece of its answer",
            ["stage", "provider"],
            buckets=PROVIDER_BUCKETS_S,
            registry=registry,
        )
        self._whole = Histogram(
            "parley_provider_seconds",
            "From asking a provider to the end of its answer, or to when it was cut off",
            ["stage", "provider"],
            buckets=PROVIDER_BUCKETS_S,
            registry=registry,
        )
        self._faults = Counter(
            "parley_provider_faults",
            "What providers could not do, by why",
            ["stage", "provider", "kind"],
            registry=registry,
        )
        self._cost = Counter(
            "parley_provider_cost", "Money by the price table", ["provider", "currency"], registry=registry
        )

    def answered(self, times: Times) -> None:
        """A turn's answer has reached the caller's ear; to be told once for each turn."""
        took = steps_of(times)
        for step, took_ms in took.items():
            self._turn.labels(step).observe(took_ms / 1000)
        if took:
            self._turn.labels("total").observe(sum(took.values()) / 1000)

    def spent(self, spent: Spent, cost: Cost | None) -> None:
        """A provider served a request, or was in the midst of it."""
        if spent.first_ms is not None:
            self._first.labels(spent.stage, spent.provider).observe(spent.first_ms / 1000)
        self._whole.labels(spent.stage, spent.provider).observe(spent.took_ms / 1000)
        if cost is not None and cost.micros:
            self._cost.labels(spent.provider, cost.currency).inc(cost.micros / 1_000_000)

    def failed(self, fault: Fault) -> None:
        """A provider could not do its work."""
        self._faults.labels(fault.stage, fault.provider, fault.kind).inc()
