"""What a caller may want of the talk itself, whatever it is about: to end it, to hear something again, to wait.

An intent is a set of phrases and how much else may be said beside them. Politeness never counts as something else:
"okay thanks for your help, goodbye" is a goodbye; "before we say goodbye, what time do you close" is a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.dialogue.wording import Words, words

_POLITE = frozenset(
    words(
        "a i you the oh um uh er hm ah well okay right so and then please thank very much lot lots many again now "
        "no yes  great good lovely perfect fine nice brilliant excellent wonderful super cool all just for your "
        "help helping time  sorry sir madam dear hello really actually think guess that is it was be can could "
        "would will me we us but  appreciate today there with have had got do this my thing here day sure of mm "
        "hmm mhm huh"
    )
)
"""Words that change nothing about what is wanted."""

_QUESTION_WORDS = frozenset(words("what when where who which why how do does did can could is are"))
_LONGEST_GOODBYE = 14
"""Words; whoever goes on for longer is telling something, and a "bye" at its end belongs to the story."""


@dataclass(frozen=True, slots=True)
class Intent:
    """`phrases`, normalised and longest first; `beside`: how many words that are no politeness may be said with them.
    `closing`: a phrase at the very end is enough, unless it ends a question. `alone`: phrases that are meant only when
    nothing at all is said beside them."""

    phrases: tuple[Words, ...]
    beside: int = 0
    closing: tuple[Words, ...] = ()
    alone: frozenset[Words] = frozenset()

    def plain(self, said: Words, about: frozenset[str] = frozenset()) -> bool:
        """Whether this and nothing else is meant: no word beside the phrases but politeness, and words of `about`."""
        return self._only(said, 0, about)

    def meant(self, said: Words) -> bool:
        """Whether this is meant, with as much beside it as this intent allows."""
        if said in self.alone or self._only(said, self.beside):
            return True
        ends = any(said[-len(phrase) :] == phrase for phrase in self.closing)
        return ends and len(said) <= _LONGEST_GOODBYE and said[0] not in _QUESTION_WORDS

    def _only(self, said: Words, beside: int, about: frozenset[str] = frozenset()) -> bool:
        rest, found = _without(said, self.phrases)
        return found and sum(word not in _POLITE and word not in about for word in rest) <= beside


def intent(
    phrases: Iterable[str], *, beside: int = 0, closing: Iterable[str] = (), alone: Iterable[str] = ()
) -> Intent:
    """An Intent from phrases as a person writes them."""
    return Intent(_longest_first(phrases), beside, _longest_first(closing), frozenset(map(words, alone)))


def _longest_first(phrases: Iterable[str]) -> tuple[Words, ...]:
    return tuple(sorted({words(phrase) for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase)))


def _without(said: Words, phrases: tuple[Words, ...]) -> tuple[Words, bool]:
    """`said` without any of `phrases`, and whether one was there."""
    rest: list[str] = []
    found = False
    place = 0
    while place < len(said):
        length = next((len(phrase) for phrase in phrases if said[place : place + len(phrase)] == phrase), 0)
        if length:
            found = True
        else:
            rest.append(said[place])
        place += length or 1
    return tuple(rest), found
