"""Finds in an answer what a question waits for: where, how well, and whether it is said or denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.dialogue.judging.negation import denied, has_denial
from app.dialogue.judging.patterns import CONTENT, Expected, Id, Point, Term, Wording
from app.dialogue.judging.synonyms import GROUPS, LONGEST, STARTS
from app.dialogue.judging.tokens import Token, stems_of
from app.dialogue.wording import SHORT_WORDS

_GIST, _GIST_WIDTH = 3, 16
"""So many telling words of a key point within so many words are taken for it, in whatever wording."""
_MOST_TRIED = 40
"""Places at which one wording is looked at before it is given up."""
_LIST_WIDTH, _LIST_SHARE = 6, 0.1
"""A list is where, as far to each side, fewer words than this share are the small ones that sentences are made of."""
_SUBJECT_REACH = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at `place`, of `length` words."""

    place: int
    length: int
    term: int


@dataclass(frozen=True, slots=True)
class Found:
    """A key point in an answer: words from `begin` to `last` (included). `reason`: how it was found, or why it does
    not count; `good`: whether it counts. `weight`: how much of it was there, to choose the best by."""

    begin: int
    last: int
    reason: str
    good: bool
    weight: float


class Hearing:
    """One answer, looked at for one question. `passed`: places of words that do not count."""

    def __init__(self, said: Sequence[Token], passed: Mapping[int, str], expected: Expected) -> None:
        self._said = said
        self._places: dict[Id, list[tuple[int, int]]] = {}
        heard = expected.ear.find([token.word for token in said])
        stems = tuple(token.stem for token in said)
        for place, stem in enumerate(stems):
            if place not in passed:
                self._add(stem, place, 1)
                if stem in STARTS:
                    self._phrases(stems, place)
                for word, length in heard.get(place, ()):
                    self._meant(word, place, length)

    def _add(self, id_: Id, place: int, length: int) -> None:
        self._places.setdefault(id_, []).append((place, length))

    def _phrases(self, stems: tuple[str, ...], place: int) -> None:
        for length in range(1, LONGEST + 1):
            phrase = stems[place : place + length]
            if len(phrase) < length:
                return
            for group in GROUPS.get(phrase, ()):
                self._add(group, place, length)
            if length > 1 and phrase in GROUPS:
                self._add(" ".join(phrase), place, length)

    def _meant(self, word: str, place: int, length: int) -> None:
        """What was misheard counts as the word itself and its synonyms."""
        for stem in stems_of(word):
            self._add(stem, place, length)
            for group in GROUPS.get((stem,), ()):
                self._add(group, place, length)

    def find(self, point: Point) -> Found | None:
        """The best evidence for `point`; what denies it, if there is nothing else; None if it is not there at all."""
        best: Found | None = None
        for wording in point.wordings:
            for found in self._wording(wording):
                if best is None or (found.good, found.weight) > (best.good, best.weight):
                    best = found
        if best is None or not best.good:
            best = self._gist(point) or best
        return best

    def listed(self, found: Found) -> bool:
        """Whether it stands in a mere list of words."""
        begin, last = max(0, found.begin - _LIST_WIDTH), found.last + _LIST_WIDTH
        sentence = self._said[found.begin].sentence
        near = [token for token in self._said[begin : last + 1] if token.sentence == sentence]
        small = sum(token.word in SHORT_WORDS and token.word not in ("and", "or", "like") for token in near)
        return len(near) >= 2 * _LIST_WIDTH - 2 and small <= _LIST_SHARE * len(near)

    def _hits(self, terms: Sequence[Term]) -> list[Hit]:
        found = {
            (place, length, number): None
            for number, term in enumerate(terms)
            for id_ in term.ids
            for place, length in self._places.get(id_, ())
        }
        return [Hit(*one) for one in sorted(found)]

    def _wording(self, wording: Wording) -> Iterator[Found]:
        terms = wording.terms
        width = len(terms) + 1 if wording.literal else 2 * len(terms) + 6
        telling = sum(term.weight >= CONTENT for term in terms)
        tried = 0
        for window in self._windows(self._hits(terms), width):
            has = {hit.term for hit in window}
            weight = sum(terms[number].weight for number in has)
            enough = len(has) == len(terms) if wording.literal else weight >= wording.needed * wording.total
            if not enough or sum(terms[number].weight >= CONTENT for number in has) < min(telling, 2):
                continue
            if wording.literal and [hit.term for hit in window] != sorted(has):
                continue
            tried += 1
            if tried > _MOST_TRIED:
                return
            if _distinct(window) >= min(2, telling):
                yield self._checked(wording, window, weight)

    def _windows(self, hits: list[Hit], width: int) -> Iterator[list[Hit]]:
        """For each hit the latest of each term's hits up to it, all in one sentence and within `width` words."""
        latest: dict[int, Hit] = {}
        for hit in hits:
            latest[hit.term] = hit
            sentence = self._said[hit.place].sentence
            yield sorted(
                (
                    one
                    for one in latest.values()
                    if hit.place - one.place < width and self._said[one.place].sentence == sentence
                ),
                key=lambda one: (one.place, one.term),
            )

    def _checked(self, wording: Wording, window: list[Hit], weight: float) -> Found:
        begin, last = window[0].place, max(hit.place + hit.length - 1 for hit in window)
        telling = [hit for hit in window if wording.terms[hit.term].weight >= CONTENT]
        if wording.denies:
            phrased = any(hit.length > 1 for hit in telling)
            if not phrased and not has_denial(self._said, begin, last):
                return Found(begin, last, "not-denied", False, weight)
        elif any(denied(self._said, hit.place, last) for hit in telling or window):
            return Found(begin, last, "denied", False, weight)
        if self._swapped(wording, window):
            return Found(begin, last, "swapped", False, weight)
        return Found(begin, last, "said", True, weight)

    def _swapped(self, wording: Wording, window: list[Hit]) -> bool:
        """Whether it is said of something else: of var, what is expected of let."""
        last = window[-1].place
        own = {term.stem for term in wording.terms}
        for term in wording.terms:
            rivals = term.rivals - own
            if not rivals:
                continue
            for token in reversed(self._said[max(0, last - _SUBJECT_REACH) : last + 1]):
                if token.sentence != self._said[last].sentence or token.stem == term.stem:
                    break
                if token.stem in rivals:
                    return True
        return False

    def _gist(self, point: Point) -> Found | None:
        best: Found | None = None
        for window in self._windows(self._hits(point.own), _GIST_WIDTH):
            count = _distinct(window)
            if count < _GIST or (best and count <= best.weight):
                continue
            begin, last = window[0].place, max(hit.place + hit.length - 1 for hit in window)
            if not any(denied(self._said, hit.place, last) for hit in window):
                best = Found(begin, last, "gist", True, float(count))
        return best


def _distinct(window: list[Hit]) -> int:
    """How many terms were said, each with a word of its own."""
    return min(len({hit.term for hit in window}), len({hit.place for hit in window}))
