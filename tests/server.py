"""The real server in a process of its own: `python -m app serve`, on a free port, with a folder of its own.

What it writes to its terminal is kept, so that tests can read what it said and what it must not say.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from app.phone.line import Caller
from app.phone.webhook import Parties, Server

REPOSITORY = Path(__file__).resolve().parents[1]
PUBLIC_URL = "https://parley.example.org"
"""Signed, and never reached: a server behind a proxy must believe in its public name, not in where it listens."""
READY_WITHIN_S = 30.0
STOPPED_WITHIN_S = 40.0
_FOREIGN = ("AI_MODE", "DATABASE_URL", "PUBLIC_URL", "MAX_CALLS", "DRAIN_S", "PERSONAS_DIR", "DEFAULT_PERSONA")
"""Settings of whoever runs the tests that must not reach the servers of the tests."""


class ServerDied(Exception):  # noqa: N818 - what it says is the error
    """The server stopped when it should have been running; with the last of what it said."""


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """A server's environment: this process's own, without its settings, and `settings`."""
    inherited = {name: value for name, value in os.environ.items() if name not in _FOREIGN and "_PROVIDER" not in name}
    path = os.pathsep.join(filter(None, (inherited.get("PYTHONPATH"), str(REPOSITORY))))
    return inherited | {"PYTHONPATH": path, "DATA_DIR": str(data_dir), "AI_MODE": "mock"} | settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningServer:
    """One server, as long as the `with` lasts. `folder`: where it is started, holds its data and what it said."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    auth_token: str = field(default_factory=lambda: secrets.token_hex(16))
    api_key: str = field(default_factory=lambda: secrets.token_hex(16))
    admin_password: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"
        self.public_url = self.settings.get("PUBLIC_URL", PUBLIC_URL)
        self.data_dir = self.folder / "data"
        self.output = self.folder / "output.txt"
        self.rest = httpx.Client(base_url=f"{self.url}/api/v1", trust_env=False)
        self.use_key(self.api_key)
        self._process: subprocess.Popen[bytes] | None = None

    def use_key(self, api_key: str) -> None:
        """It is started with this key from now on, and asked with it."""
        self.api_key = api_key
        self.rest.headers["authorization"] = f"Bearer {api_key}"

    def __enter__(self) -> Self:
        if self._process is None:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._process is not None and self._process.poll() is None:
                self.kill()
        finally:
            self.rest.close()

    def start(self) -> None:
        """Start it (again, on the same data) and wait until it can take calls. Raises ServerDied."""
        self.folder.mkdir(parents=True, exist_ok=True)
        given = {
            "PORT": str(self.port),
            "PUBLIC_URL": self.public_url,
            "TWILIO_AUTH_TOKEN": self.auth_token,
            "API_KEY": self.api_key,
            "ADMIN_PASSWORD": self.admin_password,
        }
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve"],
                cwd=self.folder,
                env=environment(self.data_dir, **(given | dict(self.settings))),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._await_ready()

    def _await_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise ServerDied(f"exit code {self.process.returncode}: {self.said()[-2000:]}")
            try:
                if httpx.get(f"{self.url}/ready", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        self.kill()
        raise ServerDied(f"not ready within {READY_WITHIN_S:.0f} s: {self.said()[-2000:]}")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServerDied("it was never started")
        return self._process

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask_to_stop(self) -> None:
        """SIGTERM, to this process alone."""
        self.process.send_signal(signal.SIGTERM)

    def stopped(self, within_s: float = STOPPED_WITHIN_S) -> int:
        """Wait until it has stopped; its exit code."""
        return self.process.wait(within_s)

    def stop(self) -> int:
        """SIGTERM, and wait; the exit code."""
        self.ask_to_stop()
        return self.stopped()

    def kill(self) -> None:
        """SIGKILL, and wait."""
        self.process.kill()
        self.process.wait(10)

    def said(self) -> str:
        """All that it wrote to its terminal so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    # what tests ask of it

    @property
    def address(self) -> Server:
        """Where it is and how requests to it are signed, for `app.phone.webhook`."""
        return Server(self.url, self.public_url, self.auth_token)

    def caller(self, to: str = "+15550100000", from_: str = "+15550100001", **more: Any) -> Caller:
        """Someone who rings it."""
        return Caller(self.url, self.auth_token, from_, to, public_url=self.public_url, **more)

    def parties(self) -> Parties:
        return Parties("+15550100001", "+15550100000")

    def calls(self, **query: str) -> list[dict[str, Any]]:
        """What REST lists."""
        response = self.rest.get("/calls", params=query)
        response.raise_for_status()
        items: list[dict[str, Any]] = response.json()["items"]
        return items

    def call(self, sid: str) -> dict[str, Any]:
        """One call by its `call_sid`."""
        response = self.rest.get(f"/calls/{sid}")
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found

    def transcript(self, sid: str) -> list[dict[str, Any]]:
        """A call's lines."""
        response = self.rest.get(f"/calls/{sid}/transcript.json")
        response.raise_for_status()
        segments: list[dict[str, Any]] = response.json()["segments"]
        return segments
