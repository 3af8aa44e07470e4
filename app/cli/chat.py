"""`python -m app chat`: an interview by text in the terminal, with a server that runs."""

from __future__ import annotations

import sys
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from app.cli.chatting.lines import TypedLines
from app.cli.chatting.server import ChatError, ChatServer
from app.cli.chatting.talk import Talk
from app.cli.chatting.terminal import Terminal
from app.cli.reaching import address, secret
from app.first_start import FirstStartError
from app.settings import load_settings
from app.settings_words import SettingsError
from app.speech.registry import provider_settings

USAGE_ERROR = 2
INTERRUPTED = 130


def chat(
    persona: Annotated[str, typer.Option(help="Who leads the interview.")] = "interviewer",
    name: Annotated[str | None, typer.Option(help="The candidate's name.  [default: asked for]")] = None,
    role: Annotated[str | None, typer.Option(help="What they apply for.  [default: asked for]")] = None,
    topic: Annotated[str, typer.Option(help="A topic of the question bank.  [default: the persona's own]")] = "",
    candidate_id: Annotated[
        str, typer.Option(help="Your own id of the person, so that nobody is asked the same twice.")
    ] = "",
    interview: Annotated[str | None, typer.Option(help="Take this interview up again.")] = None,
    timeouts: Annotated[
        bool, typer.Option("--timeouts", help="Tell the interviewer when nothing was typed in the time to think.")
    ] = False,
    url: Annotated[str | None, typer.Option(help="Where the server is reached.  [default: HOST and PORT]")] = None,
    api_key: Annotated[str | None, typer.Option(help="[default: API_KEY, else the one in DATA_DIR]")] = None,
) -> None:
    """Be interviewed by text. A line is an answer; /skip, /repeat, /time, /correct and /stop are said for you, /help
    tells of them. Ctrl-C or the end of the input leave the interview open, to be taken up again with --interview.

    Exits with 1 if the server does not answer or refuses.
    """
    terminal = Terminal(Console(highlight=False, soft_wrap=not sys.stdout.isatty()))
    try:
        settings = load_settings(of_providers=provider_settings())
        key = api_key or secret(settings, "api_key")
        if not key:
            raise ChatError("There is no API key: start the server here once (make run), or give one with --api-key.")
        with ChatServer(address(settings, url), key, terminal.waits) as server, TypedLines(sys.stdin) as lines:
            talk = Talk(server, lines, terminal, timeouts=timeouts)
            if interview is not None:
                talk.take_up(_id(interview))
            else:
                talk.begin(persona, name, role, topic, candidate_id)
            talk.lead()
    except (SettingsError, FirstStartError) as error:
        terminal.trouble(str(error))
        raise typer.Exit(USAGE_ERROR) from None
    except ChatError as error:
        terminal.trouble(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ChatError(f"--interview {text[:60]!r} is no interview's id.") from None
