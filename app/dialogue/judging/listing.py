"""Mere lists of key words: whoever recites them has said nothing about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.dialogue.judging.lexicon import GLUE
from app.dialogue.judging.tokens import Token

_SHORTEST = 8
"""Words; a terse answer is no list."""
_SHORTEST_BESIDE = 3
"""Words, for those who also tell the judge what to think of them."""
_SHARE = 0.06
"""A list has no more than this share of the words that sentences are made of."""
_WIDTH = 24
"""Long sentences are looked at in pieces of so many words."""


def listed(said: Sequence[Token], commanded: bool = False) -> frozenset[int]:
    """The places of words in runs of sentences without the words that sentences are made of. `commanded`: something
    was said to the judge, too; then few words are enough to be such a run."""
    shortest = _SHORTEST_BESIDE if commanded else _SHORTEST
    found: set[int] = set()
    run: list[int] = []
    for piece in _pieces(said):
        scrap = commanded and len(piece) < _SHORTEST_BESIDE
        if scrap or sum(said[place].word in GLUE for place in piece) <= _SHARE * len(piece):
            run += piece
            if scrap or len(run) >= shortest:
                found.update(run)
        else:
            run = []
    return frozenset(found)


def _pieces(said: Sequence[Token]) -> Iterator[range]:
    begin = 0
    for place in range(1, len(said) + 1):
        if place == len(said) or said[place].sentence != said[begin].sentence:
            count = max(1, (place - begin) // _WIDTH)
            for piece in range(count):
                stop = place if piece == count - 1 else begin + (piece + 1) * _WIDTH
                yield range(begin + piece * _WIDTH, stop)
            begin = place
