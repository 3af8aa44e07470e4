"""Cuts a growing text into pieces that can be spoken, each as soon as it can stand alone.

The pieces are whole sentences, with two exceptions. The first clause of an utterance need not wait for its sentence:
it is what the caller waits for. And a sentence too long to wait for is cut at clauses. Nothing is lost between the
pieces but white space, and what no voice could say (marks alone) at the very end or for more than `LONGEST_PIECE`.
"""

from __future__ import annotations

import re
import unicodedata

from app.call.sentence_ends import LATER, sentence_end

_CLAUSE = re.compile(r"[,;:–—](?=\s)")
_SPACES = re.compile(r"\s+")
_SEEN = re.compile(r"\S")
_PAIRS = ("()", "[]", "“”", "«»", "„“")
_NEXT = re.compile(r"\s*(\S?)")

LONGEST_PIECE = 240
"""Characters; about 15 s of speech. A sentence beyond it is cut at a clause, so that its first sound need not
wait."""
FIRST_CHARS = 16
FIRST_WORDS = 3
"""What the first clause must hold to stand alone: about a second of speech, in which the rest of the sentence is
written and its speech begun. Fewer words behind the last border are an item of a list, or a word of address."""


class SentenceCutter:
    """Feed it an utterance's text as it comes; it gives back what can be spoken. What is left over comes with
    `flush`."""

    __slots__ = ("_first", "_rest")

    def __init__(self) -> None:
        self._rest = ""
        self._first = True

    def feed(self, text: str) -> list[str]:
        """Pieces that are complete now, trimmed, none empty."""
        return self._cut(text, last=False)

    def flush(self) -> list[str]:
        """The rest, complete or not. What is fed from then on is another utterance."""
        pieces = self._cut("", last=True)
        self._rest, self._first = "", True
        return pieces

    def _cut(self, text: str, *, last: bool) -> list[str]:
        text = self._rest + text
        pieces: list[str] = []
        start = _visible(text, 0)
        while (end := self._next_cut(text, start, last=last)) is not None:
            if said := speakable(text[start:end]):
                pieces.append(said)
                self._first = False
            start = _visible(text, end)
        self._rest = text[start:]
        return pieces

    def _next_cut(self, text: str, start: int, *, last: bool) -> int | None:
        """Looks no farther than the longest piece, so that the work grows with the text and not with its square."""
        end = sentence_end(text, start, start + LONGEST_PIECE, last=last)
        if end is not None:
            return None if end == LATER else end
        if self._first and (clause := _first_clause(text, start, start + LONGEST_PIECE)):
            return clause
        if len(text) - start > LONGEST_PIECE:
            return _clause_cut(text, start)
        return len(text) if last and start < len(text) else None


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


def _visible(text: str, start: int) -> int:
    found = _SEEN.search(text, start)
    return found.start() if found else len(text)


def _first_clause(text: str, start: int, limit: int) -> int | None:
    """The end of the first clause that can stand alone."""
    behind = start
    for found in _CLAUSE.finditer(text, start, limit):
        end = found.end()
        words = sum(any(c.isalnum() for c in word) for word in text[behind:end].split())
        behind = end
        if words >= FIRST_WORDS and end - start >= FIRST_CHARS and _is_border(text, start, found):
            return end
    return None


def _is_border(text: str, start: int, found: re.Match[str]) -> bool:
    """Not inside a number ("9 – 17"), behind an abbreviation ("e.g., milk"), or in the midst of quotes or brackets."""
    before = text[start : found.start()]
    follows = _NEXT.match(text, found.end())
    after = follows.group(1) if follows else ""
    if before.rstrip()[-1:].isdigit() and (not after or after.isdigit()):
        return False
    if before.endswith("."):
        return False
    unclosed = any(before.count(pair[0]) > before.count(pair[1]) for pair in _PAIRS)
    return not unclosed and before.count('"') % 2 == 0


def _clause_cut(text: str, start: int) -> int:
    """The last clause border within the longest piece, else the last space, else the limit itself."""
    limit = start + LONGEST_PIECE
    clauses = [found.end() for found in _CLAUSE.finditer(text, start, limit)]
    if clauses:
        return clauses[-1]
    space = text.rfind(" ", start + 1, limit)
    if space > 0:
        return space
    while limit > start + LONGEST_PIECE // 2 and _joins(text[limit : limit + 1]):
        limit -= 1
    return limit


def _joins(char: str) -> bool:
    """Does it belong to the letter before it? (Vowel signs, accents, joiners.)"""
    return unicodedata.category(char)[0] == "M" or char == "\u200d" if char else False
