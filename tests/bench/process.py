"""What a process costs, read from the kernel's own books (`/proc`, so on Linux alone)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Seconds of processor time, all threads, user and system, to the kernel's tick (10 ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


def rss_mb(pid: int) -> float:
    """Memory that is really there, in MB of 10⁶ bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Cores:
    """The server on one core and its callers on another, so that neither steals from the other; None: not to be had."""

    server: int | None
    callers: int | None


def two_cores() -> Cores:
    free = sorted(os.sched_getaffinity(0))
    return Cores(free[0], free[1]) if len(free) > 1 else Cores(None, None)


@contextmanager
def kept_awake(core: int | None) -> Iterator[None]:
    """Meanwhile this core never sleeps: something spins on it that gives way to whatever else wants to run.

    A core of a virtual machine that sleeps between two frames wakes slow and with cold caches, and the same work takes
    it twice as long (docs/performance.md).
    """
    with on_core(core):
        spinner = subprocess.Popen([sys.executable, "-c", _SPIN])
    try:
        yield
    finally:
        spinner.kill()
        spinner.wait()


_SPIN = "import os; os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\nwhile True: pass"


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Whatever is started meanwhile stays on this core."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
