"""A whole house in this process, on a port of its own: for tests that need many different ones at a time.

`tests.server` is the real process; this has the same application, doors and database, without the start.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from app.cli.server import configuration
from app.first_start import keep_secrets
from app.house import House
from app.main import build_house
from app.phone.line import Caller
from app.settings import Settings, load_settings
from app.speech.registry import provider_settings
from app.store.migrate import upgrade
from tests.server import environment, free_port

_MIGRATING = threading.Lock()
"""Alembic keeps what it is at in globals: two houses that open at once would take each other's."""


@dataclass
class Lodging:
    """One house, and what tests ask of it."""

    house: House
    url: str
    auth_token: str
    api_key: str = field(repr=False)

    def caller(self, **more: Any) -> Caller:
        return Caller(self.url, self.auth_token, "+15550100001", "+15550100000", public_url=self.url, **more)

    async def rest(self, path: str) -> Any:
        """The JSON at `/api/v1` and `path`."""
        headers = {"authorization": f"Bearer {self.api_key}"}
        async with httpx.AsyncClient(base_url=f"{self.url}/api/v1", headers=headers, trust_env=False) as client:
            response = await client.get(path)
        response.raise_for_status()
        return response.json()


class _Quiet(uvicorn.Server):
    """Signals belong to whoever runs the tests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def lodging(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Lodging]:
    """Open for as long as the `with` lasts."""
    port = free_port()
    url, token, key = f"http://127.0.0.1:{port}", secrets.token_hex(16), secrets.token_hex(16)
    given = {"PORT": str(port), "PUBLIC_URL": url, "TWILIO_AUTH_TOKEN": token, "API_KEY": key, **settings}
    chosen = _settings(folder / "data", given)
    kept = keep_secrets(chosen.data_dir, admin_password="open sesame", api_key=key, twilio_auth_token=token)
    application, house = build_house(chosen, kept)
    await asyncio.to_thread(_migrate, chosen.database_url)
    server = _Quiet(configuration(application, "127.0.0.1", port))
    serving = asyncio.create_task(server.serve())
    try:
        while not (server.started and house.supervisor.warm):
            if serving.done():
                raise RuntimeError("the house did not open")
            await asyncio.sleep(0.01)
        yield Lodging(house, url, token, key)
    finally:
        server.should_exit = True
        await serving


def _migrate(database_url: str) -> None:
    with _MIGRATING:
        upgrade(database_url)


def _settings(data_dir: Path, given: Mapping[str, str]) -> Settings:
    """As the command line would read them from an environment that holds nothing else of ours."""
    mine = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment(data_dir, **given))
    try:
        return load_settings(None, of_providers=provider_settings())
    finally:
        os.environ.clear()
        os.environ.update(mine)
