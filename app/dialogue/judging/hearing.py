"""Finds in an answer what a question waits for: where, how well, and whether it is said or denied."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.dialogue.judging.lexicon import COMMON
from app.dialogue.judging.listing import listed
from app.dialogue.judging.negation import DENIES, SUBORDINATES, TURNS, denied, describes, has_denial
from app.dialogue.judging.patterns import Expected, Id, Point, Term, Wording
from app.dialogue.judging.phrases import phrases_at
from app.dialogue.judging.subjects import Segments
from app.dialogue.judging.synonyms import CLOSE, GROUPS, STARTS
from app.dialogue.judging.tokens import Token, stems_of
from app.dialogue.judging.weights import CONTENT

_GIST_WIDTH = 16
"""Enough telling words of a key point (`Point.gist`) within so many words are taken for it, in whatever wording."""
_MOST_TRIED = 40
"""Places at which one wording is looked at before it is given up."""
_NEAR = 8
"""Words from a synonym within which something else must speak for the same key point."""
_SUBJECT_REACH = 12
_AHEAD = 7
"""Words after the evidence, in its own segment, that may turn it round."""


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
    """One answer, looked at for one question. `passed`: places of words that do not count. `bare`: those of
    mere lists."""

    def __init__(self, said: Sequence[Token], passed: Mapping[int, str], expected: Expected) -> None:
        self._said = said
        self._asked = frozenset(expected.asked[0])
        self._places: dict[Id, list[tuple[int, int]]] = {}
        self._misheard: dict[int, list[str]] = {}
        self._remarks = frozenset(place for place, reason in passed.items() if reason == "instructions")
        self._segments = Segments(said)
        self._echoed: dict[int, bool] = {}
        self.bare = listed(said, bool(self._remarks))
        heard = expected.ear.find([token.word for token in said])
        stems = tuple(token.stem for token in said)
        for place, stem in enumerate(stems):
            if place not in passed:
                self._add(stem, place, 1)
                if stem in STARTS:
                    for phrase, length in phrases_at(said, place):
                        self._phrase(phrase, place, length)
                for word, length in heard.get(place, ()):
                    self._meant(word, place, length)
        self._take_over(passed)

    def _take_over(self, passed: Mapping[int, str]) -> None:
        """What a segment without a predicate of its own says: "but a tuple can't"."""
        for echo in self._segments.echoes():
            free = [place for place in echo.own if place not in passed]
            if not free:
                continue
            self._echoed.update(dict.fromkeys(free, echo.denied))
            for places in self._places.values():
                taken = [
                    place
                    for place, length in places
                    if place in echo.of
                    and (echo.denied or not any(self._said[at].word in DENIES for at in range(place, place + length)))
                ]
                places += [(free[place % len(free)], 1) for place in taken]

    def _add(self, id_: Id, place: int, length: int) -> None:
        self._places.setdefault(id_, []).append((place, length))

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
        """Whether it stands in a mere list of words: nothing around it joins them to statements."""
        return found.begin in self.bare

    def _hits(self, terms: Sequence[Term]) -> list[Hit]:
        found: dict[tuple[int, int, int], bool] = {}
        for number, term in enumerate(terms):
            for id_ in term.ids:
                for place, length in self._places.get(id_, ()):
                    direct = length > 1 or id_ == term.stem or id_ in CLOSE
                    direct = direct or (term.free and self._said[place].word not in COMMON)
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
        if len(telling) != 1:
            return True
        only = telling[0]
        if only.direct:
            near = self._said[max(0, only.place - _NEAR // 2) : only.place + only.length + _NEAR // 2]
            beside = len(wording.beside & {token.stem for token in near})
            if 2 * beside >= len(wording.beside):
                return True
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
            if not self._has_denial(telling, begin, last):
                return Found(begin, last, "not-denied", False, weight)
        elif not wording.says_no and any(
            self._denied(hit, last, {one.place for one in window}) for hit in telling or window
        ):
            return Found(begin, last, "denied", False, weight)
        if self._is_opposite(wording, window, point):
            return Found(begin, last, "opposite", False, weight)
        if any(self._is_of_another(point, wording, hit) for hit in telling or window) or self._swapped(wording, window):
            return Found(begin, last, "swapped", False, weight)
        return Found(begin, last, "said", True, weight)

    def _is_opposite(self, wording: Wording, window: list[Hit], point: Point) -> bool:
        """Whether in the place of a word that is missing stands one that turns it all round."""
        has = {hit.term for hit in window}
        missing = [term.opposites for number, term in enumerate(wording.terms) if number not in has]
        against = point.against.union(*missing)
        begin, last = window[0].place, max(hit.place + hit.length - 1 for hit in window)
        return self._opposed(against, begin, last)

    def _opposed(self, against: frozenset[str], begin: int, last: int) -> bool:
        """Whether any of `against` stands shortly before these words, in them, or behind in the same statement."""
        if not against:
            return False
        clauses = {self._said[begin].clause, self._said[last].clause}
        if self._said[self._segments.around(begin).start].word in SUBORDINATES:
            clauses.add(self._said[last].clause + 1)  # "after it has returned, it loses …"
        for place in range(max(0, begin - 2), min(last + _AHEAD, len(self._said))):
            token = self._said[place]
            if place > last and (token.clause not in clauses or token.word in TURNS):
                return False
            if token.clause in clauses and token.stem in against and token.sentence == self._said[last].sentence:
                return not describes(self._said, place)
        return False

    def _denied(self, hit: Hit, last: int, evidence: Collection[int]) -> bool:
        if hit.place in self._echoed:
            return self._echoed[hit.place]
        return denied(self._said, hit.place, last, evidence)

    def _has_denial(self, telling: list[Hit], begin: int, last: int) -> bool:
        echoed = [self._echoed[hit.place] for hit in telling if hit.place in self._echoed]
        return any(echoed) if echoed else has_denial(self._said, begin, last, {hit.place for hit in telling})

    def _is_of_another(self, point: Point, wording: Wording | None, hit: Hit) -> bool:
        """Whether these words are about another of the things that the question tells apart."""
        if not point.others or any(term.stem in point.others for term in (wording.terms if wording else ())):
            return False
        last = hit.place + hit.length - 1
        return self._segments.of_another(hit.place, last, point.about, point.others, lambda at: self._names(at, at))

    def _names(self, begin: int, last: int) -> set[str]:
        """The stems of the words from `begin` to `last`, and of what they may have been misheard for."""
        names = {self._said[place].stem for place in range(begin, last + 1) if place not in self._remarks}
        for place in range(begin, last + 1):
            names.update(self._misheard.get(place, ()))
            if self._said[place].word == "is" and place - self._segments.around(place).start < 2:
                names.add("word")  # a question may ask about the word itself
        return names

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
            if count < point.gist or (best and count <= best.weight):
                continue
            begin, last = window[0].place, max(hit.place + hit.length - 1 for hit in window)
            evidence = {hit.place for hit in window}
            if any(self._denied(hit, last, evidence) for hit in window) or self._opposed(point.against, begin, last):
                continue
            if not any(self._is_of_another(point, None, hit) for hit in window):
                best = Found(begin, last, "gist", True, float(count))
        return best


def _distinct(window: list[Hit]) -> int:
    """How many terms were said, each with a word of its own."""
    return min(len({hit.term for hit in window}), len({hit.place for hit in window}))
