"""Finding what a caller asks for among what a persona knows.

Every way of asking is a bag of word stems. A stem weighs the more, the fewer entries use it (inverse document
frequency), and short words weigh little. An utterance is scored against the nearest way of asking by how much of either
the other covers, and against the entry as a whole by how much of it the entry's usual words are; an unrelated
sentence that shares a word stays below the threshold, and a new wording of known words does not. A word that no entry
knows may stand for one that is spelt nearly the same. What is said in several clauses is looked up clause by clause.

The numbers below were chosen by asking every wording of the three personas of its persona with that very wording taken
out, against unrelated sentences; `docs/personas.md` has the figures.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz import fuzz, process

from app.dialogue.wording import SHORT_WORDS, Words, clauses, stem, stems, words
from app.personas.schema import Knowledge

THRESHOLD = 0.47
"""Score from which an entry answers."""
SURE = 0.85
"""Score from which nothing else is considered."""
MARGIN = 0.02
"""A weak best entry must lead one of another topic by this much; or else it is a guess."""

_WORDING_SHARE = 0.6
"""How much of the score is the nearest wording's; the rest is the whole entry's."""
_USUAL_FROM = 0.25
"""A stem in this share of an entry's wordings is wholly the entry's own; in fewer, by so much less."""
_NEAR = 85
"""Likeness (0 to 100, rapidfuzz's ratio) from which an unknown word stands for a known one with the same first letter:
one letter in five is wrong or missing. "Sparkling" is no slip of "parking"."""
_SHORTEST_NEAR = 5
_ANSWERS = 2
"""Entries that answer one utterance; more is a lecture."""
_SHORT_SHARE = 0.2
_ASKING_SHARE = 0.45
_ASKING = frozenset(stems(words("who where when why how much many long")))
_SHORT = frozenset(stem(word) for word in SHORT_WORDS)
_COURTESIES = frozenset(words("hello please um uh er oh okay well"))
_FOLLOW_UPS = tuple(map(words, ("and what about", "what about", "how about", "and", "or", "what if", "then", "so")))

Bag = dict[str, float]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and how well it fits, 0 to 1."""

    entry: Knowledge
    score: float


class Index:
    """What one persona knows, ready to be searched."""

    __slots__ = ("_asks", "_entries", "_exact", "_known", "_name", "_unknown_weight", "_usual", "_weights")

    def __init__(self, knowledge: tuple[Knowledge, ...], name: str = "") -> None:
        """`name`: the persona's; callers add it to anything, and it asks for nothing by itself."""
        self._entries = knowledge
        self._name = frozenset(stems(words(name)))
        asked = [[frozenset(stems(words(ask))) for ask in entry.ask] for entry in knowledge]
        self._usual = [_usual(asks) for asks in asked]
        counts = Counter(found for usual in self._usual for found in usual)
        self._weights = {found: log(1 + len(knowledge) / count) * _share(found) for found, count in counts.items()}
        self._unknown_weight = log(1 + len(knowledge))
        spelt = {word: stem(word) for entry in knowledge for ask in entry.ask for word in words(ask)}
        self._known = {word: of for word, of in spelt.items() if of not in _SHORT and len(word) >= _SHORTEST_NEAR}
        self._exact = {_bare(words(ask)): entry for entry in knowledge for ask in entry.ask}
        self._asks = [(place, ask) for place, asks in enumerate(asked) for ask in asks if ask]

    def find(self, text: str, previous: str | None = None) -> tuple[Knowledge, ...]:
        """The entries that answer `text`: none, one, or two for a double question. `previous`: the id of the entry that
        was answered last, to which "and on Sunday?" may refer."""
        said = words(text)
        whole = self.best(said)
        if whole and whole.score >= SURE:
            return (whole.entry,)
        parts = [match for clause in clauses(text) if (match := self.best(clause)) and match.score >= THRESHOLD]
        single = {match.entry.id: match.entry for match in parts}
        if len(single) > 1:
            return tuple(single.values())[:_ANSWERS]
        followed = self._follow_up(said, previous)
        if followed:
            return (followed,)
        best = max([match for match in (whole, *parts) if match], key=lambda match: match.score, default=None)
        return (best.entry,) if best and best.score >= THRESHOLD else ()

    def best(self, said: Words) -> Match | None:
        """The entry that fits `said` best; None if none fits at all, or two that have nothing in common fit alike."""
        exact = self._exact.get(_bare(said))
        if exact:
            return Match(exact, 1.0)
        ranked = self.ranked(said)
        if not ranked:
            return None
        first, rival = ranked[0], next((match for match in ranked[1:] if not _related(match, ranked[0])), None)
        if rival and first.score < SURE and first.score - rival.score < MARGIN:
            return None
        return first

    def ranked(self, said: Words) -> list[Match]:
        """Every entry that shares a word with `said`, the best first; equals as the persona has them."""
        heard = self._heard(said)
        total = sum(heard.values())
        if not total:
            return []
        scores: dict[int, float] = {}
        for place, ask in self._asks:
            shared = sum(heard[found] for found in ask if found in heard)
            if shared:
                asked = sum(self._weights[found] for found in ask)
                scores[place] = max(scores.get(place, 0.0), 2 * shared / (total + asked))
        found = [Match(self._entries[place], self._score(place, score, heard)) for place, score in scores.items()]
        return sorted(found, key=lambda match: -match.score)

    def _score(self, place: int, wording: float, heard: Bag) -> float:
        """`wording`, the score of the entry's nearest way of asking, together with what the entry knows of `heard`."""
        usual = self._usual[place]
        known = sum(weight * usual.get(found, 0.0) for found, weight in heard.items()) / sum(heard.values())
        return round(_WORDING_SHARE * wording + (1 - _WORDING_SHARE) * known, 6)

    def _heard(self, said: Words) -> Bag:
        """The stems of `said` with their weights; a near miss stands, at a discount, for the word that it misses."""
        bag: Bag = {}
        for word in said:
            found = stem(word)
            if found in self._weights:
                bag[found] = self._weights[found]
            elif found in _SHORT or found in self._name:
                bag[found] = self._unknown_weight * _SHORT_SHARE
            else:
                meant, weight = self._near(word)
                bag.setdefault(meant, weight)
        return bag

    def _near(self, unknown: str) -> tuple[str, float]:
        """The known stem that the word `unknown` may be a slip of, with its weight for that; else its own stem."""
        near = None
        if len(unknown) >= _SHORTEST_NEAR:
            alike = [word for word in self._known if word[0] == unknown[0]]
            near = process.extractOne(unknown, alike, scorer=fuzz.ratio, score_cutoff=_NEAR)
        if not near:
            return stem(unknown), self._unknown_weight
        meant = self._known[near[0]]
        return meant, self._weights[meant] * near[1] / 100

    def _follow_up(self, said: Words, previous: str | None) -> Knowledge | None:
        """The entry of the topic last talked of that a short question like "and on Sunday?" means."""
        last = next((entry for entry in self._entries if entry.id == previous), None)
        lead = next((lead for lead in _FOLLOW_UPS if said[: len(lead)] == lead), None)
        if last is None or last.topic is None or lead is None:
            return None
        heard = self._heard(said[len(lead) :])
        content = {found: weight for found, weight in heard.items() if found not in _SHORT}
        if not content:
            return None
        related = [place for place, entry in enumerate(self._entries) if entry.topic == last.topic]
        place = max(related, key=lambda place: sum(content[found] for found in content if found in self._usual[place]))
        known = sum(content[found] for found in content if found in self._usual[place])
        return self._entries[place] if known / sum(content.values()) >= THRESHOLD else None


@lru_cache(maxsize=64)
def index(knowledge: tuple[Knowledge, ...], name: str) -> Index:
    """The Index of `knowledge`; one is kept for every persona, since calls come and go."""
    return Index(knowledge, name)


def _bare(said: Words) -> Words:
    """`said` by its stems, without the courtesies that may stand anywhere around a question."""
    return stems(tuple(word for word in said if word not in _COURTESIES))


def _usual(asks: list[frozenset[str]]) -> Bag:
    """How much each stem is the entry's own, 0 to 1, from the wordings in which it comes."""
    counts = Counter(found for ask in asks for found in ask)
    return {found: min(1.0, count / len(asks) / _USUAL_FROM) for found, count in counts.items()}


def _share(found: str) -> float:
    if found in _ASKING:
        return _ASKING_SHARE
    return _SHORT_SHARE if found in _SHORT else 1.0


def _related(one: Match, other: Match) -> bool:
    return one.entry.topic is not None and one.entry.topic == other.entry.topic
