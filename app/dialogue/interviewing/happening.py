"""What can happen to an interview. Time and numbers come from outside; nothing here reads a clock."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.dialogue.judging.judgement import Judgement


@dataclass(frozen=True, slots=True)
class Start:
    """The line is open, and the candidate hears what is said from now on."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words as the recogniser gave them, or as they were typed. `segment`: the transcript's id of them. `confidence`:
    0 to 1 where known."""

    text: str
    segment: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class UserTurn:
    """What the candidate did in one turn: words (mostly one segment's), or keys (`digits` of `0-9*#`). `at`: when, in
    whatever way the shell tells the time; it is kept beside the words. `written`: the words were typed, not said."""

    words: tuple[Words, ...] = ()
    digits: str = ""
    at: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Timeout:
    """Nobody said anything for as long as was expected."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The judge's word on what request `request` asked."""

    request: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """The line is gone. `words`: what was half said then."""

    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Resumed:
    """The candidate is back, after the line or the process was gone."""


Happening = Start | UserTurn | Timeout | Judged | BrokenOff | Resumed


def turn(
    text: str = "", confidence: float | None = None, segment: str = "", digits: str = "", at: str = ""
) -> UserTurn:
    """A turn of one segment, or of keys."""
    return UserTurn((Words(text, segment, confidence),) if text or not digits else (), digits, at)


def cleaned(words: tuple[Words, ...], most: int) -> tuple[Words, ...]:
    """The same, fit to be kept anywhere, letter for letter in its place: halves of characters and the sign nought
    stand for nothing and become a mark and a space. At most `most` characters in all; a confidence that is none is
    unknown; segments without a word are left out."""
    kept: list[Words] = []
    for part in words:
        text = part.text[: max(most, 0)].encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
        most -= len(text)
        if text.strip():
            kept.append(Words(text, part.segment, _confidence(part.confidence)))
    return tuple(kept)


def _confidence(given: float | None) -> float | None:
    return min(max(float(given), 0.0), 1.0) if given is not None and math.isfinite(given) else None
