"""The real server with the real SDKs, and vendors beside it that listen and take 600 ms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.bench.turns_live.vendors import Listening, Vendors
from tests.server import REPOSITORY, RunningServer
from tests.vendors.everyone import Pace, settings

GREETING = "Hello. Are you ready?"
OF_EACH_LEVEL = 5
"""Questions."""
PROVIDERS = {"STT_PROVIDER": "groq", "LLM_PROVIDER": "groq", "TTS_PROVIDER": "elevenlabs"}


@dataclass(frozen=True, slots=True)
class House:
    """A server that runs, and what its vendors know."""

    running: RunningServer
    known: Listening


@asynccontextmanager
async def house(folder: Path, persona: str, personas: Path | None = None) -> AsyncIterator[House]:
    """For as long as the `with` lasts. `personas`: their folder; the shipped one if none is given. May raise
    ServerDied."""
    vendors = Vendors()
    vendors.pace = Pace(0.0, 0.0, 0.0, 0.0, 1e6)
    door = await asyncio.start_server(vendors.serve, "127.0.0.1", 0)
    given = settings(f"http://127.0.0.1:{door.sockets[0].getsockname()[1]}") | PROVIDERS
    given |= {"PERSONAS_DIR": str(personas or REPOSITORY / "personas"), "DEFAULT_PERSONA": persona}
    running = RunningServer(folder / "server", given | {"NO_PROXY": "127.0.0.1"})
    try:
        await asyncio.to_thread(running.start)
        await _lines_ready(running)
        vendors.pace = Pace()
        yield House(running, vendors.known)
    finally:
        if running._process is not None:
            await asyncio.to_thread(running.kill)
        running.rest.close()
        door.close()
        await vendors.close()


def to_the_point(folder: Path) -> Path:
    """The shipped personas with a short greeting and enough questions: a bench's calls are not to be spent on them."""
    made = folder / "personas"
    (made / "questions").mkdir(parents=True)
    for source in sorted((REPOSITORY / "personas").glob("**/*.yaml")):
        persona = yaml.safe_load(source.read_text(encoding="utf-8"))
        if "greeting" in persona:
            persona["greeting"] = GREETING
        if "interview" in persona:
            persona["interview"]["counts"] = dict.fromkeys(("basic", "moderate", "advanced"), OF_EACH_LEVEL)
        target = made / source.relative_to(REPOSITORY / "personas")
        target.write_text(yaml.safe_dump(persona, allow_unicode=True), encoding="utf-8")
    return made


async def _lines_ready(running: RunningServer, within_s: float = 60.0) -> None:
    """Until no more fixed lines are being prepared."""
    folder, until, before, quiet = running.data_dir / "lines", time.monotonic() + within_s, -1, 0
    while time.monotonic() < until and quiet < 4:
        await asyncio.sleep(0.5)
        count = len(list(folder.glob("*"))) if folder.exists() else 0
        quiet = quiet + 1 if count == before else 0
        before = count
