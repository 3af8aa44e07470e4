"""The commands of `python -m app`. Each reads the settings, does its work, and turns errors into one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from app.cli.call import call
from app.cli.chat import chat
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.one_server import AlreadyRunningError
from app.cli.replaying import replay_files
from app.cli.serve import serve as run_server
from app.clock import SystemClock
from app.first_start import FirstStartError, HouseSecrets, keep_secrets
from app.personas.problems import PersonaError
from app.runtime.cast import CompositionError
from app.settings import Settings, load_settings
from app.settings_words import SettingsError
from app.speech.registry import UnknownProvider, provider_settings
from app.store.engine import DatabaseUrlError

app = typer.Typer(help="Parley, an agent you can phone.", no_args_is_help=True, add_completion=False)

EXPECTED = (
    AlreadyRunningError,
    SettingsError,
    FirstStartError,
    PersonaError,
    CompositionError,
    UnknownProvider,
    DatabaseUrlError,
)


@contextmanager
def one_line() -> Iterator[None]:
    """What a person can put right is told in one line, without a traceback."""
    try:
        yield
    except EXPECTED as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(2) from None
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        typer.secho(f"DATABASE_URL: the database cannot be used: {cause}", err=True, fg="red")
        raise typer.Exit(2) from None


def settled() -> tuple[Settings, HouseSecrets]:
    """The settings and the secrets."""
    settings = load_settings(of_providers=provider_settings())
    return settings, keep_secrets(
        settings.data_dir,
        admin_password=plain(settings.admin_password),
        api_key=plain(settings.api_key),
        twilio_auth_token=plain(settings.twilio_auth_token),
        session_secret=plain(settings.session_secret),
        webhook_secret=plain(settings.webhook_secret),
    )


def plain(secret: SecretStr | None) -> str | None:
    """A secret in the clear."""
    return secret.get_secret_value() if secret is not None else None


app.command()(call)
app.command()(chat)
app.command()(demo)
app.command()(doctor)


@app.command()
def serve() -> None:
    """Start the server."""
    with one_line():
        run_server(*settled())


@app.command()
def replay(
    timeline: Annotated[Path, typer.Argument(help="A call's timeline (.jsonl)", exists=True, dir_okay=False)],
    recording: Annotated[Path | None, typer.Option(help="Its recording: hear the audio again, too")] = None,
) -> None:
    """Replay a call's timeline and compare what the core decides with what it decided then."""
    clock = SystemClock()
    began = clock.now()
    try:
        outcome = replay_files(timeline, recording)
    except (ValueError, OSError) as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(2) from None
    took = clock.now() - began
    for difference in outcome.differences:
        typer.echo(difference)
    typer.echo(
        f"{outcome.events} events, {outcome.actions} actions, {outcome.call_s:.1f} s of call in {took:.3f} s "
        f"({outcome.call_s / took:.0f} times real time): {'the same' if not outcome.differences else 'DIFFERENT'}"
    )
    raise typer.Exit(1 if outcome.differences else 0)


def run() -> None:
    """The entry point."""
    app()
