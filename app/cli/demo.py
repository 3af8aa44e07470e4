"""`python -m app demo`: a server and a caller on this machine, and a whole interview between them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import typer
from rich.console import Console

from app.cli.call import Line, line_for
from app.cli.demo_candidate import Candidate, be_interviewed
from app.personas.questions import load_questions
from app.phone.screen import Screen
from app.settings import Settings, load_settings
from app.speech.registry import provider_settings

NUMBER = "+15550100042"
PERSONA, TOPIC = "interviewer", "general"
READY_S = 90.0
"""For a first start, which makes the database and loads the recogniser."""


def demo() -> None:
    """Start a server (or use the one that runs), ring it, and play a whole interview."""
    settings = load_settings(of_providers=provider_settings())
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - where it listens
    with running_server(f"http://{host}:{settings.port}") as started:
        line = line_for(settings, None, None, NUMBER, "+15550100001", None, None)
        good = asyncio.run(_play(settings, line, settings.data_dir / "demo.wav"))
        if started and sys.stdin.isatty():
            typer.echo("\nThe server goes on, so that you can look at the page. Ctrl-C stops it.")
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    raise typer.Exit(0 if good else 1)


async def _play(settings: Settings, line: Line, out: Path) -> bool:
    await _answer_as(line, PERSONA)
    candidate = Candidate(load_questions(settings.personas_dir / "questions"), TOPIC)
    return await be_interviewed(line, candidate, out, Screen(Console(highlight=False)))


@contextlib.contextmanager
def running_server(url: str) -> Iterator[bool]:
    """A server at `url` that is ready for calls; True if it was started here, and then it is stopped at the end."""
    if asyncio.run(is_ready(url)):
        yield False
        return
    server = subprocess.Popen([sys.executable, "-m", "app", "serve"])
    try:
        asyncio.run(_until_ready(url, server))
        yield True
    finally:
        server.terminate()
        server.wait()


async def _until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    try:
        async with asyncio.timeout(READY_S):
            while not await is_ready(url):
                if server.poll() is not None:
                    raise typer.Exit(server.returncode or 1)
                await asyncio.sleep(0.2)
    except TimeoutError:
        typer.secho(f"The server is not ready after {READY_S:.0f} s: see {url}/ready", err=True, fg="red")
        raise typer.Exit(1) from None


async def is_ready(url: str) -> bool:
    """Does a server there take calls?"""
    async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
        try:
            return (await client.get(f"{url}/ready")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


async def _answer_as(line: Line, persona: str) -> None:
    """Have calls to `line.to` answered by `persona`."""
    headers = {"Authorization": f"Bearer {line.api_key}"}
    body = {"persona": persona, "label": "make demo"}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as client:
        reply = await client.put(f"{line.url}/api/v1/numbers/{line.to}", json=body)
        reply.raise_for_status()
