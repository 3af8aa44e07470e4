"""`python -m app serve`: put the house together, migrate, open the doors, and say where to look."""

from __future__ import annotations

import gc
import sys

from rich.console import Console

from app.cli.one_server import only_server
from app.cli.server import DrainingServer, configuration
from app.first_start import HouseSecrets, Secret
from app.logs import configure
from app.main import build_house
from app.settings import Settings
from app.store.migrate import upgrade


def serve(settings: Settings, secrets: HouseSecrets) -> None:
    """Run the server until it is told to stop. Raises what `build_house` raises, and AlreadyRunningError."""
    configure(settings.log_level)
    with only_server(settings.data_dir):
        _serve(settings, secrets)


def _serve(settings: Settings, secrets: HouseSecrets) -> None:
    application, house = build_house(settings, secrets)
    upgrade(settings.database_url)  # when nothing can stop the start any more but the database itself
    server = DrainingServer(
        configuration(application, settings.host, settings.port),
        drain=lambda: house.supervisor.drain(settings.drain_s),
        started=lambda: _started(settings, secrets),
    )
    server.run()
    if not server.started:
        sys.exit(1)


def _started(settings: Settings, secrets: HouseSecrets) -> None:
    # What the start has made stays. Left to the garbage collector, each full collection looks through all of it, and
    # every call stands still meanwhile: 110 ms measured, against 0.01 ms once it is set aside.
    gc.collect()
    gc.freeze()
    _welcome(settings, secrets)


def _welcome(settings: Settings, secrets: HouseSecrets) -> None:
    """Where to look. A secret is shown once, when it has just been made; afterwards, where it is kept."""
    here = f"http://{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0', '::') else settings.host}:{settings.port}"  # noqa: S104
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"\n[bold]Parley listens on {here}[/bold]  ({settings.ai_mode} mode)\n")
    console.print(f"  Calls      {here}/admin/calls   password: {_shown(secrets.admin_password)}")
    console.print(f"  REST       {here}/docs          API key: {_shown(secrets.api_key)}")
    console.print('  Call it    .venv/bin/python -m app call --say "When are you open?"   or: make demo')
    console.print(f"  Twilio     set the number's voice webhook to {settings.public_url}/twilio/voice\n")


def _shown(secret: Secret) -> str:
    if secret.made_now:
        return f"{secret.value}  (kept in {secret.path})"
    return f"kept in {secret.path}" if secret.path else "as set"
