"""Finding what a caller asks for among what a persona knows.

Every way of asking is a bag of word stems. A stem weighs the more, the fewer entries use it (inverse document
frequency), and short words weigh little. An utterance is scored against a way of asking by how much of either the other
covers, so that an unrelated sentence that shares a word stays below the threshold; a word that no entry knows may stand
for one that is spelt nearly the same. What is said in several clauses is looked up clause by clause as well.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz import fuzz, process

from app.dialogue.wording import SHORT_WORDS, Words, clauses, stem, stems, words
from app.personas.schema import Knowledge

THRESHOLD = 0.56
"""Score from which an entry answers. Tuned on the callers' wordings in `tests/dialogue/wordings.py`."""
SURE = 0.85
"""Score from which nothing else is considered."""
MARGIN = 0.02
"""A weak best entry must lead one of another topic by this much; or else it is a guess."""

_NEAR = 82
"""Likeness (0 to 100, rapidfuzz's ratio) from which an unknown word stands for a known one: one letter in five."""
_SHORTEST_NEAR = 4
_ANSWERS = 2
"""Entries that answer one utterance; more is a lecture."""
_SHORT_SHARE = 0.2
_ASKING_SHARE = 0.45
_ASKING = frozenset(stems(words("who where when why how much many long")))
_SHORT = frozenset(stem(word) for word in SHORT_WORDS)
_FOLLOW_UPS = tuple(map(words, ("and what about", "what about", "how about", "and", "or", "what if", "then", "so")))

Bag = dict[str, float]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and how well it fits, 0 to 1."""

    entry: Knowledge
    score: float


class Index:
    """What one persona knows, ready to be searched."""

    __slots__ = ("_asks", "_bags", "_entries", "_known", "_unknown_weight", "_weights")

    def __init__(self, knowledge: tuple[Knowledge, ...]) -> None:
        self._entries = knowledge
        asked = [[frozenset(stems(words(ask))) for ask in entry.ask] for entry in knowledge]
        self._bags = [frozenset[str]().union(*asks) for asks in asked]
        counts = Counter(found for bag in self._bags for found in bag)
        self._weights = {found: log(1 + len(knowledge) / count) * _share(found) for found, count in counts.items()}
        self._unknown_weight = log(1 + len(knowledge))
        self._known = [found for found in self._weights if found not in _SHORT and len(found) >= _SHORTEST_NEAR]
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
        found = [Match(self._entries[place], self._rounded(place, score, heard)) for place, score in scores.items()]
        return sorted(found, key=lambda match: -match.score)

    def _rounded(self, place: int, score: float, heard: Bag) -> float:
        """`score` of the best single wording, with a fifth for how much of what was heard the entry knows at all."""
        bag = self._bags[place]
        covered = sum(weight for found, weight in heard.items() if found in bag) / sum(heard.values())
        return round(0.8 * score + 0.2 * covered, 6)

    def _heard(self, said: Words) -> Bag:
        """The stems of `said` with their weights; a near miss stands, at a discount, for the word that it misses."""
        bag: Bag = {}
        for found in stems(said):
            if found in self._weights:
                bag[found] = self._weights[found]
            elif found in _SHORT:
                bag[found] = self._unknown_weight * _share(found)
            else:
                meant, weight = self._near(found)
                bag.setdefault(meant, weight)
        return bag

    def _near(self, unknown: str) -> tuple[str, float]:
        """The known stem that `unknown` may be a slip of, with its weight for that; else `unknown` itself."""
        near = None
        if len(unknown) >= _SHORTEST_NEAR:
            near = process.extractOne(unknown, self._known, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return (near[0], self._weights[near[0]] * near[1] / 100) if near else (unknown, self._unknown_weight)

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
        place = max(related, key=lambda place: sum(content[found] for found in content if found in self._bags[place]))
        known = sum(content[found] for found in content if found in self._bags[place])
        return self._entries[place] if known / sum(content.values()) >= THRESHOLD else None


@lru_cache(maxsize=64)
def index(knowledge: tuple[Knowledge, ...]) -> Index:
    """The Index of `knowledge`; one is kept for every persona, since calls come and go."""
    return Index(knowledge)


def _share(found: str) -> float:
    if found in _ASKING:
        return _ASKING_SHARE
    return _SHORT_SHARE if found in _SHORT else 1.0


def _related(one: Match, other: Match) -> bool:
    return one.entry.topic is not None and one.entry.topic == other.entry.topic
