"""What Prometheus reads of the providers."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

from prometheus_client import CollectorRegistry

from app.runtime.gauges import RuntimeGauges


def test_each_provider_is_in_one_state() -> None:
    states = [("reply", "groq", "open"), ("reply", "sarvam", "half-open"), ("speak", "groq", "closed")]
    supervisor: Any = SimpleNamespace(
        running=(), lines_taken=0, ended_by=Counter(), providers=SimpleNamespace(states=lambda: states)
    )
    writer: Any = SimpleNamespace(waiting=0, counts=SimpleNamespace(dropped=0, refused=0))
    registry = CollectorRegistry()
    RuntimeGauges(supervisor, writer, SimpleNamespace(failures=0)).register(registry)  # type: ignore[arg-type]

    def told(stage: str, provider: str) -> list[str]:
        labels = {"stage": stage, "provider": provider}
        known = ("closed", "open", "half-open")
        values = {
            state: registry.get_sample_value("parley_provider_state", labels | {"state": state}) for state in known
        }
        assert set(values.values()) == {0.0, 1.0}
        return [state for state, value in values.items() if value]

    assert [told(stage, provider) for stage, provider, _ in states] == [["open"], ["half-open"], ["closed"]]
