"""The runtime's figures for Prometheus, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.runtime.breaker import State
from app.runtime.disk import Disk
from app.runtime.supervisor import Supervisor
from app.store.writer import StoreWriter

STATES: tuple[State, ...] = get_args(State)


class RuntimeGauges(Collector):
    """Running calls and slots, how the providers stand, and how far the database and the disk are behind."""

    def __init__(self, supervisor: Supervisor, writer: StoreWriter, disk: Disk) -> None:
        self._supervisor = supervisor
        self._writer = writer
        self._disk = disk

    def register(self, registry: CollectorRegistry) -> None:
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """One reading of everything."""
        supervisor, counts = self._supervisor, self._writer.counts
        yield GaugeMetricFamily("parley_calls_running", "Calls with a live stream", len(tuple(supervisor.running)))
        yield GaugeMetricFamily("parley_slots_taken", "Slots taken, streams to come included", supervisor.lines_taken)
        yield GaugeMetricFamily("parley_records_waiting", "Records not yet in the database", self._writer.waiting)
        yield CounterMetricFamily("parley_records_dropped", "Events dropped for want of room", counts.dropped)
        yield CounterMetricFamily("parley_records_refused", "Records that the database refused", counts.refused)
        yield CounterMetricFamily(
            "parley_disk_failures", "Writes of recordings or timelines that failed", self._disk.failures
        )
        ended = CounterMetricFamily("parley_calls_ended", "Calls by how they ended", labels=["reason"])
        for reason, count in supervisor.ended_by.items():
            ended.add_metric([reason], count)
        yield ended
        yield self._standing()

    def _standing(self) -> Metric:
        """1 for the state that a provider is in: open (left alone after faults), half-open (one request may try)."""
        standing = GaugeMetricFamily(
            "parley_provider_state", "Whether a provider is asked: its breaker", labels=["stage", "provider", "state"]
        )
        for stage, provider, now in self._supervisor.providers.states():
            for state in STATES:
                standing.add_metric([stage, provider, state], float(state == now))
        return standing
