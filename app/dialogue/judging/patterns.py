"""What a question waits to hear: each wording of each key point as terms with weights, made once for a question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.dialogue.judging.judgement import Question
from app.dialogue.judging.lexicon import COMMON, OPPOSITES
from app.dialogue.judging.negation import DENIES
from app.dialogue.judging.sounds import Ear
from app.dialogue.judging.synonyms import LONGEST, bare, groups_of
from app.dialogue.judging.things import rivals_of, subjects_of
from app.dialogue.judging.tokens import stems_of
from app.dialogue.judging.weights import (
    ASKED_WEIGHT,
    COMMON_WEIGHT,
    CONTENT,
    EMPTY,
    GENERIC,
    GENERIC_WEIGHT,
    LIGHT,
    LIGHT_WEIGHT,
    RARE_WEIGHT,
)
from app.dialogue.wording import stems, words

Id = str | int
"""A stem, or the number of a group of synonyms."""

_NEEDED, _NEEDED_OF_POINT, _NEEDED_FREE = 0.7, 0.65, 0.58
_FREE = 8
"""With more wordings than that, a key point is not looked for in every distant manner of speaking: they are there."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a wording, or a phrase that has synonyms. `ids`: whatever stands for it. `opposites`: stems that
    say the contrary in its place. `rivals`: stems of what it
    is told apart from. `free`: one uncommon word that stands for it proves it."""

    ids: frozenset[Id]
    weight: float
    stem: str
    opposites: frozenset[str] = frozenset()
    rivals: frozenset[str] = frozenset()
    free: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """`terms` in their order. `literal`: small words alone, which count only as they stand. `denies`: it says that
    something is not so. `needed`: the share of its weight that an answer must hold. `beside`: stems of the small words
    that must bear out its one telling word, if that is an everyday one: "it runs anyway" is not any "run"."""

    terms: tuple[Term, ...]
    literal: bool
    denies: bool
    needed: float
    beside: frozenset[str] = frozenset()

    @property
    def says_no(self) -> bool:
        """Whether a denial is among its words as they stand: "not with me"."""
        return self.literal and any(term.stem in DENIES for term in self.terms)

    @property
    def total(self) -> float:
        """The weight of all its terms."""
        return sum(term.weight for term in self.terms)


@dataclass(frozen=True, slots=True)
class Point:
    """One key point. `own`: terms that belong to no other key point of the question. `about`: stems of the thing that
    it is about, if the question tells that apart from others; `others`: theirs. `against`: stems that
    turn its sentence round. `gist`: so many words of `own` near each other are enough for it."""

    id: str
    wordings: tuple[Wording, ...]
    own: tuple[Term, ...]
    about: frozenset[str]
    others: frozenset[str]
    against: frozenset[str]
    gist: int = 3


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
    asked = frozenset(stems_of(text)) - EMPTY
    bags = [Counter({stem for wording in wordings for stem in stems_of(wording)}) for _, _, wordings in points]
    spread = sum(bags, Counter[str]())
    rivals = rivals_of(frozenset(asked | set(spread)))
    subjects = subjects_of(text, [stems_of(point) for _, point, _ in points], rivals, asked)
    readings = [_Reading(asked, spread, rivals, len(wordings) <= _FREE) for _, _, wordings in points]
    made = tuple(
        Point(
            id_,
            tuple(reading.all(wordings, point)),
            reading.own(wordings),
            *subject,
            _opposites(tuple(stem for stem in stems_of(point) if stem not in _ONCE or "per" not in stems_of(point)))
            - frozenset(stems_of(" ".join(wordings)))
            - asked,
            3 if reading.free else 4,
        )
        for (id_, point, wordings), reading, subject in zip(points, readings, subjects, strict=True)
    )
    heard = {word for _, _, wordings in points for wording in wordings for word in words(wording)}
    return Expected(made, (stems_of(text), stems_of(hint)), Ear(heard, words(text)))


@dataclass(frozen=True)
class _Reading:
    """How the wordings of one key point are read. `asked`: stems of the question; `spread`: in how many key points a
    stem is; `free`: distant synonyms count."""

    asked: frozenset[str]
    spread: Counter[str]
    rivals: dict[str, frozenset[str]]
    free: bool

    def all(self, wordings: Sequence[str], point: str) -> Iterable[Wording]:
        """Each wording, and the point's own sentence, by its phrases and, if it has any, by its words as well."""
        share = _NEEDED_FREE if self.free else _NEEDED
        for one, needed in (*((wording, share) for wording in wordings), (point, _NEEDED_OF_POINT)):
            said = stems_of(one)
            both = (self._wording(said, needed, LONGEST + 1), self._wording(said, needed, 1))
            yield from (wording for wording in dict.fromkeys(both) if wording.terms)

    def own(self, wordings: Sequence[str]) -> tuple[Term, ...]:
        """The terms of these wordings that are in no other key point."""
        found: dict[str, Term] = {}
        for wording in wordings:
            for term in self._terms(stems_of(wording), LONGEST + 1):
                if term.weight >= 1.0 or term.weight == COMMON_WEIGHT:
                    found[term.stem] = term
        return tuple(found.values())

    def _wording(self, said: tuple[str, ...], needed: float, longest: int) -> Wording:
        terms = tuple(self._terms(said, longest))
        literal = not any(term.weight >= CONTENT for term in terms)
        if literal:
            terms = tuple(Term(frozenset((stem,)), 1.0, stem) for stem in said)
        within = " ".join(term.stem for term in terms if " " in term.stem).split()
        denies = Counter(stem for stem in said if stem in DENIES) - Counter(within)
        return Wording(terms, literal, bool(denies) and not literal, needed, _beside(said, terms))

    def _terms(self, said: tuple[str, ...], longest: int) -> Iterable[Term]:
        """The words of a wording; a phrase of up to `longest` words that has synonyms is one term."""
        place = 0
        ids: frozenset[Id]
        while place < len(said):
            spans = range(min(longest, len(said) - place), 1, -1)
            parts = ((n, bare(said[place : place + n])) for n in spans)
            length = next((n for n, one in parts if len(one) > 1 and groups_of(one, self.free)), 1)
            phrase = bare(said[place : place + length])
            place += length
            stem, weight = phrase[0], self._weight(phrase)
            if len(phrase) > 1:
                ids = frozenset((*groups_of(phrase, self.free), " ".join(phrase)))
                yield Term(ids, weight, " ".join(phrase), _opposites(phrase), free=self.free)
            elif stem not in EMPTY and stem not in DENIES:
                ids = frozenset((stem, *(groups_of(phrase, self.free) if weight >= CONTENT else ())))
                against = frozenset[str]() if stem in _ONCE and "per" in said else _opposites(phrase)
                yield Term(ids, weight, stem, against, self.rivals.get(stem, frozenset()), self.free)

    def _weight(self, phrase: tuple[str, ...]) -> float:
        telling = [stem for stem in phrase if stem not in LIGHT and stem not in EMPTY]
        if len(phrase) == 1 and not telling:
            return LIGHT_WEIGHT
        if all(stem in self.asked for stem in telling) and telling:
            return ASKED_WEIGHT
        if self.free and len(phrase) == 1 and phrase[0] in GENERIC:
            return GENERIC_WEIGHT
        rare = 1.0
        if self.free and len(phrase) == 1:
            rare = COMMON_WEIGHT if phrase[0] in _EVERYDAY else RARE_WEIGHT
        return rare / math.sqrt(max(1, min((self.spread[stem] for stem in telling or phrase), default=1)))


_ANYWHERE = frozenset(
    stems(words("a an the i me my we us our you your it its is are am was be been he she him her they them to that do"))
)
_ONCE = frozenset(stems(words("once one")))
"""What every turns round, but not in "once per second"."""
_EVERYDAY = frozenset(stems(tuple(COMMON)))


def _beside(said: tuple[str, ...], terms: tuple[Term, ...]) -> frozenset[str]:
    telling = [term.stem for term in terms if term.weight >= CONTENT]
    if len(telling) != 1 or telling[0] not in _EVERYDAY:
        return frozenset()
    return frozenset(said) - {telling[0]} - _ANYWHERE - DENIES


_AGAINST = {
    stem: frozenset(stems_of(" ".join(against))) for word, against in OPPOSITES.items() for stem in stems_of(word)
}


def _opposites(phrase: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(_AGAINST.get(stem, frozenset()) for stem in phrase)) - frozenset(phrase)
