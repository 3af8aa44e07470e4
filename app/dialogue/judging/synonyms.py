"""Words that mean the same often enough for an answer: one group a line, phrases parted by commas.

A group is for what people say in answers about work and software; it need not hold anywhere else. Opposites, and
things that interviews ask to tell apart (let and var, list and tuple), are never in one group.
"""

from __future__ import annotations

from types import MappingProxyType

from app.dialogue.judging.concept_synonyms import CONCEPTS
from app.dialogue.judging.everyday_synonyms import EVERYDAY
from app.dialogue.judging.spoken_synonyms import SPOKEN
from app.dialogue.judging.technical_synonyms import TECHNICAL
from app.dialogue.judging.tokens import stems_of
from app.dialogue.judging.trade_synonyms import TRADES
from app.dialogue.wording import words

Phrase = tuple[str, ...]

PRONOUNS = frozenset(stems_of("him her them it me us you his their my your our its"))
"""Words that may stand anywhere in a phrase: "call back" is in "call them back" too."""
FILLERS = frozenset(stems_of("ever just really actually basically um uh probably maybe simply kind sort"))
"""Words that people put between any two, and that change neither."""
PARTICLES = frozenset(words("into back up out down off away over on in apart know alone"))
"""What may follow its verb at a distance: "turns the text into a number", "let the others know"."""


def bare(stems: Phrase) -> Phrase:
    """A phrase without its pronouns; one of pronouns alone stays."""
    return tuple(stem for stem in stems if stem not in PRONOUNS) or stems


def _groups() -> dict[Phrase, tuple[int, ...]]:
    found: dict[Phrase, tuple[int, ...]] = {}
    for number, line in enumerate(filter(None, (EVERYDAY + TECHNICAL + SPOKEN + TRADES + CONCEPTS).splitlines())):
        for phrase in line.split(", "):
            stems = bare(stems_of(phrase))
            if number not in found.get(stems, ()):
                found[stems] = (*found.get(stems, ()), number)
    return found


GROUPS = MappingProxyType(_groups())
"""Every phrase, as stems, with the groups that it is in."""
_DISTANT = len(list(filter(None, (EVERYDAY + TECHNICAL).splitlines())))
"""Groups from this number on are manners of speaking, which mean the same less surely."""


def groups_of(phrase: Phrase, free: bool) -> tuple[int, ...]:
    """The groups that a phrase of a wording is in; `free`: with the distant ones."""
    found = GROUPS.get(phrase, ())
    return found if free else tuple(group for group in found if group < _DISTANT)


PREFIXES = frozenset(phrase[:end] for phrase in GROUPS for end in range(1, len(phrase) + 1))
_SAME = (
    "fast apologise colleague manager customer delete goal honest outdated immutable memory database dictionary async "
    "exception verify urgent team deadline measure reproduce release follow narrow branch pull password encrypt recent "
    "separate trust empathy calm listen revert once avoid protect practise experience lazy coerce hoist yield thread "
    "multiprocessing example priority compromise agree backup inherit undefined none repeat argument callback readable "
    "rollback sorry small shortcut expensive cheap risk unexpected latency private together often"
)
CLOSE = frozenset(number for word in _SAME.split() for number in GROUPS.get(stems_of(word), ()))
"""Groups whose words mean the same by themselves; of the others one word alone proves nothing."""
LONGEST = max(map(len, GROUPS))
STARTS = frozenset(phrase[0] for phrase in GROUPS)
"""The stems that a phrase may begin with."""
PARTED = frozenset(phrase for phrase in GROUPS if len(phrase) == 2 and phrase[1] in PARTICLES)
"""Phrases that may have words between their two."""
PARTED_STARTS = frozenset(phrase[0] for phrase in PARTED)
