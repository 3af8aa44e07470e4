"""Cuts a growing text into pieces that can be spoken, each as soon as it can stand alone."""

from __future__ import annotations

import re

# An end of sentence: its mark, closing quotes or brackets, then white space. The danda ends one in Indian scripts.
_END = re.compile(r"[.!?…।॥]+[\"')\]”’]*(?=\s)|[।॥]|\n+")
_CLAUSE = re.compile(r"[,;:–—](?=\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|etc|approx|No|Nr|Inc|Ltd|Co|e\.g|i\.e)|\b[A-Z](?:\.[A-Z])*|\b\d+)\.$"
)
_SPACES = re.compile(r"\s+")

LONGEST_PIECE = 240
"""Characters; about 15 s of speech. A sentence beyond it is cut at a clause, so that its first sound need not
wait."""


class SentenceCutter:
    """Feed it text as it comes; it gives back whole sentences. What is left over comes with `flush`."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> list[str]:
        """Sentences that are complete now, trimmed, none empty."""
        self._rest += text
        pieces: list[str] = []
        while (cut := _first_cut(self._rest)) is not None:
            piece, self._rest = self._rest[:cut], self._rest[cut:]
            if said := speakable(piece):
                pieces.append(said)
        return pieces

    def flush(self) -> list[str]:
        """The rest, complete or not."""
        rest, self._rest = self._rest, ""
        pieces = self._feed_last(rest)
        return pieces

    def _feed_last(self, rest: str) -> list[str]:
        pieces = []
        while len(rest) > LONGEST_PIECE:
            cut = _clause_cut(rest)
            pieces.append(speakable(rest[:cut]))
            rest = rest[cut:]
        return [piece for piece in (*pieces, speakable(rest)) if piece]


def cut_text(text: str) -> list[str]:
    """A complete text as speakable pieces."""
    cutter = SentenceCutter()
    return cutter.feed(text) + cutter.flush()


def speakable(text: str) -> str:
    """One line with single spaces; empty if nothing in it can be said aloud."""
    said = _SPACES.sub(" ", text).strip()
    return said if any(c.isalnum() for c in said) else ""


def clause_start(text: str, heard_chars: int) -> int:
    """Where to take `text` up again when `heard_chars` of it were heard: the start of the clause they stopped in."""
    start = 0
    for found in _CLAUSE.finditer(text):
        after = found.end() + 1
        if after > heard_chars:
            break
        start = after
    return start


def _first_cut(text: str) -> int | None:
    for found in _END.finditer(text):
        if not _ABBREVIATION.search(text[: found.end()]):
            return found.end()
    return _clause_cut(text) if len(text) > LONGEST_PIECE else None


def _clause_cut(text: str) -> int:
    """The last clause border within the longest piece, else the last space, else the limit itself."""
    window = text[:LONGEST_PIECE]
    clauses = [found.end() for found in _CLAUSE.finditer(window)]
    if clauses:
        return clauses[-1]
    space = window.rfind(" ")
    return space if space > 0 else LONGEST_PIECE
