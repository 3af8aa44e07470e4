"""`make bench`: this machine's figures for a whole call in `mock`, from one run. `--quick` for less than a minute.

A real server on one core, real callers over real sockets on the other, and the kernel's own books in between.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.bench import audio_chain
from tests.bench.ear import listen
from tests.bench.load import Load, load, longest_call, reply_delays_ms, server
from tests.bench.memory import steadiness
from tests.bench.process import Cores, kept_awake, on_core, rss_mb, two_cores
from tests.bench.replaying import speeds
from tests.bench.speech import recorded
from tests.bench.table import Sheet, machine, percentile
from tests.server import RunningServer

FEW, MANY = 10, 30
CONSOLE = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds`: how long a crowd talks; `short_calls`: how many come and go; `turns`: of the caller at rest."""

    seconds: float
    short_calls: int
    turns: int


FULL, QUICK = Plan(40, 200, 6), Plan(5, 40, 2)


def measure(running: RunningServer, cores: Cores, plan: Plan, sheet: Sheet) -> None:
    """Everything that needs the server."""
    _say("a caller at rest")
    impressions = listen(running, plan.turns)
    sheet.add("greeting heard after the stream's start, at rest", impressions.greeting_ms, "ms", most=1500)
    _quick_replies(impressions.replies_ms, reply_delays_ms(running), sheet)

    _say(f"{FEW} callers for {plan.seconds:g} s, then again on a core that is kept awake")
    few = load(running, cores, FEW, plan.seconds)
    with kept_awake(cores.server):
        awake = load(running, cores, FEW, plan.seconds)
    before_mb = rss_mb(running.pid)
    _say(f"{MANY} callers for {plan.seconds:g} s")
    many = load(running, cores, MANY, plan.seconds, watch_s=plan.seconds / 2)
    sheet.add(f"processor for a second of call, {MANY} at once", many.cpu_ms, "ms", most=15)
    sheet.add(f"processor for a second of call, {FEW} at once", few.cpu_ms, "ms", most=15)
    sheet.add(f"… {FEW} at once, on a core that is kept awake", awake.cpu_ms, "ms")
    _crowd(many, sheet)
    sheet.add("memory a call, while they talk", (many.rss_mb - before_mb) / MANY, "MB", most=5)

    _say(f"{plan.short_calls} short calls")
    steady = steadiness(running, cores, plan.short_calls)
    sheet.add(f"memory that a call leaves behind, of {steady.calls}", steady.growth_kb, "kB", most=50)
    sheet.add("memory of the server afterwards", steady.batches_mb[-1], "MB")


def _quick_replies(heard_ms: Sequence[float], booked_ms: Sequence[int], sheet: Sheet) -> None:
    sheet.add("reply sent after the turn's words, at rest, median", percentile(booked_ms, 0.5), "ms", most=100)
    sheet.add("reply heard after sound and patience, at rest, median", percentile(heard_ms, 0.5), "ms", most=100)


def _crowd(many: Load, sheet: Sheet) -> None:
    heard = many.heard
    for trouble in filter(None, [heard.fault]):
        CONSOLE.print(f"[red]{trouble}[/red]")
    sheet.add(f"audio gaps in {MANY} calls at once", heard.gaps, "", most=0)
    sheet.add("wire faults and failed calls", heard.faults + heard.failed, "", most=0)
    sheet.add("greeting heard, the slowest of them", max(heard.greetings_ms, default=float("nan")), "ms", most=1500)
    sheet.add("the server's loop is late, at the 99th percentile", percentile(heard.health_ms, 0.99), "ms", most=50)
    sheet.add("… and at its worst", max(heard.health_ms, default=float("nan")), "ms")
    sheet.add("the callers' own processor, a second of call", many.client_cpu_ms, "ms")
    sheet.add("the callers' own loop was late by", heard.late_ms, "ms")


def measure_files(running: RunningServer, sheet: Sheet) -> None:
    """What needs no server any more."""
    _say("replay")
    found = speeds(*longest_call(running))
    sheet.add(f"replay of a call of {found.call_s:.0f} s: times real time", found.core, "", least=500)
    sheet.add("… with the audio chain", found.with_audio, "", least=60)
    sheet.add("… actions that differ", 0 if found.same else 1, "", most=0)
    sheet.add("delay of the way in, by an impulse", audio_chain.impulse_delay_ms(), "ms", most=5)


def _say(what: str) -> None:
    CONSOLE.print(f"  {what} …", style="dim")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter runs: less than a minute, rougher figures")
    plan = QUICK if parser.parse_args().quick else FULL
    CONSOLE.print(machine())
    CONSOLE.print(f"callers speak {'recordings of people' if recorded() else 'babble'}, two fifths of the time")
    cores, sheet = two_cores(), Sheet(CONSOLE)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        with on_core(cores.server):
            running = server(Path(folder) / "server")
            running.start()
        with running:
            measure(running, cores, plan, sheet)
            running.stop()
            measure_files(running, sheet)
    sheet.show()


if __name__ == "__main__":
    main()
