"""`python -m app doctor`: is everything set as it must be? One cheap real request for each thing that may be wrong.

Everything is asked at the same time, and nothing is changed: no secret is made, nothing is migrated, no file is left.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console

from app.cli.examination.addresses import examine_addresses
from app.cli.examination.machine import examine_machine, examine_personas
from app.cli.examination.report import Group, Line, as_json, is_well, render
from app.cli.examination.speech import examine_speech
from app.cli.examination.twilio import examine_twilio
from app.logs import configure
from app.settings import load_settings
from app.settings_words import SettingsError
from app.speech.registry import provider_settings


def doctor(
    json: Annotated[bool, typer.Option("--json", help="For a program: findings as JSON")] = False,
) -> None:
    """Check every key, model, voice, number and address that is set, and say what is wrong and how to mend it."""
    configure("error")
    raise typer.Exit(0 if asyncio.run(_told(json)) else 1)


async def _told(json: bool) -> bool:
    """Is nothing wrong? Told before the loop ends: it waits for whoever still hangs in a name server or a disk."""
    groups = await examine()
    if json:
        typer.echo(as_json(groups))
    else:
        render(groups, Console(highlight=False, soft_wrap=True))
    sys.stdout.flush()
    return is_well(groups)


async def examine() -> list[Group]:
    """All that is found, within 15 s or so."""
    try:
        settings = load_settings(of_providers=provider_settings())
    except SettingsError as error:
        return [Group("Settings", (Line("settings", "wrong", str(error)),))]
    complaint = settings.complaint
    mode = Group("Settings", (Line("AI_MODE", "attention" if complaint else "ok", complaint or settings.ai_mode),))
    personas, casting, bank = examine_personas(settings)
    machine, speech, twilio, addresses = await asyncio.gather(
        examine_machine(settings),
        examine_speech(settings, casting.personas if casting is not None else {}, bank),
        examine_twilio(settings),
        examine_addresses(settings),
    )
    return [mode, machine, personas, *speech, twilio, addresses]
