"""The call is shown as it goes, and nothing that was said can dress itself up."""

from __future__ import annotations

import io

from rich.console import Console

from app.phone.log import Log
from app.phone.screen import Screen
from app.phone.transcript import Line


def screen() -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen(Console(file=out, width=100, highlight=False)), out


def test_a_call_is_told_line_by_line() -> None:
    shown, out = screen()
    log = Log(shown.show)
    log.add(0.0, "dialled")
    log.add(0.1, "started", "MZ1")
    log.add(0.5, "agent_started")
    log.add(0.6, "mark", "m-1")
    log.add(2.0, "agent_stopped")
    log.add(2.5, "caller_started", "[red]hello[/red]\x1b[2J")
    log.add(3.0, "clear")
    log.add(3.1, "digit", "#")
    log.add(9.0, "told", "all lines are busy")
    log.add(9.5, "ended", "agent_hung_up")
    assert out.getvalue().splitlines() == [
        "   0.00 s  line    rings",
        "   0.10 s  line    is open",
        "   0.50 s  agent   speaks …",
        "   2.00 s  agent   is quiet, having spoken for 1.5 s",
        "   2.50 s  caller  “[red]hello[/red] [2J”",
        "   3.00 s  agent   stops in mid-sentence",
        "   3.10 s  caller  presses #",
        "   9.00 s  carrier “all lines are busy”",
        "   9.50 s  line    ended: agent hung up",
    ]


def test_unheard_words_are_shown_struck_through() -> None:
    coloured = io.StringIO()
    shown = Screen(Console(file=coloured, width=100, force_terminal=True, highlight=False))
    shown.transcript([Line("agent", "Hello there.", "Hello", 0.5, True), Line("caller", "Hi", "Hi", 1.0, False)])
    lines = coloured.getvalue().splitlines()
    assert "Hello\x1b[2;9m there.\x1b[0m" in lines[2], "dim and struck through"
    assert "(interrupted)" in lines[2]
    assert "Hi" in lines[3]


def test_a_summary_is_a_table() -> None:
    shown, out = screen()
    shown.summary([("wire faults", "none"), ("audio gaps", "0 [b]")])
    assert "wire faults  none" in out.getvalue()
    assert "0 [b]" in out.getvalue()
