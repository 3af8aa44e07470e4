"""`make bench-replies`: how soon a reply's first sound leaves when vendors take 600 ms between them.

Real server, real SDKs, vendors on this machine that answer a transcription in 200 ms, a first token in 250 ms and a
first sound in 150 ms (`tests.vendors.everyone`). The server has one core; its callers and vendors share the other.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from app.phone.summary import delays
from tests.babble import babble
from tests.bench.ear import PATIENCE_MS
from tests.bench.load import PERSONAS
from tests.bench.process import Cores, cpu_s, on_core, two_cores
from tests.bench.table import Sheet, machine, percentile
from tests.server import REPOSITORY, RunningServer, free_port
from tests.vendors.everyone import settings

CONSOLE = Console(highlight=False, soft_wrap=True)
CROWDS = (1, 20)
TURNS = 6
RAMP_S = 3.0
VENDORS = {"STT_PROVIDER": "groq", "LLM_PROVIDER": "groq", "TTS_PROVIDER": "elevenlabs"}
STEPS = ("transcript_ms", "first_text_ms", "first_clause_ms")


@dataclass(frozen=True, slots=True)
class Heard:
    """Milliseconds. `left`: from a turn's end to its reply's first sound on the wire, by the server's books; `heard`:
    the same from outside, from the caller's last sound, less the patience. `steps`: medians of `STEPS` after it."""

    left: list[int]
    heard: list[float]
    steps: list[float]
    gaps: int
    failed: int
    cpu_ms: float


@contextmanager
def vendors() -> Iterator[str]:
    """All vendors in a process of their own; where they are."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.vendors.everyone", str(port)], cwd=REPOSITORY)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def measure(folder: Path, cores: Cores, callers: int, turns: int) -> Heard:
    """One server, so many callers at a time, each with so many questions."""
    with on_core(cores.callers), vendors() as url:
        given = settings(url) | VENDORS
        given |= {"PERSONAS_DIR": str(PERSONAS), "DEFAULT_PERSONA": "brief", "MAX_CALLS": "100"}
        running = RunningServer(folder, given)
        with on_core(cores.server):
            running.start()
        with running:
            before = cpu_s(running.pid)
            outside = asyncio.run(_crowd(running, callers, turns))
            cpu = cpu_s(running.pid) - before
            running.stop()
            return Heard(
                left=_booked(running, "first_audio_ms", "decided_ms"),
                heard=[ms - PATIENCE_MS for call in outside for ms in call.replies_ms],
                steps=[percentile(_booked(running, step, "decided_ms"), 0.5) for step in STEPS],
                gaps=sum(call.gaps for call in outside),
                failed=callers * turns - sum(len(call.replies_ms) for call in outside),
                cpu_ms=cpu * 1000 / sum(call.seconds for call in outside),
            )


@dataclass(frozen=True, slots=True)
class _Call:
    replies_ms: list[float]
    gaps: int
    seconds: float


async def _crowd(running: RunningServer, callers: int, turns: int) -> list[_Call]:
    return await asyncio.gather(
        *(_call(running, number, turns, RAMP_S * number / callers) for number in range(callers))
    )


async def _call(running: RunningServer, number: int, turns: int, after_s: float) -> _Call:
    await asyncio.sleep(after_s)
    async with running.caller(from_=f"+1555012{number:04}") as caller:
        if not await caller.dial():
            raise RuntimeError(f"the server answered without a stream: {caller.told}")
        await caller.heard_silence(500)
        for turn in range(turns):
            caller.speak(babble(1.0, seed=number * turns + turn))
            await caller.heard_reply()
            await caller.heard_silence(500)
        await caller.hang_up()
        return _Call(delays(caller.log).replies_ms, caller.gaps.count, caller.now())


def _booked(running: RunningServer, to: str, since: str) -> list[int]:
    """What `turn_metrics` says lay between two steps, of every turn that was answered."""
    with closing(sqlite3.connect(running.data_dir / "parley.db")) as db:
        query = f"SELECT {to} - {since} FROM turn_metrics WHERE first_audio_ms IS NOT NULL AND {to} IS NOT NULL"
        return [row[0] for row in db.execute(query)]


def _show(sheet: Sheet, callers: int, found: Heard) -> None:
    who = f"{callers} at once" if callers > 1 else "one call"
    sheet.add(f"reply's first sound after the turn's end, {who}, median", percentile(found.left, 0.5), "ms", most=650)
    sheet.add("… 95th percentile", percentile(found.left, 0.95), "ms", most=750)
    sheet.add("… heard by the caller, median", percentile(found.heard, 0.5), "ms")
    sheet.add("… 95th percentile", percentile(found.heard, 0.95), "ms")
    for name, step in zip(("transcript", "first token", "first clause"), found.steps, strict=True):
        sheet.add(f"  {name} after the turn's end (before it: thought ahead), median", step, "ms")
    sheet.add("gaps in what was heard, and turns without a reply", found.gaps + found.failed, "", most=0)
    sheet.add("processor for a second of call", found.cpu_ms, "ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replies", description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS, help="questions in each call")
    turns = parser.parse_args().turns
    CONSOLE.print(machine())
    sheet, cores = Sheet(CONSOLE), two_cores()
    for callers in CROWDS:
        CONSOLE.print(f"  {callers} callers, {turns} questions each …", style="dim")
        with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
            _show(sheet, callers, measure(Path(folder) / "server", cores, callers, turns))
    sheet.show()


if __name__ == "__main__":
    main()
