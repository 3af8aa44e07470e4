"""What was found, and how it is told: one line each, for a person or for a program."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from rich.console import Console
from rich.text import Text

State = Literal["ok", "attention", "wrong", "not set"]
WITHIN_S = 12.0
"""For each single check; all run at the same time, so that with what comes before and after it is 15 s in all."""

_COLOURS: dict[State, str] = {"ok": "green", "attention": "yellow", "wrong": "bold red", "not set": "dim"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at. `about`: the setting, file or service; `mend`: what to do, where something should be
    done."""

    about: str
    state: State
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together."""

    title: str
    lines: tuple[Line, ...]


async def within(about: str, check: Awaitable[Sequence[Line]], limit_s: float = WITHIN_S) -> tuple[Line, ...]:
    """What the check finds; a line that says so if it takes too long or breaks."""
    try:
        async with asyncio.timeout(limit_s):
            return tuple(await check)
    except TimeoutError:
        says = f"could not be checked within {limit_s:g} s"
        return (Line(about, "wrong", says, "see whether this machine reaches it, and try again"),)
    except Exception as error:
        says = f"could not be checked ({type(error).__name__})"
        return (Line(about, "wrong", says, "this is a fault of Parley's: please report it"),)


def is_well(groups: Sequence[Group]) -> bool:
    """Is nothing wrong? What wants attention is not wrong."""
    return not any(line.state == "wrong" for line in _lines(groups))


def as_json(groups: Sequence[Group]) -> str:
    """An object with `ok`, and `findings` in order."""
    findings = [{"group": group.title, **asdict(line)} for group in groups for line in group.lines]
    return json.dumps({"ok": is_well(groups), "findings": findings}, indent=2, ensure_ascii=False)


def render(groups: Sequence[Group], console: Console) -> None:
    """For a person: colours on a terminal, plain text elsewhere."""
    for group in groups:
        console.print(Text(f"\n{group.title}", "bold"))
        for line in group.lines:
            console.print(_told(line))
    console.print(Text(f"\n{_summary(groups)}", "bold"))


def _told(line: Line) -> Text:
    mend = f" → {line.mend}" if line.mend else ""
    return Text.assemble((f"  {line.state:<10}", _COLOURS[line.state]), (line.about, "bold"), f": {line.says}{mend}")


def _summary(groups: Sequence[Group]) -> str:
    counts = Counter(line.state for line in _lines(groups))
    wrong, attention = counts["wrong"], counts["attention"]
    first = "Nothing is wrong" if not wrong else f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong"
    return first + (f"; {attention} {'wants' if attention == 1 else 'want'} attention." if attention else ".")


def _lines(groups: Sequence[Group]) -> Iterator[Line]:
    for group in groups:
        yield from group.lines
