"""What a question waits to hear: each wording of each key point as terms with weights, made once for a question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.dialogue.judging.judgement import Question
from app.dialogue.judging.lexicon import OPPOSITES, RIVALS
from app.dialogue.judging.negation import DENIES
from app.dialogue.judging.sounds import Ear
from app.dialogue.judging.synonyms import GROUPS, LONGEST, bare
from app.dialogue.judging.tokens import stems_of
from app.dialogue.wording import SHORT_WORDS, stems, words

Id = str | int
"""A stem, or the number of a group of synonyms."""

_EMPTY = frozenset(
    stems(
        words(
            "a an the i me my we us our you your it its is are am was were be been being do does did has have had will "
            "would can could shall should may might must to of for in on at by with from as and or but if so that this "
            "these those he she him her they them their then than there here also too very just please um uh oh well "
            "about who which what how"
        )
    )
)
_LIGHT = frozenset(stems(tuple(SHORT_WORDS))) | frozenset(
    stems(
        words("use used make made take put call called work works thing way lot people person really always often same")
    )
)
_TELLING = frozenset(stems(words("done again first always often still own nothing else")))
"""Small words that tell enough, in an answer, to be more than light."""
_LIGHT -= _TELLING
_LIGHT_WEIGHT, _ASKED_WEIGHT = 0.44, 0.44
_NEEDED, _NEEDED_OF_POINT = 0.7, 0.65
CONTENT = 0.45
"""A term of at least this weight says something by itself."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a wording, or a phrase that has synonyms. `ids`: whatever stands for it. `opposites`: stems that
    say the contrary in its place. `rivals`: stems of what it
    is told apart from."""

    ids: frozenset[Id]
    weight: float
    stem: str
    opposites: frozenset[str] = frozenset()
    rivals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wording:
    """`terms` in their order. `literal`: small words alone, which count only as they stand. `denies`: it says that
    something is not so. `needed`: the share of its weight that an answer must hold."""

    terms: tuple[Term, ...]
    literal: bool
    denies: bool
    needed: float

    @property
    def total(self) -> float:
        """The weight of all its terms."""
        return sum(term.weight for term in self.terms)


@dataclass(frozen=True, slots=True)
class Point:
    """One key point. `own`: terms that belong to no other key point of the question. `about`: stems of the thing that
    it is about, if the question tells that apart from others; `others`: theirs. `against`: stems that
    turn its sentence round."""

    id: str
    wordings: tuple[Wording, ...]
    own: tuple[Term, ...]
    about: frozenset[str]
    others: frozenset[str]
    against: frozenset[str]


@dataclass(frozen=True, slots=True)
class Expected:
    """All that a question waits for. `asked`: stems of the question, then of its hint, in order."""

    points: tuple[Point, ...]
    asked: tuple[tuple[str, ...], tuple[str, ...]]
    ear: Ear


Source = tuple[str, str, tuple[tuple[str, str, tuple[str, ...]], ...]]


def expected(question: Question) -> Expected:
    """What `question` waits for; the same question is looked at once."""
    points = tuple((point.id, point.point, tuple(point.wordings)) for point in question.key_points)
    return _expected((question.text, question.hint, points))


@lru_cache(maxsize=256)
def _expected(source: Source) -> Expected:
    text, hint, points = source
    asked = frozenset(stems_of(text)) - _EMPTY
    bags = [Counter({stem for wording in wordings for stem in stems_of(wording)}) for _, _, wordings in points]
    spread = sum(bags, Counter[str]())
    rivals = _rivals(frozenset(asked | set(spread)))
    made = tuple(
        Point(
            id_,
            tuple(
                wording
                for one, needed in (*((wording, _NEEDED) for wording in wordings), (point, _NEEDED_OF_POINT))
                for wording in _wordings(stems_of(one), asked, spread, rivals, needed)
            ),
            _own(wordings, asked, spread),
            *_about(stems_of(point), rivals, asked),
            _opposites(stems_of(point)) - frozenset(stems_of(" ".join(wordings))) - asked,
        )
        for id_, point, wordings in points
    )
    heard = {word for _, _, wordings in points for wording in wordings for word in words(wording)}
    return Expected(made, (stems_of(text), stems_of(hint)), Ear(heard))


def _wordings(
    said: tuple[str, ...], asked: frozenset[str], spread: Counter[str], rivals: dict[str, frozenset[str]], needed: float
) -> Iterable[Wording]:
    """A wording by its phrases and, if it has any, by its words as well."""
    whole = _wording(said, asked, spread, rivals, needed, LONGEST + 1)
    apart = _wording(said, asked, spread, rivals, needed, 1)
    yield from (one for one in dict.fromkeys((whole, apart)) if one.terms)


def _wording(
    said: tuple[str, ...],
    asked: frozenset[str],
    spread: Counter[str],
    rivals: dict[str, frozenset[str]],
    needed: float,
    longest: int,
) -> Wording:
    terms = tuple(_terms(said, asked, spread, rivals, longest))
    literal = not any(term.weight >= CONTENT for term in terms)
    if literal:
        terms = tuple(Term(frozenset((stem,)), 1.0, stem) for stem in said)
    return Wording(terms, literal, any(stem in DENIES for stem in said) and not literal, needed)


def _terms(
    said: tuple[str, ...],
    asked: frozenset[str],
    spread: Counter[str],
    rivals: dict[str, frozenset[str]],
    longest: int = LONGEST + 1,
) -> Iterable[Term]:
    """The words of a wording; a phrase of up to `longest` words that has synonyms is one term."""
    place = 0
    ids: frozenset[Id]
    while place < len(said):
        spans = range(min(longest, len(said) - place), 1, -1)
        length = next((n for n in spans if len(one := bare(said[place : place + n])) > 1 and one in GROUPS), 1)
        phrase = bare(said[place : place + length])
        place += length
        stem = phrase[0]
        if len(phrase) > 1:
            ids = frozenset((*GROUPS[phrase], " ".join(phrase)))
            yield Term(ids, _weight(phrase, asked, spread), " ".join(phrase), _opposites(phrase))
        elif stem not in _EMPTY and stem not in DENIES:
            weight = _weight(phrase, asked, spread)
            ids = frozenset((stem, *(GROUPS.get(phrase, ()) if weight >= CONTENT else ())))
            yield Term(ids, weight, stem, _opposites(phrase), rivals.get(stem, frozenset()))


_AGAINST = {
    stem: frozenset(stems_of(" ".join(against))) for word, against in OPPOSITES.items() for stem in stems_of(word)
}


def _opposites(phrase: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(_AGAINST.get(stem, frozenset()) for stem in phrase)) - frozenset(phrase)


def _weight(phrase: tuple[str, ...], asked: frozenset[str], spread: Counter[str]) -> float:
    telling = [stem for stem in phrase if stem not in _LIGHT and stem not in _EMPTY]
    if len(phrase) == 1 and not telling:
        return _LIGHT_WEIGHT
    if all(stem in asked for stem in telling) and telling:
        return _ASKED_WEIGHT
    return 1.0 / math.sqrt(max(1, min((spread[stem] for stem in telling or phrase), default=1)))


def _own(wordings: Sequence[str], asked: frozenset[str], spread: Counter[str]) -> tuple[Term, ...]:
    found: dict[str, Term] = {}
    for wording in wordings:
        for term in _terms(stems_of(wording), asked, spread, {}):
            if term.weight >= 1.0:
                found[term.stem] = term
    return tuple(found.values())


def _about(
    point: tuple[str, ...], rivals: dict[str, frozenset[str]], asked: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """What the point's sentence is about, and what it is not about, of things that the question tells apart."""
    named = [stem for stem in point if stem in rivals and stem in asked and rivals[stem] & asked]
    others = frozenset(stem for name in named[:1] for stem in rivals[name]) - frozenset(point)
    family = rivals[min(others & asked)] - others if others & asked else frozenset[str]()
    return (family | frozenset(named), others) if named and others & asked else (frozenset(), frozenset())


def _rivals(known: frozenset[str]) -> dict[str, frozenset[str]]:
    """For each word of the question or its wordings, the others there that it is told apart from."""
    found: dict[str, frozenset[str]] = {}
    for line in RIVALS:
        kinds = [frozenset(stems_of(" ".join(names))) for names in line]
        if sum(bool(kind & known) for kind in kinds) > 1:
            everything = frozenset[str]().union(*(kind for kind in kinds if kind & known))
            for kind in kinds:
                for stem in kind:
                    found[stem] = found.get(stem, frozenset()) | (everything - kind)
    return found
