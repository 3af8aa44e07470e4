"""The bench's answer: one line for each figure, with its bar."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so great a share of them does not exceed; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Sheet:
    """Figures as they come, shown at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._table = Table(box=None, pad_edge=False)
        for column in ("", "measured", "bar", ""):
            self._table.add_column(column, justify="right" if column == "measured" else "left")
        self.missed = 0

    def add(self, what: str, value: float, unit: str, *, most: float | None = None, least: float | None = None) -> None:
        """A figure, with the most or the least that it may be; without either it has no bar."""
        good = (most is None or value <= most) and (least is None or value >= least)
        self.missed += not good
        bar = f"≤ {most:g}" if most is not None else f"≥ {least:g}" if least is not None else ""
        verdict = "" if not bar else "[green]ok[/green]" if good else "[red]missed[/red]"
        shown = f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"
        self._table.add_row(what, f"{shown} {unit}".rstrip(), bar, verdict)

    def show(self) -> None:
        self._console.print()
        self._console.print(self._table)


def machine() -> str:
    """What this was measured on, and how busy it was with other things."""
    model = next((line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")), "unknown")
    load = os.getloadavg()[0]
    return f"{model}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, load before {load:.1f}"


def _cpuinfo() -> list[str]:
    return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
