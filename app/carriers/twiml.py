"""The answers Twilio is given, from the templates in `twiml/`: compiled once, everything put in is escaped."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.carriers.onward import Onward

SAY_LIMIT = 2000
"""Characters of a `<Say>`: Twilio takes 4096, nobody listens to half of that."""
TWIML_DIR = Path(__file__).resolve().parents[2] / "twiml"
TOKEN_PARAMETER = "call_token"  # noqa: S105 - the name of a parameter, not a secret
PARAMETER_LIMIT = 500
"""Characters of a `<Parameter>`'s name and value together, exclusive (WIRE facts A.1)."""


class Twiml:
    """The compiled templates of one folder. Raises jinja2's TemplateError at the start if one is missing or broken."""

    def __init__(self, directory: Path = TWIML_DIR) -> None:
        environment = Environment(
            loader=FileSystemLoader(directory),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._voice = environment.get_template("voice.xml")
        self._busy = environment.get_template("busy.xml")
        self._sorry = environment.get_template("sorry.xml")
        self._unavailable = environment.get_template("unavailable.xml")
        self._after_stream = environment.get_template("after_stream.xml")
        self._transfer = environment.get_template("transfer.xml")
        self._whisper = environment.get_template("whisper.xml")
        self._joined = environment.get_template("joined.xml")

    def answer(self, stream_url: str, action_url: str, token: str, name: str) -> str:
        """Connects the call to `stream_url`, which brings back `token`; `action_url` is asked when the stream ends.

        `name` is the stream's, unique within the call. Raises ValueError for what Twilio would refuse.
        """
        _check_stream_url(stream_url)
        if len(TOKEN_PARAMETER) + len(token) >= PARAMETER_LIMIT:
            raise ValueError(f"A stream's token must stay under {PARAMETER_LIMIT - len(TOKEN_PARAMETER)} characters.")
        parameters = {TOKEN_PARAMETER: _printable(token)}
        return self._voice.render(
            stream_url=stream_url, action_url=_printable(action_url), name=_printable(name), parameters=parameters
        )

    def busy(self) -> str:
        """All lines are taken: says so and hangs up."""
        return self._busy.render()

    def sorry(self) -> str:
        """Somebody whom we rang has picked up, and we cannot talk: says so and hangs up."""
        return self._sorry.render()

    def unavailable(self) -> str:
        """We cannot talk now (closing down, or a fault of ours): says so and hangs up."""
        return self._unavailable.render()

    def after_stream(self) -> str:
        """The talk is over: hangs up."""
        return self._after_stream.render()

    def transfer(self, onward: Onward) -> str:
        """Rings a person, tells them who is calling, and joins the two."""
        return self._transfer.render(onward=onward)

    def whisper(self, text: str, language: str, taken_url: str | None) -> str:
        """What the person is told. `taken_url`: asked once they have pressed a key, without which they are not joined;
        None: they are joined when they have heard it. `language`: as `de-DE`; empty for the carrier's own."""
        return self._whisper.render(text=_printable(text)[:SAY_LIMIT], language=language, taken_url=taken_url)

    def joined(self) -> str:
        """The person has taken the call: nothing more is said to them."""
        return self._joined.render()


def _check_stream_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.netloc:
        raise ValueError(f"A stream's address must begin with ws:// or wss://, not {url!r}.")
    if "?" in url or "#" in url:
        raise ValueError("A stream's address must have no query string: Twilio drops it and the handshake fails.")


def _printable(text: str) -> str:
    """XML 1.0 has no place for control characters, not even escaped."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
