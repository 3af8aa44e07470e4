"""What the terminal shows of an interview by text. Nothing that was said can be taken for markup or obeyed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from app.cli.chatting.server import Card, Said, State

PROMPT = "> "
HELP = """\
A line is your answer. Instead of an answer:
  /repeat   hear the question again        /skip   leave this question
  /slower   the same in shorter sentences  /correct   change your last answer
  /time     take more time                 /stop   end the interview
  /quit     leave it open for later        /help   this"""


class Terminal:
    """Writes to `console`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._wraps = console.is_terminal
        self._question = 0

    def agent(self, said: Iterable[Said], state: State) -> None:
        """What the interviewer says, and above a new question its number."""
        for line in said:
            number = state.question_number or 0
            if line.kind == "question" and number != self._question:
                self._question = number
                self._console.print(Text(f"\nQuestion {number} of {state.question_count}", style="bold"))
            style = "bold" if line.kind in ("question", "repeat", "consent", "confirmation") else "cyan"
            self._line(line.text, style)

    def candidate(self, text: str) -> None:
        """What was typed before, or piped in."""
        self._console.print(Text(f"{PROMPT}{_plain(text)}", style="green"))

    def prompt(self) -> None:
        """The candidate has the word."""
        self._console.print(Text(PROMPT, style="green"), end="")

    def asks(self, what: str) -> None:
        """A small question of our own."""
        self._console.print(Text(f"{what}: ", style="dim"), end="")

    def tells(self, text: str) -> None:
        """Something that is not part of the talk."""
        self._console.print(Text(text, style="dim"))

    def trouble(self, text: str) -> None:
        """Something that went wrong."""
        self._console.print(Text(_plain(text), style="red"))

    def waits(self, for_s: float) -> None:
        """The server is asked again after so many seconds."""
        self._console.print(Text(f"The server does not answer; trying again in {for_s:g} s …", style="yellow"))

    def card(self, card: Card) -> None:
        """The total, and the levels beneath it."""
        levels = ", ".join(f"{level} {worth.points} of {worth.most}" for level, worth in card.by_level.items())
        self._console.print(Text(f"\nTotal: {card.total.points} of {card.total.most}", style="bold"))
        self._console.print(Text(_plain(levels), style="dim"))

    def _line(self, text: str, style: str) -> None:
        line = Text(_plain(text), style=style)
        self._console.print(Padding(line, (0, 0, 0, 2)) if self._wraps else Text("  ") + line)


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
