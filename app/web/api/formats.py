"""A transcript as plain text, WebVTT and CSV; whatever was said, none of them can be broken by it.

Text and subtitles hold what was heard, as the call was; CSV holds both columns.
"""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable
from typing import Protocol

COLUMNS = ("seq", "turn", "role", "text", "heard_text", "started_ms", "ended_ms", "interrupted", "kind", "confidence")

_SPEAKERS = {"agent": "Agent", "caller": "Caller", "system": "System"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Line(Protocol):
    """A line of a transcript; times in ms."""

    seq: int
    turn: int
    role: str
    text: str
    heard_text: str
    started_ms: int
    ended_ms: int
    interrupted: bool
    kind: str
    confidence: float | None


def heard(line: Line) -> str:
    """What of a line reached an ear, on one line: the agent's as far as it was heard, the others' whole."""
    return _one_line(line.heard_text if line.role == "agent" else line.text)


def as_text(lines: Iterable[Line]) -> str:
    """One line each: when, who, what was heard, and in brackets what was not."""
    return "".join(f"[{clock(line.started_ms)}] {_speaker(line)}: {_told(line)}\n" for line in lines)


def as_vtt(lines: Iterable[Line]) -> str:
    """Subtitles for the recording: one cue for each line of which anything was heard, in order of time."""
    cues = ["WEBVTT\n"]
    for line in sorted(lines, key=lambda line: line.started_ms):
        words = heard(line)
        if not words:
            continue
        start_ms = max(0, line.started_ms)
        end_ms = max(line.ended_ms, start_ms + 1)  # a cue must end after it begins
        # escaping > also takes the arrow out of the text, which would be read as another cue's times
        said = html.escape(words, quote=False)
        cues.append(f"\n{clock(start_ms)} --> {clock(end_ms)}\n<v {_speaker(line)}>{said}</v>\n")
    return "".join(cues)


def as_csv(lines: Iterable[Line]) -> str:
    """RFC 4180 with a header; cells that a spreadsheet would take for a formula begin with an apostrophe."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for line in lines:
        rows.writerow([cell(getattr(line, column)) for column in COLUMNS])
    return out.getvalue()


def clock(at_ms: int) -> str:
    """Milliseconds as `hh:mm:ss.mmm`."""
    seconds, ms = divmod(max(0, at_ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"


def cell(value: object) -> object:
    """A value as a CSV file may hold it: what a spreadsheet would take for a formula begins with an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _speaker(line: Line) -> str:
    return _SPEAKERS.get(line.role, "System")


def _told(line: Line) -> str:
    ear, whole = heard(line), _one_line(line.text)
    if ear == whole:
        return f"{ear} [interrupted]" if line.interrupted else ear
    rest = whole.removeprefix(ear).strip()
    note = f"[{'interrupted; ' if line.interrupted else ''}not heard: {rest}]"
    return f"{ear} {note}".strip()


def _one_line(text: str) -> str:
    """`text` without line breaks and other control characters, spaces single."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
