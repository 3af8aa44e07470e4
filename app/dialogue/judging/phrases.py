"""Phrases that have synonyms, as they are said: with pronouns and fillers between their words, and verbs apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.dialogue.judging.synonyms import (
    FILLERS,
    GROUPS,
    LONGEST,
    PARTED,
    PARTED_STARTS,
    PREFIXES,
    PRONOUNS,
    Phrase,
)
from app.dialogue.judging.tokens import Token

_BETWEEN = 4
"""Pronouns and fillers that a phrase may be said with."""
_APART = range(3, 6)
"""Words of a verb and its particle with what stands between: "turns the text into"."""


def phrases_at(said: Sequence[Token], place: int) -> Iterator[tuple[Phrase, int]]:
    """Each known phrase that begins at `place`, and how many words of the answer it takes."""
    phrase: Phrase = ()
    first = said[place]
    parts = first.stem in PARTED_STARTS
    for end in range(place, min(place + LONGEST + _BETWEEN, len(said))):
        stem = said[end].stem
        if said[end].sentence != first.sentence:
            return
        if end > place and (stem in PRONOUNS or (stem in FILLERS and (*phrase, stem) not in PREFIXES)):
            continue
        phrase = (*phrase, stem)
        if phrase in PREFIXES:
            if phrase in GROUPS:
                yield phrase, end - place + 1
        elif not parts:
            return
        parted = (first.stem, stem)
        if parts and len(phrase) in _APART and parted in PARTED:
            yield parted, end - place + 1
