"""Which things a question tells apart, and which of them a key point is about: of let, of var, or of both."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.dialogue.judging.lexicon import RIVALS
from app.dialogue.judging.tokens import stems_of
from app.dialogue.judging.weights import EMPTY, LIGHT
from app.dialogue.wording import stems, words

Stems = frozenset[str]
Subject = tuple[Stems, Stems]
"""What a key point is about, and of what it is told apart."""

_COMPARES = re.compile(r"differ|distinguish|versus|contrast|[Ww]hat (?:do|are|is|does) .+ and .+ (?:tell|mean|stand)")
"""Questions that ask to tell things apart."""
_HEAD = 3
"""Words at the beginning of a key point's sentence that may name what it is about."""
_COUNTED = frozenset(stems(words("one two three four five")))
_NOTHING: Subject = (frozenset(), frozenset())


def subjects_of(
    text: str, sentences: Sequence[tuple[str, ...]], rivals: dict[str, Stems], asked: Stems
) -> list[Subject]:
    """For the sentence of each key point what it is about: by the list of what is often told apart or, if the question
    compares other things, by what the sentences begin with."""
    if any(rivals.get(stem, frozenset()) & asked for stem in asked):
        return [_of_rivals(sentence, rivals, asked) for sentence in sentences]
    if not _COMPARES.search(text):
        every = rivals_of(asked.union(*map(frozenset, sentences)), whole=True)
        return [_of_first(sentence, sentences, every, asked) for sentence in sentences]
    known = asked - LIGHT - EMPTY | (asked & _COUNTED)
    heads = [frozenset(sentence[:_HEAD]) & known for sentence in sentences]
    named = [head for head in heads if head]
    common = Stems.intersection(*named) if named else Stems()
    heads = [head - common for head in heads]
    return [_of_heads(head, heads) for head in heads]


def _of_rivals(sentence: tuple[str, ...], rivals: dict[str, Stems], asked: Stems) -> Subject:
    named = [stem for stem in sentence if stem in rivals and stem in asked and rivals[stem] & asked]
    others = frozenset(stem for name in named[:1] for stem in rivals[name]) - frozenset(sentence)
    if not named or not others & asked:
        return _NOTHING
    return (rivals[min(others & asked)] - others) | frozenset(named), others


def _of_first(
    sentence: tuple[str, ...], sentences: Sequence[tuple[str, ...]], rivals: dict[str, Stems], asked: Stems
) -> Subject:
    """What a sentence begins with, if that is often told apart from things that are not in question here."""
    named = frozenset(sentence[:_HEAD]) & rivals.keys() - EMPTY - LIGHT
    everything = asked.union(*map(frozenset, sentences))
    others = Stems().union(*(rivals[name] for name in named)) - everything - EMPTY - LIGHT
    return (named, others) if named and others else _NOTHING


def _of_heads(own: Stems, heads: Sequence[Stems]) -> Subject:
    others = Stems().union(*(head for head in heads if head and not head & own)) - own
    return (own, others) if own and others else _NOTHING


def rivals_of(known: Stems, whole: bool = False) -> dict[str, Stems]:
    """For each word of the question or its wordings, the others there that it is told apart from; `whole`: the others
    that are nowhere there, too."""
    found: dict[str, Stems] = {}
    for line in RIVALS:
        kinds = [frozenset(stems_of(" ".join(names))) for names in line]
        if sum(bool(kind & known) for kind in kinds) > 1 - whole:
            everything = Stems().union(*(kind for kind in kinds if whole or kind & known))
            for kind in kinds:
                for stem in kind:
                    found[stem] = found.get(stem, frozenset()) | (everything - kind)
    return found
