"""`python -m app call`: a telephone in the terminal, which rings a running server over the real protocol."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from app.cli.reaching import address, secret
from app.first_start import FirstStartError
from app.phone.conduct import Person
from app.phone.line import Caller
from app.phone.screen import Screen
from app.phone.script import ScriptError, Step, from_options, load
from app.phone.summary import lines
from app.phone.talk import play
from app.phone.transcript import fetch
from app.phone.voice import caller_persona, record
from app.phone.webhook import PhoneError
from app.settings import Settings, load_settings
from app.settings_words import SettingsError
from app.speech.protocols import ProviderContext, ProviderError
from app.speech.registry import UnknownProvider, provider_settings, text_to_speeches

USAGE_ERROR = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Where and as whom to ring. `api_key` may be empty: then there is no transcript at the end."""

    url: str
    public_url: str
    auth_token: str = field(repr=False)
    api_key: str = field(repr=False)
    to: str
    from_: str
    person: Person = "no-answer"


def call(
    say: Annotated[list[str] | None, typer.Option(help="Something to say, spoken by this machine; repeatable.")] = None,
    wav: Annotated[list[Path] | None, typer.Option(help="A recording to say, WAV of any rate; repeatable.")] = None,
    digits: Annotated[str | None, typer.Option(help="Keys to press at the end: 0-9, *, #.")] = None,
    interrupt_after: Annotated[
        float | None,
        typer.Option(help="Talk over the agent so many seconds after it begins, from the second utterance on."),
    ] = None,
    script: Annotated[Path | None, typer.Option(help="A YAML list of steps, instead of the above.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the server is reached.  [default: HOST and PORT]")] = None,
    public_url: Annotated[
        str | None, typer.Option(help="What the server believes to be called.  [default: --url, else PUBLIC_URL]")
    ] = None,
    to: Annotated[str | None, typer.Option(help="The number to ring.  [default: TWILIO_PHONE_NUMBER]")] = None,
    from_: Annotated[str, typer.Option("--from", help="The number to ring from.")] = "+15550100001",
    person: Annotated[
        Person, typer.Option(help="What somebody does to whom the server puts the call through.")
    ] = "no-answer",
    out: Annotated[Path | None, typer.Option(help="Keep the call: stereo WAV, caller left, ear right.")] = None,
    auth_token: Annotated[
        str | None, typer.Option(help="Key to sign with.  [default: TWILIO_AUTH_TOKEN, else the one in DATA_DIR]")
    ] = None,
    api_key: Annotated[
        str | None, typer.Option(help="Key to read the transcript with.  [default: API_KEY, else the one in DATA_DIR]")
    ] = None,
    voice: Annotated[str, typer.Option(help="The caller's voice: an espeak-ng voice and variant.")] = "en-us+f2",
) -> None:
    """Ring a running server and talk: what is said waits for the agent to finish, then the caller hangs up.

    Exits with 1 if the call could not be made, did not go as the script expects, or the server broke the protocol.
    """
    screen = Screen(Console(highlight=False))
    try:
        settings = load_settings(of_providers=provider_settings())
        if script is not None and (say or wav or digits or interrupt_after is not None):
            raise ScriptError("--script says everything: give it without --say, --wav, --digits and --interrupt-after.")
        steps = load(script) if script is not None else from_options(say or [], wav or [], digits, interrupt_after)
        line = line_for(settings, url, public_url, to, from_, auth_token, api_key)
        good = asyncio.run(ring(replace(line, person=person), steps, voice, out, screen))
    except (ScriptError, SettingsError, FirstStartError) as error:
        screen.say(str(error), "red")
        raise typer.Exit(USAGE_ERROR) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(0 if good else 1)


async def ring(line: Line, steps: tuple[Step, ...], voice: str, out: Path | None, screen: Screen) -> bool:
    """One whole call on the screen; whether it went as it should."""
    try:
        sounds = await _record(steps, voice)
        async with Caller(
            line.url,
            line.auth_token,
            line.from_,
            line.to,
            public_url=line.public_url,
            listener=screen.show,
            person=line.person,
        ) as caller:
            complaint = await _talk(caller, steps, sounds)
            if out is not None:
                await asyncio.to_thread(caller.save_wav, out)
            await _account(line, caller, screen)
    except (PhoneError, ProviderError, UnknownProvider, OSError) as error:
        screen.say(str(error), "red")
        return False
    screen.summary([*lines(caller), *([("kept in", str(out))] if out is not None else [])])
    if complaint is not None:
        screen.say(complaint, "red")
    return complaint is None and caller.faults.total == 0


async def _talk(caller: Caller, steps: tuple[Step, ...], sounds: dict[int, tuple[bytes, str]]) -> str | None:
    try:
        if not await caller.dial():
            return "The server took the call without talking."
        return await play(caller, steps, sounds)
    except asyncio.CancelledError:  # Ctrl-C: a caller who is called away puts the phone down
        await caller.hang_up()
        raise


async def _record(steps: tuple[Step, ...], voice: str) -> dict[int, tuple[bytes, str]]:
    name, _, variant = voice.partition("+")
    persona = caller_persona(name, variant)
    if not any(step.say for step in steps):
        return await record(steps, persona, None)
    (speech,) = text_to_speeches(("offline",), ProviderContext({persona.id: persona}))
    try:
        if (refusal := speech.refuse(persona)) is not None:
            raise PhoneError(f"--voice {voice}: {refusal}")
        await speech.warm()
        return await record(steps, persona, speech)
    finally:
        await speech.aclose()


async def _account(line: Line, caller: Caller, screen: Screen) -> None:
    if not line.api_key:
        screen.say("No API key: no transcript. Give --api-key to see what the server heard.", "dim")
        return
    async with httpx.AsyncClient(verify=line.url.startswith("https"), trust_env=False) as client:
        try:
            account = await fetch(client, line.url, line.api_key, caller.parties.call_sid)
        except PhoneError as error:  # the call itself was made
            screen.say(str(error), "yellow")
            return
    screen.transcript(account.lines)
    screen.say(f"\n{line.public_url}/admin/calls/{account.call_id}", "underline")


def line_for(
    settings: Settings,
    url: str | None,
    public_url: str | None,
    to: str | None,
    from_: str,
    auth_token: str | None,
    api_key: str | None,
) -> Line:
    """What was not said on the command line, from the settings and the folder that the server keeps its secrets
    in."""
    token = auth_token or secret(settings, "twilio_auth_token")
    if not token:
        raise PhoneKeyError(settings.data_dir)
    return Line(
        url=address(settings, url),
        public_url=(public_url or url or settings.public_url).rstrip("/"),
        auth_token=token,
        api_key=api_key or secret(settings, "api_key"),
        to=to or settings.twilio_phone_number or "+15550100000",
        from_=from_,
    )


class PhoneKeyError(FirstStartError):
    """Nothing to sign with."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(
            f"There is no auth token in {data_dir}: start the server here once (make run), or give its own with "
            "--auth-token."
        )
