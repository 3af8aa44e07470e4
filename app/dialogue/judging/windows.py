"""An answer cut into what is looked at by itself: clauses, sentences, and pairs of sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.dialogue.judging.tokens import Token
from app.dialogue.wording import words

MOST = 400
"""Words of an answer that are looked at: some three minutes of speech. A network takes tenths of a second for them."""
_JOINING = frozenset(words("and but so because also then plus or which when while"))
_SHORTEST_CLAUSE = 3
_LONG, _LONGEST = 30, 60
"""Words after which a sentence without end is cut at a joining word, and anywhere."""

Window = tuple[int, ...]
"""Places of words, in order."""


def windows(
    said: Sequence[Token], free: Sequence[int]
) -> tuple[tuple[Window, ...], tuple[Window, ...], tuple[Window, ...]]:
    """Clauses, sentences, and pairs of sentences; the first two are runs without a gap. `free`: the places of words
    that count."""
    sentences = tuple(_sentences(said, free[:MOST]))
    clauses = (clause for sentence in sentences for clause in _clauses(said, sentence) if len(clause) < len(sentence))
    pairs = (one + other for one, other in pairwise(sentences))
    return tuple(clause for clause in clauses if len(clause) >= _SHORTEST_CLAUSE), sentences, tuple(pairs)


def text_of(said: Sequence[Token], window: Window) -> str:
    """Its words, without case and punctuation: those of a recogniser and those of a keyboard are the same."""
    return " ".join(said[place].word for place in window)


def _sentences(said: Sequence[Token], free: Sequence[int]) -> Iterator[Window]:
    run: list[int] = []
    for place in free:
        if run and _ends(said, run, place):
            yield tuple(run)
            run = []
        run.append(place)
    if run:
        yield tuple(run)


def _ends(said: Sequence[Token], run: list[int], place: int) -> bool:
    if place != run[-1] + 1 or said[place].sentence != said[run[-1]].sentence or len(run) >= _LONGEST:
        return True
    return len(run) >= _LONG and said[place].word in _JOINING


def _clauses(said: Sequence[Token], sentence: Window) -> Iterator[Window]:
    clause: list[int] = []
    for place in sentence:
        joins = clause and (said[place].clause != said[clause[-1]].clause or said[place].word in _JOINING)
        if joins and len(clause) >= _SHORTEST_CLAUSE:
            yield tuple(clause)
            clause = []
        clause.append(place)
    if clause:
        yield tuple(clause)
