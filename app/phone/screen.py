"""Shows a call on the terminal: live while it is talked, and what it was like afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.phone.log import Entry
from app.phone.transcript import Line

_WHO = {"agent": "cyan", "caller": "green", "line": "dim", "carrier": "yellow", "system": "dim"}


class Screen:
    """A listener for `Caller`'s log. Nothing that was said can be taken for markup."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._agent_since_s: float | None = None

    def show(self, entry: Entry) -> None:
        """One line for what a person wants to know; marks and the like pass unseen."""
        if entry.kind == "agent_started":
            self._agent_since_s = entry.at_s
            self._line(entry.at_s, "agent", "speaks …")
        elif entry.kind == "agent_stopped":
            spoken_s = entry.at_s - (self._agent_since_s or entry.at_s)
            self._line(entry.at_s, "agent", f"is quiet, having spoken for {spoken_s:.1f} s")
        elif entry.kind == "caller_started":
            self._line(entry.at_s, "caller", f"“{entry.text}”" if entry.text else "speaks …")
        elif (words := _LINE.get(entry.kind)) is not None:
            who, text = words
            self._line(entry.at_s, who, text.format(text=entry.text.replace("_", " ")))

    def transcript(self, lines: Iterable[Line]) -> None:
        """What the server heard and said; the words that nobody heard are struck through."""
        self._console.print(Text("\nAs the server heard it", style="bold"))
        for line in lines:
            text = Text(_plain(line.heard))
            if line.role == "agent" and line.heard != line.text:
                unheard = line.text[len(line.heard) :] if line.text.startswith(line.heard) else f" [{line.text}]"
                text.append(_plain(unheard), style="strike dim")
            if line.interrupted:
                text.append("  (interrupted)", style="dim")
            self._line(line.at_s, line.role, text)

    def summary(self, pairs: Iterable[tuple[str, str]]) -> None:
        table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name, value in pairs:
            table.add_row(Text(name, style="dim"), Text(value))
        self._console.print()
        self._console.print(table)

    def say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style))

    def _line(self, at_s: float, who: str, text: str | Text) -> None:
        line = Text()
        line.append(f"{at_s:7.2f} s  ", style="dim")
        line.append(f"{_plain(who):<8}", style=_WHO.get(who, ""))
        line.append(text if isinstance(text, Text) else _plain(text))
        self._console.print(line)


def _plain(text: str) -> str:
    """Control characters would be obeyed by the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


_LINE = {
    "dialled": ("line", "rings"),
    "started": ("line", "is open"),
    "told": ("carrier", "“{text}”"),
    "clear": ("agent", "stops in mid-sentence"),
    "digit": ("caller", "presses {text}"),
    "put_through": ("carrier", "rings somebody else"),
    "stopped": ("caller", "hangs up"),
    "ended": ("line", "ended: {text}"),
}
