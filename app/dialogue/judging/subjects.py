"""Of which thing something is said, where a question tells things apart: "a list can change" is not "a tuple can".

An answer is cut into segments at its punctuation and at the words that join or contrast. What is said in a segment is
said of the thing that it names first, or of the last one named before it. A segment that repeats its verb alone ("but
a tuple can't") takes over what the one before it said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.dialogue.judging.negation import CONTRASTS, DENIES
from app.dialogue.judging.tokens import Token
from app.dialogue.wording import words

Names = frozenset[str] | set[str]

_BESIDE = frozenset(words("than unlike versus like instead from of"))
"""Words before a thing that is mentioned only to compare with it."""
_TURNS = frozenset(words("while whereas but unlike"))
_STANDS_FOR = frozenset(words("it they this that these those you we i its their not also can is are do does will"))
_REACH = 24
"""Words back to the thing that "it" and "they" stand for."""
_VERBS = frozenset(words("can could do does did is are was will would has have may must should"))
_LONGEST_ECHO = 6
"""Words of a segment that has nothing but its subject and such a verb."""


@dataclass(frozen=True, slots=True)
class Echo:
    """The places `own` say of another thing what those of `of` said; `denied`: or the contrary."""

    own: range
    of: range
    denied: bool


class Segments:
    """An answer, cut."""

    __slots__ = ("_said", "_spans", "_where")

    def __init__(self, said: Sequence[Token]) -> None:
        self._said = said
        self._where: list[int] = []
        self._spans: list[range] = []
        begin = 0
        for place in range(1, len(said) + 1):
            if place == len(said) or said[place].clause != said[place - 1].clause or said[place].word in CONTRASTS:
                self._spans.append(range(begin, place))
                self._where += [len(self._spans) - 1] * (place - begin)
                begin = place

    def around(self, place: int) -> range:
        """The segment that holds `place`."""
        return self._spans[self._where[place]]

    def echoes(self) -> list[Echo]:
        """Segments that say nothing but "and this one can", "but that one isn't"."""
        found = []
        for before, own in zip(self._spans, self._spans[1:], strict=False):
            said = [self._said[place].word for place in own]
            ends = said and (said[-1] in _VERBS or (said[-1] in DENIES and len(said) > 1 and said[-2] in _VERBS))
            ends = ends or said[-2:] in (["does", "too"], ["do", "too"], ["can", "too"])
            if ends and 1 < len(said) <= _LONGEST_ECHO and len(before) > len(own):
                found.append(Echo(own, before, any(word in DENIES for word in said)))
        return found

    def of_another(self, begin: int, last: int, about: Names, others: Names, names: Callable[[int], Names]) -> bool:
        """Whether the words from `begin` to `last` are said of one of `others` and not of `about`."""
        segment = self.around(begin)
        known = about | others
        subject = self._first(range(segment.start, begin), known, names)
        if subject is None:
            own = frozenset[str]().union(*(names(place) for place in range(begin, last + 1)))
            if own & known:
                return False
            subject = self._first(range(last + 1, segment.stop), known, names)
        back = -1 if subject is None and self._turns(segment) else self._where[begin] - 1
        while subject is None and back >= 0 and begin - self._spans[back].stop < _REACH:
            subject = self._first(self._spans[back], known, names)
            back -= 1
        return subject is not None and not subject & about

    def _turns(self, segment: range) -> bool:
        """Whether it takes up another thing, whatever that is called: "while is checks"; not "but it checks"."""
        first, second = [self._said[place].word for place in segment[:2]] if len(segment) > 1 else ("", "")
        return first in _TURNS and second not in _STANDS_FOR

    def _first(self, places: range, known: Names, names: Callable[[int], Names]) -> Names | None:
        """The first of them that is no mere comparison, or a later one with a verb of its own: recognisers leave out
        the comma of "lists can change, tuples can't"."""
        found: Names | None = None
        for place in places:
            named = names(place) & known
            if named and not self._beside(place) and (found is None or self._acts(place)):
                found = named
        return found

    def _acts(self, place: int) -> bool:
        return place + 1 < len(self._said) and self._said[place + 1].word in _VERBS

    def _beside(self, place: int) -> bool:
        near = self._said[max(self.around(place).start, place - 2) : place]
        return any(token.word in _BESIDE for token in near)
