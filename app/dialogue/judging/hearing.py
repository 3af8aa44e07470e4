"""Finds in an answer what a question waits for: where, how well, and whether it is said or denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.dialogue.judging.negation import CONTRASTS, denied, has_denial
from app.dialogue.judging.patterns import CONTENT, Expected, Id, Point, Term, Wording
from app.dialogue.judging.synonyms import CLOSE, GROUPS, LONGEST, PARTED, PARTED_STARTS, PREFIXES, PRONOUNS, STARTS
from app.dialogue.judging.tokens import Token, stems_of
from app.dialogue.wording import SHORT_WORDS

_GIST, _GIST_WIDTH = 3, 16
"""So many telling words of a key point within so many words are taken for it, in whatever wording."""
_MOST_TRIED = 40
"""Places at which one wording is looked at before it is given up."""
_LIST_WIDTH, _LIST_SHARE = 6, 0.1
"""A list is where, as far to each side, fewer words than this share are the small ones that sentences are made of."""
_NEAR = 8
"""Words from a synonym within which something else must speak for the same key point."""
_SUBJECT_REACH = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at `place`, of `length` words. `direct`: by itself, or by a phrase; not by a single other word."""

    place: int
    length: int
    term: int
    direct: bool


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
        self._asked = frozenset(expected.asked[0])
        self._places: dict[Id, list[tuple[int, int]]] = {}
        self._misheard: dict[int, list[str]] = {}
        self._remarks = frozenset(place for place, reason in passed.items() if reason == "instructions")
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
        """Phrases that begin here, whatever pronouns stand between."""
        phrase: tuple[str, ...] = ()
        parts = stems[place] in PARTED_STARTS
        for end in range(place, min(place + LONGEST + 2, len(stems))):
            if end > place and (stems[end] in PRONOUNS or self._said[end].sentence != self._said[place].sentence):
                continue
            phrase = (*phrase, stems[end])
            if phrase in PREFIXES:
                self._phrase(phrase, place, end - place + 1)
            elif not parts:
                return
            parted = (stems[place], stems[end])
            if parts and 2 < len(phrase) < 6 and parted in PARTED:
                self._phrase(parted, place, end - place + 1)

    def _phrase(self, phrase: tuple[str, ...], place: int, length: int) -> None:
        if phrase not in GROUPS or (len(phrase) == 1 and phrase[0] in self._asked):
            return
        for group in GROUPS[phrase]:
            self._add(group, place, length)
        if len(phrase) > 1:
            self._add(" ".join(phrase), place, length)

    def _meant(self, word: str, place: int, length: int) -> None:
        """What was misheard counts as the word itself and its synonyms."""
        for stem in stems_of(word):
            self._add(stem, place, length)
            self._misheard.setdefault(place, []).append(stem)
            if stem in self._asked:
                continue
            for group in GROUPS.get((stem,), ()):
                self._add(group, place, length)

    def find(self, point: Point) -> Found | None:
        """The best evidence for `point`; what denies it, if there is nothing else; None if it is not there at all."""
        best: Found | None = None
        for wording in point.wordings:
            for found in self._wording(wording, point):
                if best is None or (found.good, found.weight) > (best.good, best.weight):
                    best = found
        if best is None or not best.good:
            best = self._gist(point) or best
        return best

    def listed(self, found: Found) -> bool:
        """Whether it stands in a mere list of words."""
        first = last = found.begin
        while first > 0 and found.begin - first < _LIST_WIDTH and self._follows(first):
            first -= 1
        while last + 1 < len(self._said) and last - first < 2 * _LIST_WIDTH and self._follows(last + 1):
            last += 1
        near = self._said[first : last + 1]
        small = sum(token.word in SHORT_WORDS and token.word not in ("and", "or", "like") for token in near)
        return len(near) >= 2 * _LIST_WIDTH - 2 and small <= _LIST_SHARE * len(near)

    def _follows(self, place: int) -> bool:
        return self._said[place].sentence == self._said[place - 1].sentence

    def _hits(self, terms: Sequence[Term]) -> list[Hit]:
        found: dict[tuple[int, int, int], bool] = {}
        for number, term in enumerate(terms):
            for id_ in term.ids:
                for place, length in self._places.get(id_, ()):
                    direct = length > 1 or id_ == term.stem or id_ in CLOSE
                    found[place, length, number] = direct or found.get((place, length, number), False)
        return [Hit(*one, found[one]) for one in sorted(found)]

    def _wording(self, wording: Wording, point: Point) -> Iterator[Found]:
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
            if _distinct(window) >= min(2, telling) and self._is_borne_out(wording, window, point.own):
                yield self._checked(wording, window, weight, point)

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

    def _is_borne_out(self, wording: Wording, window: list[Hit], own: Sequence[Term]) -> bool:
        """Whether more speaks for it than one word that can stand for one of its words."""
        telling = [hit for hit in window if wording.terms[hit.term].weight >= CONTENT]
        if len(telling) != 1 or telling[0].direct:
            return True
        only = telling[0]
        sentence = self._said[only.place].sentence
        return any(
            abs(hit.place - only.place) <= _NEAR
            and hit.place != only.place
            and own[hit.term].stem != wording.terms[only.term].stem
            and self._said[hit.place].sentence == sentence
            for hit in self._hits(own)
        )

    def _checked(self, wording: Wording, window: list[Hit], weight: float, point: Point) -> Found:
        begin, last = window[0].place, max(hit.place + hit.length - 1 for hit in window)
        telling = [hit for hit in window if wording.terms[hit.term].weight >= CONTENT]
        if wording.denies:
            phrased = any(hit.length > 1 for hit in telling)
            if not phrased and not has_denial(self._said, begin, last):
                return Found(begin, last, "not-denied", False, weight)
        elif any(denied(self._said, hit.place, last) for hit in telling or window):
            return Found(begin, last, "denied", False, weight)
        if self._is_opposite(wording, window, point):
            return Found(begin, last, "opposite", False, weight)
        if any(self._is_of_another(point, hit) for hit in telling or window) or self._swapped(wording, window):
            return Found(begin, last, "swapped", False, weight)
        return Found(begin, last, "said", True, weight)

    def _is_opposite(self, wording: Wording, window: list[Hit], point: Point) -> bool:
        """Whether in the place of a word that is missing stands one that turns it all round."""
        has = {hit.term for hit in window}
        missing = [term.opposites for number, term in enumerate(wording.terms) if number not in has]
        against = point.against.union(*missing)
        begin, last = window[0].place, max(hit.place + hit.length - 1 for hit in window)
        if not against:
            return False
        near = [token for token in self._said[max(0, begin - 2) : last + 3] if token.clause == self._said[begin].clause]
        return any(token.stem in against for token in near)

    def _is_of_another(self, point: Point, hit: Hit) -> bool:
        """Whether these words are about another of the things that the question tells apart."""
        begin, last = hit.place, hit.place + hit.length - 1
        if not point.others or self._names(begin, last) & (point.about | point.others):
            return False
        first, final = begin, last
        while first > 0 and self._together(first - 1, begin) and self._said[first].word not in CONTRASTS:
            first -= 1
        while (
            final + 1 < len(self._said)
            and self._together(final + 1, last)
            and self._said[final + 1].word not in CONTRASTS
        ):
            final += 1
        near = self._names(first, final)
        if near & (point.about | point.others):
            return not near & point.about
        for place in range(first - 1, max(0, first - _SUBJECT_REACH) - 1, -1):
            named = self._names(place, place) & (point.about | point.others)
            if named:
                return not named & point.about
        return False

    def _names(self, begin: int, last: int) -> set[str]:
        """The stems of the words from `begin` to `last`, and of what they may have been misheard for."""
        names = {self._said[place].stem for place in range(begin, last + 1) if place not in self._remarks}
        for place in range(begin, last + 1):
            names.update(self._misheard.get(place, ()))
        return names

    def _together(self, place: int, other: int) -> bool:
        return self._said[place].clause == self._said[other].clause

    def _swapped(self, wording: Wording, window: list[Hit]) -> bool:
        """Whether it is said of something else: of var, what is expected of let."""
        last = window[-1].place
        own = {term.stem for term in wording.terms}
        for term in wording.terms:
            rivals = term.rivals - own
            if not rivals:
                continue
            for place in range(last, max(0, last - _SUBJECT_REACH) - 1, -1):
                named = self._names(place, place)
                if self._said[place].sentence != self._said[last].sentence or term.stem in named:
                    break
                if named & rivals:
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
