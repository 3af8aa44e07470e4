"""A server under load, measured from outside."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.crowd import Errand, Heard
from tests.bench.process import Cores, cpu_s, on_core, rss_mb
from tests.server import REPOSITORY, RunningServer

PERSONAS = REPOSITORY / "tests" / "end_to_end" / "personas"


def server(folder: Path) -> RunningServer:
    """Mock speech, short answers, room for a hundred."""
    settings = {
        "PERSONAS_DIR": str(PERSONAS),
        "DEFAULT_PERSONA": "brief",
        "MAX_CALLS": "100",
        "MOCK_TRANSCRIPTS": "what are your opening hours",
    }
    return RunningServer(folder, settings)


@dataclass(frozen=True, slots=True)
class Load:
    """`cpu_ms`: of the server, for a second of one call. `rss_mb`: its memory while all talked."""

    callers: int
    cpu_ms: float
    client_cpu_ms: float
    rss_mb: float
    heard: Heard


def load(
    running: RunningServer, cores: Cores, callers: int, seconds: float, ramp_s: float = 3.0, watch_s: float = 0.0
) -> Load:
    """So many callers, who talk for so long once all are connected (and for `watch_s` more: see `Errand`)."""
    errand = Errand(running.url, running.public_url, running.auth_token, callers, seconds, ramp_s, watch_s)
    with on_core(cores.callers):
        crowd = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.crowd"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    with crowd:
        if crowd.stdin is None or crowd.stdout is None:
            raise RuntimeError("the callers cannot be talked to")
        crowd.stdin.write(json.dumps(asdict(errand)) + "\n")
        crowd.stdin.close()
        _expect(crowd.stdout.readline(), "talking")
        began, cpu, client_cpu = time.monotonic(), cpu_s(running.pid), cpu_s(crowd.pid)
        _expect(crowd.stdout.readline(), "done")
        call_s = (time.monotonic() - began) * callers
        cpu, client_cpu = cpu_s(running.pid) - cpu, cpu_s(crowd.pid) - client_cpu
        memory = rss_mb(running.pid)
        heard = Heard(**json.loads(crowd.stdout.readline()))
    return Load(callers, cpu * 1000 / call_s, client_cpu * 1000 / call_s, memory, heard)


def _expect(line: str, word: str) -> None:
    if line.strip() != word:
        raise RuntimeError(f"the callers said {line!r}, not {word!r}")


def reply_delays_ms(running: RunningServer) -> list[int]:
    """From each turn's words to the first sound of its answer, by the server's own books."""
    with closing(sqlite3.connect(running.data_dir / "parley.db")) as db:
        query = (
            "SELECT first_audio_ms - max(transcript_ms, decided_ms) FROM turn_metrics WHERE first_audio_ms IS NOT NULL"
        )
        return [row[0] for row in db.execute(query)]


def longest_call(running: RunningServer) -> tuple[Path, Path]:
    """Timeline and recording of the longest call."""
    timeline = max((running.data_dir / "timelines").iterdir(), key=lambda file: file.stat().st_size)
    return timeline, running.data_dir / "recordings" / f"{timeline.stem}.wav"
